"""Amounts as Stripe counts them: mostly ISO's minor units, with the exceptions of docs.stripe.com/currencies. Pure."""

from __future__ import annotations

from billing.gateway.refusals import InvalidRequest
from partnerpanel.kernel.money import Money, exponent

_NONE = frozenset(
    [
        *("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG"),
        *("RWF", "VND", "VUV", "XAF", "XOF", "XPF"),
    ]
)
_THREE = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})
# Amounts of three decimals end in 0, and those of two that the currency does not have end in 00.
_MULTIPLE = dict.fromkeys(_THREE, 10) | {"ISK": 100, "UGX": 100}
LARGEST = 99_999_999


def to_stripe(money: Money) -> int:
    """Raises InvalidRequest for an amount that Stripe cannot count."""
    scale: int = 10 ** abs(_decimals(money.currency) - exponent(money.currency))
    is_finer = _decimals(money.currency) >= exponent(money.currency)
    amount, rest = (money.amount * scale, 0) if is_finer else divmod(money.amount, scale)
    if rest or amount % _MULTIPLE.get(money.currency, 1) or not 0 < amount <= LARGEST:
        raise InvalidRequest(f"Stripe does not take {money}.", field="amount")
    return amount


def from_stripe(amount: int, currency: str) -> Money:
    """What Stripe says, in minor units. Raises ValueError for what the currency cannot hold."""
    code = currency.upper()
    scale: int = 10 ** abs(exponent(code) - _decimals(code))
    if exponent(code) >= _decimals(code):
        return Money(amount * scale, code)
    if amount % scale:
        raise ValueError(f"{amount} is no amount of {code}")
    return Money(amount // scale, code)


def _decimals(currency: str) -> int:
    if currency in _NONE:
        return 0
    return 3 if currency in _THREE else 2
