"""The popup that pays a customer's balance out: an action of its own, never a side effect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.queries.returns import PayoutChoice, payout_choices
from billing.refunds.states import RefundReason, RefundSource
from customers.queries import detail
from partnerpanel.actions import money_out
from partnerpanel.actions.permission import Permission
from partnerpanel.kernel.ids import parse, public
from partnerpanel.kernel.money import InvalidMoney, Money
from partnerpanel.panel.money_input import amount_text, read_amount
from partnerpanel.panel.refund_forms import REFUND_SOURCES, PayoutForm
from partnerpanel.panel.templatetags.formats import day, money_text
from partnerpanel.panel.views.money_popup import MoneyPopup
from partnerpanel.panel.views.refund import ENDINGS
from partnerpanel.tenancy.scope import tenant


class PayoutPopup(MoneyPopup):
    """All of the largest balance is filled in; it goes back to a card that paid, or is recorded by hand."""

    permission = Permission.REFUND
    customer_id: UUID
    name: str
    balance: Money | None
    cards: list[PayoutChoice]

    def prepare(self, address: Mapping[str, str]) -> None:
        self.customer_id = parse("cus", address["customer"])
        with tenant(self.visit.partner.pk):
            self.name = detail.customer(self.visit.partner.pk, self.customer_id).name
            self.balance, self.cards = payout_choices(self.visit.partner.pk, self.customer_id)

    def form(self, data: Any = None) -> Form:
        ways = [(public("pay", card.payment_id), self._way(card)) for card in self.cards]
        initial = {"amount": amount_text(self.balance) if self.balance else ""}
        return PayoutForm(data, ways=[*ways, *REFUND_SOURCES], initial=initial)

    def preview(self) -> dict[str, Any]:
        if not self.balance:
            raise money_out.BalanceTooSmall(_("The customer has nothing in credit."))
        mails = money_out.mails_of_payout(
            self.customer_id, self.balance, by_gateway=bool(self.cards), actor=self.visit.actor
        )
        return {
            "summary": _("What is paid out is not taken off the next invoice any more. Banks take 5 to 10 days."),
            "totals": [{"text": _("In credit now"), "amount": self.balance}],
            "mails": [{"to": mail.to, "subject": mail.title, "body": mail.body} for mail in mails],
        }

    def carry_out(self, form: Form) -> str:
        data, way = form.cleaned_data, form.cleaned_data["way"]
        by_hand = way in set(RefundSource)
        try:
            amount = read_amount(data["amount"], self.balance.currency if self.balance else self.visit.partner.currency)
        except InvalidMoney as error:
            raise InvalidMoney(error.message, field="amount") from None
        status = money_out.refund_balance(
            self.customer_id,
            amount=amount,
            source=RefundSource(way) if by_hand else RefundSource.GATEWAY,
            payment_id=None if by_hand else parse("pay", way),
            reason=RefundReason(data["reason"]),
            note=data["note"],
            actor=self.visit.actor,
            now=self.visit.now,
        )
        return str(ENDINGS[status] % {"amount": money_text(amount), "to": self.name})

    def words(self) -> dict[str, Any]:
        return {"title": _("Pay out balance: %(name)s") % {"name": self.name}, "submit": _("Yes, Pay out")}

    def back_url(self) -> str:
        return reverse("customer", args=[self.visit.partner.slug, public("cus", self.customer_id)])

    def _way(self, card: PayoutChoice) -> str:
        words = {"card": card.method, "day": day(card.received_on), "amount": money_text(card.left)}
        return _("Back to %(card)s, paid on %(day)s, at most %(amount)s") % words
