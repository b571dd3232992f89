"""Popups of a subscription's coupon: redeem, remove."""

from __future__ import annotations

from typing import Any, ClassVar

from django.forms import Form
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.rules.changes.coupon import held_on
from billing.rules.changes.outcome import Planned
from partnerpanel.actions.coupons import ApplyCoupon, RemoveCoupon
from partnerpanel.actions.money_plan import MoneyPlan
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.verb import Verb
from partnerpanel.panel.coupon_forms import RedeemForm
from partnerpanel.panel.coupon_words import discount_text, lasting_text
from partnerpanel.panel.views.subscription_popup import SubscriptionPopup
from subscriptions.rules.coupons import HeldCoupon


class ApplyCouponPopup(SubscriptionPopup):
    """From the next billing on something is taken off."""

    permission = Permission.CHANGE_PLAN
    address: ClassVar[str] = "apply-coupon"
    title = gettext_lazy("Redeem coupon")
    submit = gettext_lazy("Yes, Redeem")

    def form(self, data: Any = None, files: Any = None) -> Form:
        return RedeemForm(data)

    def draft(self, form: Form) -> Verb | None:
        code = self.asked(form).get("coupon") or ""
        return ApplyCoupon((self.target,), code) if code else None

    def summary(self, plan: MoneyPlan, planned: Planned) -> str:
        held = _redeemed(planned)
        words = {"off": discount_text(held.discount), "lasts": lasting_text(held.discount)}
        return _("From the next billing on %(off)s the plan’s price, %(lasts)s. What is paid stays as it is.") % words

    def told(self, plan: MoneyPlan, planned: Planned, *, charged: bool) -> str:
        words = {"name": plan.customer_name, "code": _redeemed(planned).code}
        return _("%(code)s is redeemed for %(name)s.") % words

    def _waits_for(self) -> str:
        return _("Write the code; what the next billing then comes to appears here.")


class RemoveCouponPopup(SubscriptionPopup):
    """From the next billing on the plan costs its price again."""

    permission = Permission.CHANGE_PLAN
    address: ClassVar[str] = "remove-coupon"
    title = gettext_lazy("Remove coupon")
    submit = gettext_lazy("Yes, Remove")
    danger = True

    def form(self, data: Any = None, files: Any = None) -> Form:
        return Form(data)

    def draft(self, form: Form) -> Verb | None:
        return RemoveCoupon((self.target,))

    def summary(self, plan: MoneyPlan, planned: Planned) -> str:
        held = held_on(self.facts.billing)
        text = _("%(code)s takes nothing off any more from the next billing on. What is paid stays as it is.")
        return text % {"code": held.code if held else ""}

    def told(self, plan: MoneyPlan, planned: Planned, *, charged: bool) -> str:
        return _("The coupon of %(name)s is removed.") % {"name": plan.customer_name}


def _redeemed(planned: Planned) -> HeldCoupon:
    if planned.plan.coupon is None:
        raise TypeError("this plan redeems no coupon")
    return planned.plan.coupon
