"""Coming back after the end: what it costs now, and one button."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.charging.states import AttemptStatus
from partnerpanel.actions import door
from partnerpanel.actions.checkout.offers import PageOnSale, pages_on_sale
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.restart import Restart
from partnerpanel.actions.verb import Verb
from partnerpanel.portal.confirming import Confirm
from partnerpanel.portal.offer_words import discount_with_change
from partnerpanel.portal.words import price
from partnerpanel.tenancy.scope import tenant


class ComeBack(Confirm):
    """On the plan that it was, from the day of the payment on. Where that is sold no more, other plans are shown."""

    permission = Permission.CHANGE_PLAN
    section = "plan"
    template = "return"
    title = gettext_lazy("Come back")
    submit = gettext_lazy("Yes, Come back")
    done = "came-back"

    def get(self, request: HttpRequest, subscription: str) -> HttpResponse:
        self.find(subscription)
        return self._page(request.GET) if self.holding.is_over else self.go("portal-plan")

    def verb(self, asked: Mapping[str, str]) -> Verb | None:
        return Restart((self.target,))

    def summary(self) -> str:
        if self.quoted is None or self.quoted.is_refused:
            return ""
        planned = self.quoted.money[0].planned
        text = _("It runs again from today, with the login that you had.")
        if planned is not None and planned.plan.coupon is not None:
            return text + " " + discount_with_change(planned.plan.coupon.discount)
        return text

    def extra(self) -> dict[str, Any]:
        if self.quoted is None or not self.quoted.is_refused:
            return {}
        with tenant(self.partner.pk):
            found = pages_on_sale(self.partner.pk, self.holding.line.price.currency, now=self.now)
        return {"others": [_other(one) for one in found]}

    def said(self, outcome: door.Outcome) -> str:
        statuses = set(outcome.charges.values())
        if AttemptStatus.DECLINED in statuses:
            return "return-declined"
        planned = getattr(outcome.plans[0], "planned", None)
        if not statuses and planned is not None and planned.due_now:
            return "return-to-pay"
        return super().said(outcome)


def _other(one: PageOnSale) -> dict[str, str]:
    return {"name": one.plan.name, "price": price(one.plan.price, one.plan.interval), "key": one.key}
