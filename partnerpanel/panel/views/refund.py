"""The popup of *Refund*: from a payment, wherever it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.forms import Form
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.queries.change_facts import load_changes
from billing.queries.refund_facts import payment_facts
from billing.refunds.states import RefundReason, RefundSource, RefundStatus
from billing.rules.changes.outcome import Planned
from billing.rules.refunds.facts import PaymentFacts
from billing.rules.refunds.refunding import RefundHow, window_ends_at
from partnerpanel.actions import door
from partnerpanel.actions.money_plan import MoneyPlan
from partnerpanel.actions.permission import Permission, may
from partnerpanel.actions.quote import Difference, Quote
from partnerpanel.actions.refund import Refund
from partnerpanel.actions.verb import Target, Verb
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import parse
from partnerpanel.kernel.money import InvalidMoney, Money
from partnerpanel.panel.money_input import amount_text, read_amount
from partnerpanel.panel.refund_forms import ACCESS_CHOICES, RefundForm
from partnerpanel.panel.templatetags.formats import in_zone, money_text
from partnerpanel.panel.views.subscription_popup import SubscriptionPopup
from partnerpanel.policy.rules.refund import RefundAccess
from partnerpanel.tenancy.scope import tenant

ENDINGS: Mapping[RefundStatus, Any] = {
    RefundStatus.INTENT: gettext_lazy("The refund of %(amount)s is written down and asked for as soon as it can be."),
    RefundStatus.UNKNOWN: gettext_lazy("The refund of %(amount)s is being checked; nothing is paid out twice."),
    RefundStatus.PENDING: gettext_lazy("%(amount)s is on its way to %(to)s; banks take 5 to 10 days."),
    RefundStatus.SUCCEEDED: gettext_lazy("%(amount)s is refunded to %(to)s."),
    RefundStatus.FAILED: gettext_lazy("The gateway did not take the refund. %(amount)s is in the customer’s balance."),
}


class RefundPopup(SubscriptionPopup):
    """What can still go back is filled in; a part or the unused days can be chosen instead."""

    permission = Permission.REFUND
    address: ClassVar[str] = "refund"
    title = gettext_lazy("Refund")
    submit = gettext_lazy("Yes, Refund")
    dependent = ("amount",)
    payment: PaymentFacts

    def prepare(self, address: Mapping[str, str]) -> None:
        payment_id, partner_id = parse("pay", address["payment"]), self.visit.partner.pk
        with tenant(partner_id):
            self.payment = payment_facts(partner_id, payment_id)
            subscription_id = self.payment.document.subscription_id
            found = load_changes(partner_id, [subscription_id] if subscription_id else [], now=self.visit.now)
            if subscription_id is None or subscription_id not in found:
                raise NotFound(_("There is no such payment."))
            self.facts = found[subscription_id]
            self.target = Target(self.facts.billing.customer_id, subscription_id)

    def form(self, data: Any = None, files: Any = None) -> Form:
        how = RefundHow.FULL.value if data is None else data.get("how")
        self.ways = ("amount",) if how == RefundHow.AMOUNT.value else ()
        if data is not None and self.ways and not data.get("amount"):
            data = data.copy()
            data["amount"] = amount_text(self.payment.refundable)
        access = self.facts.billing.policy.policy.refund.access
        accesses = [(one.value, ACCESS_CHOICES[one]) for one in RefundAccess if self._may_choose(one, access)]
        initial = {"how": how, "access": access.value, "reason": "", "source": RefundSource.BANK.value}
        return RefundForm(
            data,
            hows=self._hows(),
            accesses=accesses,
            by_hand=not self.payment.charge_ref,
            in_part=bool(self.ways),
            initial=initial,
        )

    def draft(self, form: Form) -> Verb | None:
        asked = self.asked(form)
        how = RefundHow(asked.get("how") or RefundHow.FULL)
        amount = self._amount(form, asked) if how is RefundHow.AMOUNT else None
        if how is RefundHow.AMOUNT and amount is None:
            return None
        access = asked.get("access")
        return Refund(
            (self.target,),
            self.payment.id,
            how,
            RefundReason(asked.get("reason") or RefundReason.OTHER),
            asked.get("note") or "",
            amount,
            RefundAccess(access) if access else None,
            RefundSource(asked["source"]) if asked.get("source") and not self.payment.charge_ref else None,
            any_time=may(self.visit.actor, Permission.REFUND_ANY_TIME),
        )

    def summary(self, plan: MoneyPlan, planned: Planned) -> str:
        refund = planned.plan.refund
        if refund is None:
            raise ValueError("a refund is planned with one")
        words = {"amount": money_text(refund.amount), "to": refund.method_text}
        if refund.source is RefundSource.GATEWAY:
            text = _("%(amount)s goes back to %(to)s. Banks take 5 to 10 days. The invoice stays paid.")
        else:
            text = _("%(amount)s was given back outside of a gateway; it is recorded. The invoice stays paid.")
        return text % words

    def quote_view(self, quote: Quote, moved: tuple[Difference, ...]) -> dict[str, Any]:
        view = super().quote_view(quote, moved)
        most, done = self.payment.refundable, self._planned_amount(quote)
        rows = [{"label": _("Can be refunded"), "was": money_text(most), "will": money_text(most - done)}]
        until = window_ends_at(self.facts, self.payment)
        text = _("until %(at)s") if self.visit.now <= until else _("over since %(at)s")
        rows.append(
            {"label": _("Refunds by policy"), "was": "", "will": text % {"at": in_zone(until, self.visit.zone)}}
        )
        return view | {"changes": [*rows, *view["changes"]]}

    def said(self, outcome: door.Outcome) -> str:
        status = outcome.refunds.get(self._subscription_id, RefundStatus.SUCCEEDED)
        [plan] = outcome.plans
        planned = plan.planned if isinstance(plan, MoneyPlan) else None
        if planned is None or planned.plan.refund is None:
            raise TypeError("a refund makes a plan with one")
        refund = planned.plan.refund
        to = refund.method_text or self.facts.customer_name
        return str(ENDINGS[status] % {"amount": money_text(refund.amount), "to": to})

    def told(self, plan: MoneyPlan, planned: Planned, *, charged: bool) -> str:
        """`said` knows how it ended."""
        return self.summary(plan, planned)

    def _hows(self) -> list[tuple[str, str]]:
        full = _("All that is left, %(amount)s") % {"amount": money_text(self.payment.refundable)}
        return [
            (RefundHow.FULL.value, full),
            (RefundHow.AMOUNT.value, _("A part of it")),
            (RefundHow.UNUSED.value, _("The unused days")),
        ]

    def _may_choose(self, one: RefundAccess, by_policy: RefundAccess) -> bool:
        return one in (RefundAccess.KEEP, by_policy) or may(self.visit.actor, Permission.CANCEL)

    def _amount(self, form: Form, asked: Mapping[str, Any]) -> Money | None:
        """A part that is no amount is said at its field."""
        text = asked.get("amount") or ""
        try:
            return read_amount(text, self.payment.amount.currency) if text else None
        except InvalidMoney:
            if form.is_bound:
                form.add_error("amount", _("Write an amount such as 29.85."))
            return None

    def _planned_amount(self, quote: Quote) -> Money:
        refunds = [plan.planned.plan.refund for plan in quote.money if plan.planned and plan.planned.plan.refund]
        return refunds[0].amount if refunds else Money.zero(self.payment.amount.currency)
