"""Exact money: integer minor units and an ISO 4217 currency. Rounding is written here, once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from partnerpanel.kernel.errors import DomainError

ZERO_DECIMALS = frozenset(
    [
        *("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG"),
        *("RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"),
    ]
)
THREE_DECIMALS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
_CURRENCY = re.compile(r"[A-Z]{3}")
# Currencies that were looked at and are right: thousands of amounts have the same few.
_SEEN: set[str] = set()
# What people and exports write. At most 25 digits, so that nothing below is rounded by Decimal's 28.
_AMOUNT = re.compile(r"[+-]?([0-9]{1,15}(\.[0-9]{0,10})?|\.[0-9]{1,10})")


class InvalidMoney(DomainError):
    """An amount or a currency that money cannot be made of."""

    code = "invalid_money"


class CurrencyMismatch(DomainError):
    """Two currencies met in one calculation."""

    code = "currency_mismatch"


def exponent(currency: str) -> int:
    """Decimals of the currency's minor unit: 2, but 0 for the yen and 3 for the dinar (ISO 4217)."""
    if currency in ZERO_DECIMALS:
        return 0
    return 3 if currency in THREE_DECIMALS else 2


def round_half_up(value: Fraction) -> int:
    """The nearest integer; a half goes away from zero, so a credit mirrors its charge to the unit."""
    return _half_up(value.numerator, value.denominator)


def _half_up(numerator: int, denominator: int) -> int:
    magnitude = (2 * abs(numerator) + denominator) // (2 * denominator)
    return magnitude if numerator >= 0 else -magnitude


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """`amount` minor units of `currency`: `Money(1050, "EUR")` is 10.50 EUR."""

    amount: int
    currency: str

    def __post_init__(self) -> None:
        if isinstance(self.amount, bool) or not isinstance(self.amount, int):
            raise InvalidMoney(f"Money is counted in whole minor units, not {self.amount!r}.", field="amount")
        if self.currency in _SEEN:
            return
        if not _CURRENCY.fullmatch(self.currency):
            raise InvalidMoney(f"“{self.currency}” is no three-letter currency code such as EUR.", field="currency")
        _SEEN.add(self.currency)

    @classmethod
    def zero(cls, currency: str) -> Money:
        return cls(0, currency)

    @classmethod
    def parse(cls, text: str, currency: str) -> Money:
        """`"29.85"` and `"USD"` → 29.85 USD. More decimals than the currency has are refused, never rounded."""
        if not _AMOUNT.fullmatch(text.strip()):
            raise InvalidMoney(f"“{text[:40]}” is no amount such as 29.85.", field="amount")
        minor = Decimal(text.strip()).scaleb(exponent(currency))
        if minor != minor.to_integral_value():
            raise InvalidMoney(f"“{text}” has more decimals than {currency} has.", field="amount")
        return cls(int(minor), currency)

    @classmethod
    def sum(cls, parts: Iterable[Money], currency: str) -> Money:
        """The sum of the parts in `currency`; zero for none. Raises CurrencyMismatch."""
        nothing = cls(0, currency)
        return cls(sum(nothing._same(part) for part in parts), currency)

    @property
    def exponent(self) -> int:
        return exponent(self.currency)

    @property
    def major(self) -> Decimal:
        """The amount as people write it, exact: `Decimal("10.50")`."""
        return Decimal(self.amount).scaleb(-self.exponent)

    def __str__(self) -> str:
        return f"{self.major} {self.currency}"

    def __bool__(self) -> bool:
        return self.amount != 0

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._same(other), self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.amount > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.amount >= self._same(other)

    def times(self, factor: int | Fraction) -> Money:
        """This amount × factor, rounded half up once."""
        return Money(_half_up(self.amount * factor.numerator, factor.denominator), self.currency)

    def split(self, weights: Sequence[int]) -> list[Money]:
        """Parts in proportion to the weights that add up exactly (largest remainder; the earlier part wins a tie).

        Raises InvalidMoney for a negative weight or for weights that sum to zero.
        """
        total = sum(weights)
        if total <= 0 or min(weights) < 0:
            raise InvalidMoney("Weights must be zero or more and not all zero.", field="weights")
        sign, magnitude = (-1 if self.amount < 0 else 1), abs(self.amount)
        floors = [magnitude * weight // total for weight in weights]
        by_remainder = sorted(range(len(weights)), key=lambda i: (-(magnitude * weights[i] % total), i))
        for index in by_remainder[: magnitude - sum(floors)]:
            floors[index] += 1
        return [Money(sign * part, self.currency) for part in floors]

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self} and {other} cannot be combined.", field="currency")
        return other.amount
