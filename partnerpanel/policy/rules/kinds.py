"""The kinds of values that a policy's keys take: each reads plain JSON, says what it allows, and writes it back.

A field of a policy's dataclass names its kind with `Annotated`; choices and yes/no follow from the type alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any, Protocol, TypeAlias

from partnerpanel.kernel.errors import DomainError
from partnerpanel.kernel.money import Money
from partnerpanel.policy.rules.errors import InvalidPolicy

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"
Document: TypeAlias = Mapping[str, Json]


class Kind(Protocol):
    """`read` raises InvalidPolicy naming the key; `write` is its inverse."""

    def read(self, key: str, raw: object) -> Any: ...
    def write(self, value: Any) -> Json: ...


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from `least` to `most`; with `or_never`, null as well."""

    least: int
    most: int
    or_never: bool = False

    def read(self, key: str, raw: object) -> int | None:
        if raw is None and self.or_never:
            return None
        if not _is_whole(raw, self.least, self.most):
            never = ", or null for never" if self.or_never else ""
            raise _invalid(key, f"a whole number from {self.least} to {self.most}{never}", raw)
        assert isinstance(raw, int)  # noqa: S101 what `_is_whole` has just found
        return raw

    def write(self, value: int | None) -> Json:
        return value


class Order(StrEnum):
    """How the numbers of a list follow each other, as the sentence about it ends."""

    ANY = ""
    RISING = ", each greater than the one before"
    FALLING = ", each smaller than the one before"


@dataclass(frozen=True, slots=True)
class Wholes:
    """A list of `fewest` to `entries` whole numbers from `least` to `most`, in an order."""

    least: int
    most: int
    entries: int
    order: Order
    fewest: int = 0

    def read(self, key: str, raw: object) -> tuple[int, ...]:
        if not isinstance(raw, list | tuple) or not self._fits(raw):
            many = f"{self.entries}" if self.fewest == self.entries else f"{self.fewest} to {self.entries}"
            raise _invalid(key, f"a list of {many} whole numbers from {self.least} to {self.most}{self.order}", raw)
        return tuple(raw)

    def write(self, value: tuple[int, ...]) -> Json:
        return list(value)

    def _fits(self, raw: list[Any] | tuple[Any, ...]) -> bool:
        if not self.fewest <= len(raw) <= self.entries:
            return False
        if not all(_is_whole(one, self.least, self.most) for one in raw):
            return False
        if self.order is Order.RISING:
            return all(before < after for before, after in pairwise(raw))
        return self.order is Order.ANY or all(before > after for before, after in pairwise(raw))


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of an enumeration's values."""

    choices: type[StrEnum]

    def read(self, key: str, raw: object) -> StrEnum:
        for choice in self.choices:
            if isinstance(raw, str) and raw == choice.value:
                return choice
        raise _invalid(key, f"one of {', '.join(choice.value for choice in self.choices)}", raw)

    def write(self, value: StrEnum) -> Json:
        return value.value


@dataclass(frozen=True, slots=True)
class YesNo:
    """True or false."""

    def read(self, key: str, raw: object) -> bool:
        if not isinstance(raw, bool):
            raise _invalid(key, "true or false", raw)
        return raw

    def write(self, value: bool) -> Json:  # noqa: FBT001 the value itself
        return value


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of money above zero, or null for none."""

    def read(self, key: str, raw: object) -> Money | None:
        if raw is None:
            return None
        if isinstance(raw, Mapping) and set(raw) == {"amount", "currency"} and isinstance(raw["currency"], str):
            try:
                found = Money(raw["amount"], raw["currency"])
            except DomainError:
                found = None
            if found is not None and found.amount > 0:
                return found
        raise _invalid(key, 'null or an amount above zero such as {"amount": 500, "currency": "EUR"}', raw)

    def write(self, value: Money | None) -> Json:
        return None if value is None else {"amount": value.amount, "currency": value.currency}


def _is_whole(raw: object, least: int, most: int) -> bool:
    return isinstance(raw, int) and not isinstance(raw, bool) and least <= raw <= most


def _invalid(key: str, allowed: str, raw: object) -> InvalidPolicy:
    return InvalidPolicy(f"“{key}” is {allowed}; {_shown(raw)} is not.", field=key)


def _shown(raw: object) -> str:
    text = "null" if raw is None else str(raw)
    return f"“{text[:60]}”"
