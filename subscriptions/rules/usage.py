"""What is used of allowances: limits, what is left, and when to warn. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from subscriptions.rules.addons import AddonKind, HeldAddon

# Percent of an allowance at which the customer is told, once in a period each.
LEVELS = (80, 100)


@dataclass(frozen=True, slots=True)
class PackFacts:
    """What a pack topped an allowance up by, and what of it is used."""

    held: HeldAddon
    used: int

    @property
    def size(self) -> int:
        return sum(value for _name, value in self.held.offer.allowances) * self.held.quantity

    @property
    def left(self) -> int:
        return max(self.size - self.used, 0)

    def tops_up(self, allowance: str) -> bool:
        return any(name == allowance for name, _value in self.held.offer.allowances)


@dataclass(frozen=True, slots=True)
class AllowanceUse:
    """One allowance in the running period: what the plan and its add-ons give, what is used, what packs have left.

    `set_to` is what somebody set it to strictly; then that holds instead of all the others.
    """

    name: str
    included: int
    used: int
    from_packs: int = 0
    pack_left: int = 0
    set_to: int | None = None

    @property
    def limit(self) -> int:
        """All that could be used in this period."""
        return self.given if self.set_to is None else self.set_to

    @property
    def given(self) -> int:
        """What plan, add-ons and packs give, whatever it is set to."""
        return self.included + self.from_packs + self.pack_left

    @property
    def left(self) -> int:
        return max(self.limit - self.used, 0)

    @property
    def over(self) -> int:
        return max(self.used - self.limit, 0)

    @property
    def share(self) -> Fraction:
        """What is used of what the period includes, whatever packs give beyond it; 0 where nothing is included."""
        return Fraction(self.used, self.included) if self.included else Fraction(0)

    @property
    def percent(self) -> int:
        """Of the limit, whole percent, rounded down; 100 where nothing is included and something is used."""
        if not self.limit:
            return 100 if self.used else 0
        return self.used * 100 // self.limit

    @property
    def level(self) -> int:
        """The highest of LEVELS that is reached; 0 for none."""
        return max((level for level in LEVELS if self.used and level <= self.percent), default=0)


def included_in(allowances: Mapping[str, int], *, quantity: int, addons: Iterable[HeldAddon]) -> dict[str, int]:
    """What a period includes: the plan's allowances × its quantity, and what add-ons that are no packs add."""
    found = {name: value * quantity for name, value in allowances.items()}
    for one in addons:
        if one.offer.kind is not AddonKind.PACK:
            for name, value in one.offer.allowances:
                found[name] = found.get(name, 0) + value * one.quantity
    return found


def taken_from_packs(
    packs: Sequence[PackFacts], *, included: int, before: int, from_packs: int, more: int
) -> list[tuple[PackFacts, int]]:
    """What `more` takes of each pack, the oldest first: only what goes beyond what the period includes.

    `before` was used in the period, `from_packs` of it from packs.
    """
    beyond = max(before + more - included - from_packs, 0)
    beyond = min(beyond, more)
    taken = []
    for pack in packs:
        part = min(pack.left, beyond)
        if part:
            taken.append((pack, part))
            beyond -= part
    return taken


def level_reached(use: AllowanceUse, told: int) -> int | None:
    """The highest level reached that is above what was told in this period; None for none."""
    return use.level if use.level > told else None
