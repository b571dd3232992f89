"""Popups of payments: record one, charge now, replace the card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.documents.states import PaymentSource
from billing.queries.invoice_page import invoice_view
from customers.queries import detail
from partnerpanel.actions import pay_links, payments
from partnerpanel.actions.payments import Preview
from partnerpanel.actions.permission import Permission, may
from partnerpanel.kernel.clock import local_date
from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.kernel.ids import parse, public
from partnerpanel.kernel.money import Money
from partnerpanel.panel.forms import ChargeForm, RecordPaymentForm, ReplaceCardForm
from partnerpanel.panel.payment_quote import shown_card, shown_payment
from partnerpanel.panel.templatetags.formats import money_text
from partnerpanel.panel.views.money_popup import MoneyPopup
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.facts import customers_of
from subscriptions.queries.names import plan_names


class _OnSubscription(MoneyPopup):
    """For what one subscription owes."""

    subscription_id: UUID
    customer_id: UUID
    whom: str
    found: Preview | None = None

    def prepare(self, address: Mapping[str, str]) -> None:
        partner_id = self.visit.partner.pk
        self.subscription_id = parse("sub", address["subscription"])
        with tenant(partner_id):
            owner = customers_of(partner_id, [self.subscription_id]).get(self.subscription_id)
            if owner is None:
                raise NotFound(_("There is no such subscription."))
            self.customer_id = owner
            name = detail.customer(partner_id, owner).name
            self.whom = f"{plan_names(partner_id, [self.subscription_id])[self.subscription_id]} · {name}"

    def owed(self) -> Preview:
        """What paying would do now. Raises NothingToPay, BeingCharged."""
        if self.found is None:
            self.found = payments.preview_payment(
                self.subscription_id, permission=self.permission, actor=self.visit.actor, now=self.visit.now
            )
        return self.found

    def may_waive(self) -> bool:
        """Whether there is a fee that this person may let go; none where nothing can be paid now."""
        try:
            payment = self.owed().payment
        except DomainError:
            return False
        return payment.fee is not None and payment.waivable and may(self.visit.actor, Permission.WAIVE)

    def back_url(self) -> str:
        return reverse("customer", args=[self.visit.partner.slug, public("cus", self.customer_id)])


class RecordPaymentPopup(_OnSubscription):
    """Money that came outside the gateway; the amount is filled in with what is owed."""

    permission = Permission.RECORD_PAYMENT

    def form(self, data: Any = None) -> Form:
        if data is not None:
            return RecordPaymentForm(data, may_waive=self.may_waive(), asks_again=self._is_recorded(data))
        payment = self.owed().payment
        initial = {
            "amount": str(payment.due.major),
            "received_on": local_date(self.visit.now, self.visit.zone),
            "term": payment.term_number,
        }
        return RecordPaymentForm(initial=initial, may_waive=self.may_waive())

    def preview(self) -> dict[str, Any]:
        text = _("The money is booked for what is owed; what is more goes to the balance.")
        if self.owed().payment.in_parts:
            part = _("What is less is a part: the invoice stays open with the rest, and nothing below happens.")
            text = f"{text} {part}"
        return shown_payment(self.owed(), summary=text)

    def _is_recorded(self, data: Any) -> bool:
        """Whether this would be the second of its kind; an amount that is none is the form's to refuse."""
        try:
            amount = Money.parse(data.get("amount", ""), self.owed().payment.due.currency)
        except DomainError:
            return False
        note = data.get("note", "")
        return payments.is_recorded(self.customer_id, amount=amount, note=note, actor=self.visit.actor)

    def carry_out(self, form: Form) -> str:
        data = form.cleaned_data
        amount = Money.parse(data["amount"], self.owed().payment.due.currency)
        payments.record_payment(
            self.subscription_id,
            amount=amount,
            source=PaymentSource(data["source"]),
            received_on=data["received_on"],
            note=data["note"],
            term_number=data["term"],
            actor=self.visit.actor,
            now=self.visit.now,
            waive_fee=bool(data.get("waive_fee")),
            again=bool(data.get("again")),
        )
        return _("%(amount)s recorded for %(name)s.") % {"amount": money_text(amount), "name": self.whom}

    def words(self) -> dict[str, Any]:
        return {
            "title": _("Record payment: %(name)s") % {"name": self.whom},
            "submit": _("Yes, Record payment"),
            "note": _("The card is not charged."),
        }


class ChargePopup(_OnSubscription):
    """What is owed, asked of the card on file now."""

    permission = Permission.CHARGE

    def form(self, data: Any = None) -> Form:
        if data is not None:
            return ChargeForm(data, may_waive=self.may_waive())
        return ChargeForm(initial={"term": self.owed().payment.term_number}, may_waive=self.may_waive())

    def preview(self) -> dict[str, Any]:
        payment = self.owed().payment
        if payment.stopped:
            raise payments.ChargingStopped("Charging is stopped.")
        if payment.method is None:
            raise payments.NoPaymentMethod("There is no card on file.")
        words = {"amount": money_text(payment.due), "card": payment.method.text}
        return shown_payment(
            self.owed(),
            summary=_("%(amount)s is charged to %(card)s now. If it is declined, nothing below happens.") % words,
        )

    def carry_out(self, form: Form) -> str:
        payments.charge_now(
            self.subscription_id,
            term_number=form.cleaned_data["term"],
            actor=self.visit.actor,
            now=self.visit.now,
            waive_fee=bool(form.cleaned_data.get("waive_fee")),
        )
        return _("The charge for %(name)s is on its way; its outcome appears here.") % {"name": self.whom}

    def words(self) -> dict[str, Any]:
        return {"title": _("Charge now: %(name)s") % {"name": self.whom}, "submit": _("Yes, Charge now")}


class _Link(MoneyPopup):
    """An address to hand to the customer, who enters a card there. There is nothing to confirm."""

    permission = Permission.REPLACE_CARD
    customer_id: UUID
    subscription_id: UUID | None = None
    name: str

    def form(self, data: Any = None) -> Form:
        return Form(data)

    def preview(self) -> dict[str, Any]:
        with tenant(self.visit.partner.pk):
            if not pay_links.takes_cards(self.visit.partner.pk):
                raise payments.NoPaymentMethod("Stripe is not connected.", reason="nobody_takes_cards")
        return {
            "summary": _(
                "Send this address to %(name)s. The card is entered at Stripe and kept for later payments; what is "
                "open is charged to it at once. The address works for 45 days."
            )
            % {"name": self.name},
            "warnings": [],
            "no_mail": _("Nobody is mailed by this."),
        }

    def carry_out(self, form: Form) -> str:
        return _("Send the address to the customer.")

    def link_words(self) -> dict[str, Any]:
        link = pay_links.link_for(self.customer_id, self.subscription_id, actor=self.visit.actor)
        return {"link": link, "action_url": ""}


class PayLinkPopup(_Link):
    """For one open invoice."""

    invoice_id: UUID

    def prepare(self, address: Mapping[str, str]) -> None:
        self.invoice_id = parse("inv", address["invoice"])
        with tenant(self.visit.partner.pk):
            found = invoice_view(self.visit.partner.pk, self.invoice_id)
            self.customer_id, self.subscription_id = found.customer_id, found.subscription_id
            self.name = detail.customer(self.visit.partner.pk, self.customer_id).name

    def words(self) -> dict[str, Any]:
        return {"title": _("Payment link: %(name)s") % {"name": self.name}, **self.link_words()}

    def back_url(self) -> str:
        return reverse("invoice", args=[self.visit.partner.slug, public("inv", self.invoice_id)])


class ReplaceCardPopup(_Link):
    """Another card: where Stripe is connected an address for the customer, else one of the sandbox's cards, which
    behave as they say."""

    at_stripe = False

    def prepare(self, address: Mapping[str, str]) -> None:
        self.customer_id = parse("cus", address["customer"])
        with tenant(self.visit.partner.pk):
            self.at_stripe = pay_links.takes_cards(self.visit.partner.pk)
            self.name = detail.customer(self.visit.partner.pk, self.customer_id).name

    def form(self, data: Any = None) -> Form:
        return super().form(data) if self.at_stripe else ReplaceCardForm(data)

    def preview(self) -> dict[str, Any]:
        if self.at_stripe:
            return super().preview()
        return shown_card(payments.preview_card(self.customer_id, actor=self.visit.actor, now=self.visit.now))

    def carry_out(self, form: Form) -> str:
        if self.at_stripe:
            return super().carry_out(form)
        charged = payments.replace_card(
            self.customer_id, method=form.cleaned_data["method"], actor=self.visit.actor, now=self.visit.now
        )
        said = _("The card of %(name)s is replaced.") % {"name": self.name}
        if not charged:
            return said
        text = ngettext("%(n)d open renewal is being charged.", "%(n)d open renewals are being charged.", charged)
        return f"{said} {text % {'n': charged}}"

    def words(self) -> dict[str, Any]:
        if self.at_stripe:
            return {"title": _("Replace card: %(name)s") % {"name": self.name}, **self.link_words()}
        return {
            "title": _("Replace card: %(name)s") % {"name": self.name},
            "subtitle": _("Test cards of the sandbox; no real money moves."),
            "submit": _("Yes, Replace card"),
        }

    def back_url(self) -> str:
        return reverse("customer", args=[self.visit.partner.slug, public("cus", self.customer_id)])
