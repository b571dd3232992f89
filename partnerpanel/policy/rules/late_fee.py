"""The fee for renewing after the deadline."""

from __future__ import annotations

from fractions import Fraction

from partnerpanel.kernel.derivation import Derivation, Derived
from partnerpanel.kernel.money import Money
from partnerpanel.policy.rules.grace import FeeBasis
from partnerpanel.policy.rules.resolution import ResolvedPolicy

LATE_FEE = "late_fee"
KEYS = ("grace.renew_after.percent", "grace.renew_after.basis", "grace.renew_after.cap")


def late_fee(resolved: ResolvedPolicy, *, price: Money, grace_days: int, period_days: int) -> Derived[Money]:
    """What comes on top of the full price, rounded half up once.

    `price` is the agreed price × quantity before coupon, add-ons and tax. `prorata` takes price × days of grace ÷ days
    of the unpaid period × percent; `flat` price × percent. A cap in another currency than the price's does not bind.
    """
    rule = resolved.policy.grace.renew_after
    share = Fraction(grace_days, period_days) if rule.basis is FeeBasis.PRORATA else Fraction(1)
    fee = price.times(share * Fraction(rule.percent, 100))
    inputs = {
        "price": str(price),
        "grace_days": str(grace_days),
        "period_days": str(period_days),
        "percent": str(rule.percent),
        "basis": rule.basis.value,
    }
    if rule.cap is not None and rule.cap.currency == fee.currency and rule.cap < fee:
        inputs |= {"uncapped": str(fee), "cap": str(rule.cap)}
        fee = rule.cap
    return Derived(fee, Derivation(LATE_FEE, inputs, resolved.cited(*KEYS)))
