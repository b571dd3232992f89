"""The popup of *Extend Subscription*."""

from __future__ import annotations

from typing import Any, ClassVar

from django.forms import Form
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.documents.states import PaymentSource
from billing.rules.changes.extension import ExtensionWish
from billing.rules.changes.extension_due import extension_due
from billing.rules.changes.outcome import Planned
from billing.rules.changes.refusals import CannotChange
from partnerpanel.actions.extend import Extend, OutsidePayment
from partnerpanel.actions.money_plan import MoneyPlan
from partnerpanel.actions.permission import Permission, may
from partnerpanel.actions.verb import Verb
from partnerpanel.kernel.money import InvalidMoney, Money
from partnerpanel.panel.lifecycle_forms import BY_DAYS, PAYMENT, ExtendForm, limit
from partnerpanel.panel.lifecycle_words import end_after, opening
from partnerpanel.panel.money_input import amount_text, read_amount
from partnerpanel.panel.templatetags.formats import money_text
from partnerpanel.panel.views.subscription_popup import SubscriptionPopup


class ExtendPopup(SubscriptionPopup):
    """By months or days, given or paid for outside the gateway."""

    permission = Permission.EXTEND
    address: ClassVar[str] = "extend"
    title = gettext_lazy("Extend Subscription")
    submit = gettext_lazy("Yes, Extend")

    def form(self, data: Any = None, files: Any = None) -> Form:
        """Without the fields of a payment where this duration cannot be paid for: the preview then says why."""
        may_record = may(self.visit.actor, Permission.RECORD_PAYMENT)
        due = self._due(_asked_for(data)) if may_record and data is not None and data.get("received") else None
        self.ways = PAYMENT if due else ()
        form = ExtendForm(
            data if due is None else self._filled_in(data, due),
            may_record=may_record,
            is_paid=due is not None,
            initial={"duration": "1"},
        )
        if due:
            billing = self.facts.billing
            today = billing.today(self.visit.now)
            limit(form, "received_on", first=billing.term.period.starts_on if billing.term else today, last=today)
        return form

    def draft(self, form: Form) -> Verb | None:
        """Until there is an amount, the preview is of what has to be paid."""
        asked = self.asked(form)
        wish = _wish(asked.get("duration", ""), asked.get("days"), asked.get("note") or _("(your note)"))
        if wish is None:
            return None
        return self._extend(wish, self._payment(form, wish) if asked.get("received") else None)

    def verb(self, form: Form) -> Verb:
        asked = form.cleaned_data
        wish = _wish(asked["duration"], asked["days"], asked["note"])
        if wish is None:
            return super().verb(form)
        if "amount" not in asked:
            return super().verb(form)
        amount = read_amount(asked["amount"], self._currency)
        return self._extend(wish, OutsidePayment(amount, PaymentSource(asked["source"]), asked["received_on"]))

    def summary(self, plan: MoneyPlan, planned: Planned) -> str:
        words = {"day": end_after(plan), "amount": ""}
        if planned.plan.payment is None:
            parts = [_("It runs until %(day)s, and nothing is charged for the time until then.") % words]
        else:
            words["amount"] = money_text(planned.plan.payment.amount)
            parts = [_("%(amount)s is recorded as paid, and it runs until %(day)s. The card is not charged.") % words]
        return " ".join([*parts, *opening(plan)])

    def told(self, plan: MoneyPlan, planned: Planned, *, charged: bool) -> str:
        return _("%(name)s is extended until %(day)s.") % {"name": self.whom, "day": end_after(plan)}

    def _waits_for(self) -> str:
        return _("Say for how many days; what happens then appears here.")

    @property
    def _currency(self) -> str:
        return self.facts.billing.price.currency

    def _extend(self, wish: ExtensionWish, payment: OutsidePayment | None) -> Extend:
        return Extend((self.target,), wish.note, wish.months, wish.days, payment)

    def _payment(self, form: Form, wish: ExtensionWish) -> OutsidePayment:
        asked = self.asked(form)
        try:
            amount = read_amount(asked.get("amount") or "", self._currency)
        except InvalidMoney:
            amount = self._due(wish) or Money(1, self._currency)
        on = asked.get("received_on") or self.facts.billing.today(self.visit.now)
        return OutsidePayment(amount, PaymentSource(asked.get("source") or PaymentSource.BANK), on)

    def _due(self, wish: ExtensionWish | None) -> Money | None:
        """What has to be paid for it; None where it cannot be paid for."""
        if wish is None:
            return None
        try:
            return extension_due(self.facts, wish, now=self.visit.now) or None
        except CannotChange:
            return None

    def _filled_in(self, data: Any, due: Money) -> Any:
        """The data with what is owed for this duration, where it was filled in for another, and today's date."""
        asked_for = f"{data.get('duration')} {data.get('days')}"
        filled = data.copy()
        if not data.get("received_on"):
            filled["received_on"] = self.facts.billing.today(self.visit.now).isoformat()
        if data.get("asked_for") != asked_for:
            filled["amount"] = amount_text(due)
            filled["asked_for"] = asked_for
        if not data.get("source"):
            filled["source"] = PaymentSource.BANK.value
        return filled


def _asked_for(data: Any) -> ExtensionWish | None:
    """The duration, before the form has looked at it."""
    number = data.get("days", "")
    return _wish(data.get("duration", ""), int(number) if number.isascii() and number.isdecimal() else None, "…")


def _wish(duration: str, days: int | None, note: str) -> ExtensionWish | None:
    if duration == BY_DAYS:
        return ExtensionWish(note, days=days) if days else None
    return ExtensionWish(note, months=int(duration)) if duration.isdecimal() else None
