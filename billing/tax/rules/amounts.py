"""The tax of one line, rounded once, and of what takes a line back: parts add up, and never more than was charged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from billing.rules.explain import derivation_from
from billing.tax.rules.places import Treatment
from billing.tax.rules.rates import Tax
from partnerpanel.kernel.derivation import Derivation
from partnerpanel.kernel.errors import DomainError
from partnerpanel.kernel.money import Money

WHOLE = Fraction(1)
TAX_ADDED = "tax_added"
TAX_CONTAINED = "tax_contained"
TAX_TAKEN_BACK = "tax_taken_back"


class MoreThanCharged(DomainError):
    """A credit of more than is left of what it takes back."""

    code = "more_than_charged"


@dataclass(frozen=True, slots=True)
class TaxPart:
    """The amount of one tax on one line, with the line's sign."""

    tax: Tax
    amount: Money
    why: Derivation

    def __neg__(self) -> TaxPart:
        return TaxPart(self.tax, -self.amount, self.why)

    def as_json(self) -> dict[str, Any]:
        return {**self.tax.as_json(), "amount": self.amount.amount, "why": self.why.as_json()}


Taxes = tuple[TaxPart, ...]


@dataclass(frozen=True, slots=True)
class Taxed:
    """A price taken apart: what it is without tax, and its taxes."""

    net: Money
    parts: Taxes


@dataclass(frozen=True, slots=True)
class Charged:
    """A line that was charged: net and taxes, and what earlier credits took off each of them.

    `taken` has the amounts off `parts`, in their order. `presumed` is the day of a sale elsewhere whose taxes nobody
    knows: they are taken to be those that it would have had here.
    """

    net: Money
    parts: Taxes
    credited: Money
    taken: tuple[int, ...]
    presumed: date | None = None

    @property
    def left(self) -> Money:
        return self.net - self.credited

    @property
    def tax_left(self) -> Money:
        return Money(sum(self.parts_left), self.net.currency)

    @property
    def parts_left(self) -> list[int]:
        return [part.amount.amount - took for part, took in zip(self.parts, self.taken, strict=True)]


def tax_of(price: Money, treatment: Treatment) -> Taxed:
    """The taxes on a price, or contained in it. Rounded half up once, on all of them together; their split adds up."""
    if treatment.relief is not None:
        return Taxed(price, (TaxPart(treatment.relief.tax, Money.zero(price.currency), treatment.relief.why),))
    if not treatment.taxes:
        return Taxed(price, ())
    share, factor = _shares(tuple(tax.percent for tax in treatment.taxes), is_inclusive=treatment.is_inclusive)
    is_exact = not price.amount * factor.numerator % factor.denominator
    total = price.times(factor)
    net = price - total if treatment.is_inclusive else price
    amounts = [total] if len(treatment.taxes) == 1 else _split(total, treatment.taxes, share)
    return Taxed(
        net,
        tuple(
            TaxPart(tax, amount, _why(tax, price, net, is_inclusive=treatment.is_inclusive, is_exact=is_exact))
            for tax, amount in zip(treatment.taxes, amounts, strict=True)
        ),
    )


@lru_cache(maxsize=1_024)
def _shares(percents: tuple[Decimal, ...], *, is_inclusive: bool) -> tuple[Fraction, Fraction]:
    """What all taxes are of a net amount, and of the price. Reckoned once: everybody in a place has the same."""
    share = sum((Fraction(percent) / 100 for percent in percents), Fraction(0))
    return share, share / (1 + share) if is_inclusive else share


def net_share(treatment: Treatment) -> Fraction:
    """What of a price is left without tax: all of it, unless it contains its tax."""
    if not treatment.is_inclusive or treatment.relief is not None:
        return WHOLE
    return 1 / (1 + sum((tax.share for tax in treatment.taxes), Fraction(0)))


def tax_total(parts: Sequence[TaxPart], currency: str) -> Money:
    """What the parts come to."""
    return Money(sum(part.amount.amount for part in parts), currency)


def credit_of_net(line: Charged, net: Money) -> Taxes:
    """The taxes that go back with so much of a line's net: in proportion to all that is credited of it by then, so
    that the last credit takes the rest. Above zero, like `net`. Raises MoreThanCharged.
    """
    if not 0 <= net.amount <= line.left.amount:
        raise MoreThanCharged(f"{line.left} is left of it.", field="amount")
    if not line.parts:
        return ()
    whole = sum(part.amount.amount for part in line.parts)
    taken, left = sum(line.taken), line.tax_left.amount
    if net == line.left:
        back = left
    else:
        by_then = Money(whole, net.currency).times(Fraction(line.credited.amount + net.amount, line.net.amount)).amount
        back = min(max(by_then - taken, 0), left)
    return _taken_back(line, net, back)


def credit_of_gross(line: Charged, gross: Money) -> Taxed:
    """An amount that is given back of a line, taken apart into net and taxes, so that all of it is the whole line.

    Raises MoreThanCharged.
    """
    everything = line.left + line.tax_left
    if not 0 <= gross.amount <= everything.amount:
        raise MoreThanCharged(f"{everything} is left of it.", field="amount")
    if gross == everything:
        return Taxed(line.left, credit_of_net(line, line.left))
    whole = sum(part.amount.amount for part in line.parts)
    charged, taken = line.net.amount + whole, sum(line.taken)
    so_far = line.credited.amount + taken
    by_then = Money(whole, gross.currency).times(Fraction(so_far + gross.amount, charged)).amount
    least, most = max(0, gross.amount - line.left.amount), min(line.tax_left.amount, gross.amount)
    back = min(max(by_then - taken, least), most)
    net = Money(gross.amount - back, gross.currency)
    return Taxed(net, _taken_back(line, net, back))


def parts_from(kept: Sequence[dict[str, Any]], currency: str) -> Taxes:
    """The parts whose `as_json` was kept."""
    return tuple(
        TaxPart(Tax.from_json(one), Money(one["amount"], currency), derivation_from(one["why"])) for one in kept
    )


def _taken_back(line: Charged, net: Money, back: int) -> Taxes:
    """So much of the tax by its parts, in proportion to what is left of each."""
    left = line.parts_left
    amounts = [part.amount for part in Money(back, net.currency).split(left)] if back else [0] * len(left)
    parts = []
    for part, amount, rest in zip(line.parts, amounts, left, strict=True):
        if part.amount.amount == 0:  # the reason why there was none holds for what goes back
            parts.append(part)
            continue
        inputs = {
            "tax": str(part.amount),
            "percent": part.tax.percent_text,
            "name": part.tax.name,
            "net": str(net),
            "charged": str(line.net),
            "rounding": "none" if _is_exact(part, net, line) or amount == rest else "half_up",
            "limit": "rest" if amount == rest and net == line.left and line.credited else "none",
        }
        if line.presumed:
            inputs["presumed"] = line.presumed.isoformat()
        parts.append(TaxPart(part.tax, Money(amount, net.currency), Derivation(TAX_TAKEN_BACK, inputs)))
    return tuple(parts)


def _is_exact(part: TaxPart, net: Money, line: Charged) -> bool:
    return part.amount.amount * net.amount % line.net.amount == 0


def _split(total: Money, taxes: Sequence[Tax], share: Fraction) -> list[Money]:
    if not share:
        return [Money.zero(total.currency) for _ in taxes]
    scale = 10_000
    return total.split([int(tax.percent * scale) for tax in taxes])


def _why(tax: Tax, price: Money, net: Money, *, is_inclusive: bool, is_exact: bool) -> Derivation:
    inputs = {
        "name": tax.name,
        "percent": tax.percent_text,
        "rounding": "none" if is_exact else "half_up",
    }
    if is_inclusive:
        return Derivation(TAX_CONTAINED, {**inputs, "price": str(price), "net": str(net)})
    return Derivation(TAX_ADDED, {**inputs, "net": str(net)})
