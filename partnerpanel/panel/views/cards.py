"""Popups about a customer's cards: one more, another one chosen, one taken away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.methods.queries import Method
from customers.queries import detail
from partnerpanel.actions import cards, payments
from partnerpanel.actions.cards import Choice
from partnerpanel.actions.permission import Permission
from partnerpanel.kernel.ids import parse, public
from partnerpanel.panel.forms import CardOfForm, ReplaceCardForm
from partnerpanel.panel.payment_quote import shown_card
from partnerpanel.panel.templatetags.formats import money_text
from partnerpanel.panel.views.money_popup import MoneyPopup
from partnerpanel.tenancy.scope import tenant

METHOD = "pm"


class _Popup(MoneyPopup):
    permission = Permission.REPLACE_CARD
    customer_id: UUID
    name: str

    def find(self, customer_id: UUID) -> None:
        """In the open scope. Raises NotFound."""
        self.customer_id = customer_id
        self.name = detail.customer(self.visit.partner.pk, customer_id).name

    def back_url(self) -> str:
        return reverse("customer", args=[self.visit.partner.slug, public("cus", self.customer_id)])


class AddCardPopup(_Popup):
    """One of the sandbox's; a real one is entered by the customer, in the portal."""

    def prepare(self, address: Mapping[str, str]) -> None:
        with tenant(self.visit.partner.pk):
            self.find(parse("cus", address["customer"]))

    def form(self, data: Any = None) -> Form:
        return ReplaceCardForm(data)

    def preview(self) -> dict[str, Any]:
        with tenant(self.visit.partner.pk):
            cards.refuse_at_gateway(self.visit.partner.pk)
        return {
            "summary": _("It is kept beside the card that is charged. Nothing is charged now."),
            "no_mail": _("Nobody is mailed by this."),
        }

    def carry_out(self, form: Form) -> str:
        cards.add(self.customer_id, method=form.cleaned_data["method"], actor=self.visit.actor, now=self.visit.now)
        return _("The card is kept beside the others.")

    def words(self) -> dict[str, Any]:
        return {
            "title": _("Another card: %(name)s") % {"name": self.name},
            "subtitle": _("Test cards of the sandbox; no real money moves."),
            "submit": _("Yes, Add card"),
        }


class _OnCard(_Popup):
    method: Method

    def prepare(self, address: Mapping[str, str]) -> None:
        with tenant(self.visit.partner.pk):
            self.method = cards.card(parse(METHOD, address["method"]), actor=self.visit.actor)
            self.find(self.method.customer_id)

    def form(self, data: Any = None) -> Form:
        return Form(data)


class UseCardPopup(_OnCard):
    """From now on it is charged, and what is open at once."""

    def preview(self) -> dict[str, Any]:
        return shown_card(payments.preview_card(self.customer_id, actor=self.visit.actor, now=self.visit.now))

    def carry_out(self, form: Form) -> str:
        cards.use(self.method.id, actor=self.visit.actor, now=self.visit.now)
        return _("This card of %(name)s is charged from now on.") % {"name": self.name}

    def words(self) -> dict[str, Any]:
        return {
            "title": _("Charge this card"),
            "subtitle": card_text(self.method),
            "submit": _("Yes, Charge this card"),
        }


class CardOfPopup(_Popup):
    """One subscription is charged to this card, whichever is charged for the others; what it owes at once."""

    subscription_id: UUID
    choice: Choice

    def prepare(self, address: Mapping[str, str]) -> None:
        self.subscription_id = parse("sub", address["subscription"])
        with tenant(self.visit.partner.pk):
            self.choice = cards.choice_for(self.subscription_id, actor=self.visit.actor, now=self.visit.now)
            self.find(self.choice.customer_id)

    def form(self, data: Any = None) -> Form:
        texts = [(public(METHOD, one.id), self._text(one)) for one in self.choice.kept]
        charged = public(METHOD, self.choice.charged) if self.choice.charged else ""
        return CardOfForm(data, cards=texts, initial={"card": charged})

    def preview(self) -> dict[str, Any]:
        due = self.choice.due
        summary = _("Nothing is charged now.")
        if due is not None:
            summary = _("%(amount)s is open, and is charged to the card at once.") % {"amount": money_text(due)}
        return {"summary": summary, "no_mail": "" if due is not None else _("Nobody is mailed by this.")}

    def carry_out(self, form: Form) -> str:
        method_id = parse(METHOD, form.cleaned_data["card"])
        cards.use_for(self.subscription_id, method_id, actor=self.visit.actor, now=self.visit.now)
        return _("This card is charged for %(plan)s from now on.") % {"plan": self.choice.plan_name}

    def words(self) -> dict[str, Any]:
        title = _("Choose its card")
        return {"title": title, "subtitle": self.choice.plan_name, "submit": _("Yes, Charge this card")}

    def _text(self, one: Method) -> str:
        text = card_text(one)
        return f"{text} {_('(or whichever is charged for all)')}" if one.is_default else text


class RemoveCardPopup(_OnCard):
    """It is charged no more; what it paid keeps it."""

    def preview(self) -> dict[str, Any]:
        with tenant(self.visit.partner.pk):
            removal = cards.preview_removal(self.method.id, actor=self.visit.actor, now=self.visit.now)
        text = _("It is charged no more.")
        if removal.heir is not None:
            text += " " + _("From now on %(card)s is charged.") % {"card": card_text(removal.heir)}
        return {"summary": text, "no_mail": _("Nobody is mailed by this.")}

    def carry_out(self, form: Form) -> str:
        cards.remove(self.method.id, actor=self.visit.actor, now=self.visit.now)
        return _("The card of %(name)s is removed.") % {"name": self.name}

    def words(self) -> dict[str, Any]:
        return {"title": _("Remove the card"), "subtitle": card_text(self.method), "submit": _("Yes, Remove card")}


def card_text(method: Method) -> str:
    """As the customer's page writes it."""
    return f"{method.brand} ···· {method.last4}"
