"""Popups of credit by hand: added to a customer's balance, and taken back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.queries.balance import GivenCredit, given_credit
from customers.queries import detail
from partnerpanel.actions import credit
from partnerpanel.actions.credit import Credit, CreditReason, InvalidCredit
from partnerpanel.actions.permission import Permission
from partnerpanel.kernel.ids import parse, public, uuid7
from partnerpanel.kernel.money import InvalidMoney
from partnerpanel.panel.credit_forms import AddCreditForm, TakeBackForm
from partnerpanel.panel.money_input import read_amount
from partnerpanel.panel.templatetags.formats import money_text
from partnerpanel.panel.views.catalogue_popup import CataloguePopup
from partnerpanel.panel.views.money_popup import MoneyPopup
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.overview import currencies_of


class AddCreditPopup(CataloguePopup):
    """The preview follows what is typed: what is added, and the mail where one goes out."""

    permission = Permission.CREDIT
    section = "customers"
    customer_id: UUID
    name: str
    currencies: list[str]

    def prepare(self, address: Mapping[str, str]) -> None:
        self.customer_id = parse("cus", address["customer"])
        partner = self.visit.partner
        with tenant(partner.pk):
            self.name = detail.customer(partner.pk, self.customer_id).name
            self.currencies = currencies_of(partner.pk, self.customer_id) or [partner.currency]

    def build(self, data: Any = None) -> Form:
        initial = {"key": uuid7(), "currency": self.currencies[0]}
        return AddCreditForm(data, currencies=self.currencies, initial=initial)

    def quote(self, form: Form | None) -> dict[str, Any]:
        told = _("It is added to the balance, and the next invoice takes it first. No invoice changes.")
        asked = self._read(form) if form else None
        if asked is None:
            return {"summary": told}
        mails = credit.mails_of_credit(self.customer_id, asked, actor=self.visit.actor)
        shown = [{"to": mail.to, "subject": mail.title, "body": mail.body} for mail in mails]
        totals = [{"text": _("Added to the balance"), "amount": asked.amount}]
        return {"summary": told, "totals": totals, "mails": shown, **({"no_mail": ""} if shown else {})}

    def save(self, form: Form) -> str:
        try:
            asked = self._asked(form)
        except InvalidMoney as error:
            raise InvalidMoney(error.message, field="amount") from None
        key = form.cleaned_data["key"]
        credit.add_credit(self.customer_id, asked, key=key, actor=self.visit.actor, now=self.visit.now)
        words = {"amount": money_text(asked.amount), "name": self.name}
        return _("%(amount)s is added to the balance of %(name)s.") % words

    def words(self) -> dict[str, Any]:
        note = _("It is not undone but counter-booked: what is left of it can be taken back from the balance.")
        return {"title": _("Add credit: %(name)s") % {"name": self.name}, "submit": _("Yes, Add Credit"), "note": note}

    def back_url(self) -> str:
        return reverse("customer", args=[self.visit.partner.slug, public("cus", self.customer_id)])

    def _read(self, form: Form) -> Credit | None:
        """What a valid form asks for; None while its amount is none."""
        try:
            asked = self._asked(form)
        except (InvalidMoney, InvalidCredit):
            return None
        return asked if asked.amount.amount > 0 else None

    def _asked(self, form: Form) -> Credit:
        data = form.cleaned_data
        amount = read_amount(data["amount"], data["currency"])
        return Credit(amount, CreditReason(data["reason"]), data["note"], data["tells"])


class TakeBackCreditPopup(MoneyPopup):
    """What the balance still holds of it is counter-booked."""

    permission = Permission.CREDIT
    given: GivenCredit
    name: str

    def prepare(self, address: Mapping[str, str]) -> None:
        with tenant(self.visit.partner.pk):
            self.given = given_credit(self.visit.partner.pk, parse("crd", address["credit"]))
            self.name = detail.customer(self.visit.partner.pk, self.given.customer_id).name

    def form(self, data: Any = None) -> Form:
        return TakeBackForm(data)

    def preview(self) -> dict[str, Any]:
        summary = _("What the balance still holds of the credit is taken from it. What was spent stays as it is.")
        totals = [
            {"text": _("Credit"), "amount": self.given.amount},
            {"text": _("Taken back"), "amount": self.given.left, "strong": True},
        ]
        return {"summary": summary, "totals": totals, "no_mail": _("Nobody is mailed.")}

    def carry_out(self, form: Form) -> str:
        note = form.cleaned_data["note"]
        taken = credit.take_back_credit(self.given.id, note=note, actor=self.visit.actor, now=self.visit.now)
        words = {"amount": money_text(taken), "name": self.name}
        return _("%(amount)s is taken back from the balance of %(name)s.") % words

    def words(self) -> dict[str, Any]:
        title = _("Take credit back: %(name)s") % {"name": self.name}
        return {"title": title, "submit": _("Yes, Take Back"), "danger": True}

    def back_url(self) -> str:
        return reverse("customer-balance", args=[self.visit.partner.slug, public("cus", self.given.customer_id)])
