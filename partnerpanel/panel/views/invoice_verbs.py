"""The popups of one invoice: credit a part of it, correct it, take it back, give it up, and money that came for it
after all."""

from __future__ import annotations

from abc import ABC
from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.documents.states import InvoiceKind, InvoiceStatus, PaymentSource
from billing.queries.change_facts import load_changes
from billing.queries.refund_facts import document_facts
from billing.rules.changes.outcome import Planned
from billing.rules.refunds.facts import DocumentFacts
from partnerpanel.actions import money_out
from partnerpanel.actions.invoice_verbs import CorrectInvoice, CreditInvoice, GiveUpInvoice, VoidInvoice, VoidThen
from partnerpanel.actions.money_plan import MoneyPlan
from partnerpanel.actions.permission import Permission, may
from partnerpanel.actions.verb import Target, Verb
from partnerpanel.kernel.clock import local_date
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import parse, public
from partnerpanel.kernel.money import InvalidMoney, Money
from partnerpanel.panel.lifecycle_forms import NotedForm
from partnerpanel.panel.money_input import read_amount
from partnerpanel.panel.refund_forms import CreditForm, RecoverForm, VoidForm
from partnerpanel.panel.templatetags.formats import money_text
from partnerpanel.panel.views.money_popup import MoneyPopup
from partnerpanel.panel.views.subscription_popup import SubscriptionPopup
from partnerpanel.tenancy.scope import tenant


class InvoicePopup(SubscriptionPopup, ABC):
    """For one invoice (`inv_…`) of a subscription."""

    document: DocumentFacts

    def prepare(self, address: Mapping[str, str]) -> None:
        invoice_id, partner_id = parse("inv", address["invoice"]), self.visit.partner.pk
        with tenant(partner_id):
            self.document = document_facts(partner_id, invoice_id)
            subscription_id = self.document.subscription_id
            found = load_changes(partner_id, [subscription_id] if subscription_id else [], now=self.visit.now)
            if subscription_id is None or subscription_id not in found:
                raise NotFound(_("There is no such invoice."))
            self.facts = found[subscription_id]
            self.target = Target(self.facts.billing.customer_id, subscription_id)

    def words(self) -> dict[str, Any]:
        return super().words() | {"subtitle": f"{self.document.label} · {self.facts.customer_name}", "current": ""}

    def back_url(self) -> str:
        return reverse("invoice", args=[self.visit.partner.slug, public("inv", self.document.id)])


class CreditPopup(InvoicePopup):
    """How much, of which lines, and why."""

    permission = Permission.CREDIT
    address: ClassVar[str] = "credit"
    title = gettext_lazy("Credit")
    submit = gettext_lazy("Yes, Credit")

    def form(self, data: Any = None, files: Any = None) -> Form:
        lines = [(str(line.ref.line_id), f"{line.text} · {money_text(line.left)}") for line in self.document.lines]
        return CreditForm(data, lines=lines)

    def draft(self, form: Form) -> Verb | None:
        asked = self.asked(form)
        amount = None
        if asked.get("amount"):
            amount = self._amount(form, asked["amount"])
            if amount is None:
                return None
        elif self.document.status is InvoiceStatus.OPEN:
            return None  # all of it is taken back by voiding it
        lines = tuple(UUID(one) for one in asked.get("lines") or ())
        return CreditInvoice((self.target,), self.document.id, asked.get("note") or _("(your note)"), amount, lines)

    def summary(self, plan: MoneyPlan, planned: Planned) -> str:
        note = planned.plan.credit_note
        words = {"amount": money_text(note.total if note else self.document.total)}
        if planned.plan.reduce:
            words["due"] = money_text(self.document.due - planned.plan.reduce.amount)
            return _("%(amount)s is taken off; %(due)s is left to pay. The invoice itself stays as it is.") % words
        return _("%(amount)s goes to the customer’s balance by a credit note. The invoice stays paid.") % words

    def told(self, plan: MoneyPlan, planned: Planned, *, charged: bool) -> str:
        return _("A credit note for %(invoice)s is written.") % {"invoice": self.document.label}

    def _amount(self, form: Form, text: str) -> Money | None:
        try:
            return read_amount(text, self.document.total.currency)
        except InvalidMoney:
            if form.is_bound:
                form.add_error("amount", _("Write an amount such as 29.85."))
            return None

    def _waits_for(self) -> str:
        return _("Say how much; what happens then appears here.")


class CorrectPopup(InvoicePopup):
    """The same invoice with the parties as they are now."""

    permission = Permission.CORRECT_INVOICES
    address: ClassVar[str] = "correct"
    title = gettext_lazy("Correct invoice")
    submit = gettext_lazy("Yes, Correct")

    def form(self, data: Any = None, files: Any = None) -> Form:
        return NotedForm(data)

    def draft(self, form: Form) -> Verb:
        return CorrectInvoice((self.target,), self.document.id, self.asked(form).get("note") or _("(your note)"))

    def summary(self, plan: MoneyPlan, planned: Planned) -> str:
        if planned.plan.void:
            return _("It is void, and a new one with the details as they are now is collected in its place.")
        return _(
            "A credit note gives it back, and a new invoice with the details as they are now takes its place and is "
            "paid with that. No card is charged."
        )

    def told(self, plan: MoneyPlan, planned: Planned, *, charged: bool) -> str:
        return _("%(invoice)s is corrected.") % {"invoice": self.document.label}


class VoidPopup(InvoicePopup):
    """What becomes of the period is asked for a renewal."""

    permission = Permission.VOID_INVOICES
    address: ClassVar[str] = "void"
    title = gettext_lazy("Void invoice")
    submit = gettext_lazy("Yes, Void")
    danger = True

    def form(self, data: Any = None, files: Any = None) -> Form:
        invoice = self.facts.billing.invoice
        renews = invoice is not None and invoice.kind is InvoiceKind.RENEWAL and invoice.id == self.document.id
        thens = [(VoidThen.REBILL.value, _("It is billed anew at once"))]
        if may(self.visit.actor, Permission.WAIVE):
            thens.append((VoidThen.FORGIVE.value, _("It is not owed: it runs without a payment")))
        return VoidForm(data, thens=thens if renews else (), initial={"then": VoidThen.REBILL.value})

    def draft(self, form: Form) -> Verb:
        asked = self.asked(form)
        then = VoidThen(asked.get("then") or VoidThen.REBILL)
        return VoidInvoice((self.target,), self.document.id, asked.get("note") or _("(your note)"), then)

    def summary(self, plan: MoneyPlan, planned: Planned) -> str:
        words = {"invoice": self.document.label, "amount": money_text(self.document.due)}
        return _("%(invoice)s over %(amount)s is void; its number stays. Retries and reminders for it end.") % words

    def told(self, plan: MoneyPlan, planned: Planned, *, charged: bool) -> str:
        return _("%(invoice)s is void.") % {"invoice": self.document.label}


class GiveUpPopup(InvoicePopup):
    """Nobody will pay it."""

    permission = Permission.VOID_INVOICES
    address: ClassVar[str] = "give-up"
    title = gettext_lazy("Give up invoice")
    submit = gettext_lazy("Yes, Give up")
    danger = True

    def form(self, data: Any = None, files: Any = None) -> Form:
        return NotedForm(data)

    def draft(self, form: Form) -> Verb:
        return GiveUpInvoice((self.target,), self.document.id, self.asked(form).get("note") or _("(your note)"))

    def summary(self, plan: MoneyPlan, planned: Planned) -> str:
        words = {"amount": money_text(self.document.due)}
        return _("%(amount)s counts as uncollectible. Nobody is asked for it any more; it can be paid later.") % words

    def told(self, plan: MoneyPlan, planned: Planned, *, charged: bool) -> str:
        return _("%(invoice)s is given up.") % {"invoice": self.document.label}


class RecoverPopup(MoneyPopup):
    """Money came for an invoice that had been given up."""

    permission = Permission.RECORD_PAYMENT
    section: ClassVar[str] = "invoices"
    document: DocumentFacts

    def prepare(self, address: Mapping[str, str]) -> None:
        with tenant(self.visit.partner.pk):
            self.document = document_facts(self.visit.partner.pk, parse("inv", address["invoice"]))

    def form(self, data: Any = None) -> Form:
        return RecoverForm(data, initial={"received_on": local_date(self.visit.now, self.visit.zone)})

    def preview(self) -> dict[str, Any]:
        if self.document.status is not InvoiceStatus.UNCOLLECTIBLE:
            raise money_out.NotGivenUp(_("This invoice was not given up, or is paid by now."))
        return {
            "summary": _("The whole invoice is paid. It is an old debt: no period begins and no access opens."),
            "due_now": self.document.owed,
            "totals": [{"text": _("Paid later"), "amount": self.document.owed}],
            "due_note": _("paid outside"),
            "no_mail": _("Nobody is mailed."),
        }

    def carry_out(self, form: Form) -> str:
        data = form.cleaned_data
        money_out.recover(
            self.document.id,
            source=PaymentSource(data["source"]),
            received_on=data["received_on"],
            note=data["note"],
            actor=self.visit.actor,
            now=self.visit.now,
        )
        return _("%(invoice)s is paid after all.") % {"invoice": self.document.label}

    def words(self) -> dict[str, Any]:
        return {
            "title": _("Record payment: %(name)s") % {"name": self.document.label},
            "submit": _("Yes, Record payment"),
        }

    def back_url(self) -> str:
        return reverse("invoice", args=[self.visit.partner.slug, public("inv", self.document.id)])
