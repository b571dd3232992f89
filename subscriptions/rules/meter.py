"""Counting what is used of a subscription's allowances: each key once, the period's own first, packs after it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from partnerpanel.kernel.errors import Conflict, DomainError
from subscriptions.rules.addons import AddonMove
from subscriptions.rules.states import SERVED, Lifecycle
from subscriptions.rules.usage import AllowanceUse, PackFacts, level_reached, taken_from_packs

LARGEST = 2**53 - 1
KEY_LENGTH, NAME_LENGTH = 100, 40


class InvalidUsage(DomainError):
    """A record that cannot be taken; `field` names why."""

    code = "invalid_usage"


class UsageKeyReused(Conflict):
    """The key stands for another record already."""

    code = "usage_key_reused"


@dataclass(frozen=True, slots=True)
class UsageWish:
    """So much of an allowance was used at an instant. `key` is the integrator's own."""

    subscription_id: UUID
    allowance: str
    amount: int
    key: str
    used_at: datetime

    @property
    def said(self) -> tuple[str, int, datetime]:
        """What has to be the same when a key comes again."""
        return self.allowance, self.amount, self.used_at


@dataclass(frozen=True, slots=True)
class Counted:
    """How the allowance stands in the period of a record; `is_new` is false where its key was counted before."""

    use: AllowanceUse
    is_new: bool


@dataclass(frozen=True, slots=True)
class TotalFacts:
    """What the records of a term add up to for one allowance; `id` is None where there was none so far."""

    id: UUID | None = None
    used: int = 0
    from_packs: int = 0
    told: int = 0


@dataclass(frozen=True, slots=True)
class Alert:
    """A level that was reached in the running period, of which the customer has not heard."""

    use: AllowanceUse
    level: int
    ends_on: date

    def data(self) -> dict[str, Any]:
        """As its event keeps it."""
        use = self.use
        return {
            "allowance": use.name,
            "level": self.level,
            "used": use.used,
            "limit": use.limit,
            "on": self.ends_on.isoformat(),
        }


@dataclass(slots=True)
class Meter:
    """One subscription while records are counted.

    `terms` are number and begin, oldest first, and `ends_on` the end of the newest; `included` is what a period
    includes; `packs` are those that are not used up, oldest first, and `limits` what somebody set strictly: of such an
    allowance packs give nothing. `totals` are by term and allowance, `known` the
    records by key. What was counted stands in `new`, `touched` and `drawn`.
    """

    id: UUID
    customer_id: UUID
    version: int
    lifecycle: Lifecycle
    terms: Sequence[tuple[int, datetime]]
    ends_on: date | None
    included: Mapping[str, int]
    packs: list[PackFacts]
    totals: dict[tuple[int, str], TotalFacts]
    known: dict[str, tuple[str, int, datetime]]
    limits: Mapping[str, int] = field(default_factory=dict)
    new: list[tuple[UsageWish, int]] = field(default_factory=list)
    touched: set[tuple[int, str]] = field(default_factory=set)
    drawn: set[UUID] = field(default_factory=set)

    def count(self, wish: UsageWish, *, now: datetime) -> Counted:
        """Raises InvalidUsage, UsageKeyReused; then nothing is counted."""
        _check(wish, now)
        number = self._term_at(wish.used_at)
        known = self.known.get(wish.key)
        if known is not None and known != wish.said:
            raise UsageKeyReused("This key stands for another record already.", field="key")
        if known is None:
            self._add(wish, number)
        return Counted(self._use(number, wish.allowance), is_new=known is None)

    def alerts(self) -> Iterator[Alert]:
        """The highest level reached of each allowance, remembered as told. A period that is over warns nobody."""
        running = self.terms[-1][0] if self.terms else 0
        for number, name in sorted(self.touched):
            total, use = self.totals[number, name], self._use(number, name)
            level = level_reached(use, total.told)
            if number == running and level is not None and self.ends_on is not None:
                self.totals[number, name] = replace(total, told=level)
                yield Alert(use, level, self.ends_on)

    def pack_moves(self, *, now: datetime) -> list[AddonMove]:
        """What is used of packs now; one that is used up ends."""
        drawn = (pack for pack in self.packs if pack.held.id in self.drawn)
        return [AddonMove(pack.held.id, {"used": pack.used, "ended_at": None if pack.left else now}) for pack in drawn]

    def _add(self, wish: UsageWish, number: int) -> None:
        at = (number, wish.allowance)
        total = self.totals.get(at, TotalFacts())
        taken = taken_from_packs(
            [] if wish.allowance in self.limits else [p for p in self.packs if p.tops_up(wish.allowance)],
            included=self.included.get(wish.allowance, 0),
            before=total.used,
            from_packs=total.from_packs,
            more=wish.amount,
        )
        parts = {pack.held.id: part for pack, part in taken}
        self.packs = [PackFacts(pack.held, pack.used + parts.get(pack.held.id, 0)) for pack in self.packs]
        self.totals[at] = replace(
            total, used=total.used + wish.amount, from_packs=total.from_packs + sum(parts.values())
        )
        self.known[wish.key] = wish.said
        self.new.append((wish, number))
        self.touched.add(at)
        self.drawn |= set(parts)

    def _use(self, number: int, name: str) -> AllowanceUse:
        total = self.totals.get((number, name), TotalFacts())
        left = sum(pack.left for pack in self.packs if pack.tops_up(name))
        included, set_to = self.included.get(name, 0), self.limits.get(name)
        return AllowanceUse(name, included, total.used, total.from_packs, left, set_to)

    def _term_at(self, used_at: datetime) -> int:
        if not self.terms or self.lifecycle not in SERVED:
            raise InvalidUsage("It is not served, so nothing of it is used.", field="subscription")
        number = next((number for number, starts_at in reversed(self.terms) if starts_at <= used_at), None)
        if number is None:
            raise InvalidUsage("That was before it began.", field="used_at")
        return number


def _check(wish: UsageWish, now: datetime) -> None:
    if not 1 <= len(wish.allowance.strip()) <= NAME_LENGTH or "\x00" in wish.allowance:
        raise InvalidUsage("The name of an allowance has 1 to 40 letters.", field="allowance")
    if not 1 <= wish.amount <= LARGEST:
        raise InvalidUsage("Usage is a whole number of one or more.", field="amount")
    if not 1 <= len(wish.key) <= KEY_LENGTH or "\x00" in wish.key:
        raise InvalidUsage("A key has 1 to 100 letters.", field="key")
    if wish.used_at > now:
        raise InvalidUsage("That is not over yet.", field="used_at")
