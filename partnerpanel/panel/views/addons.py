"""Popups of a subscription's add-ons: add, remove, keep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.forms import Form
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.rules.changes.outcome import Planned
from partnerpanel.actions.addons import AddAddon, KeepAddon, RemoveAddon
from partnerpanel.actions.money_plan import MoneyPlan
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.quote import Quote
from partnerpanel.actions.verb import Verb
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import parse, public
from partnerpanel.panel.addon_forms import AddAddonForm, HeldAddonForm
from partnerpanel.panel.addon_words import KIND_WORDS, held_price, held_text, offer_text
from partnerpanel.panel.change_forms import Group, with_defaults
from partnerpanel.panel.money_quote import is_waiting
from partnerpanel.panel.templatetags.formats import day, money_text
from partnerpanel.panel.views.subscription_popup import SubscriptionPopup
from partnerpanel.policy.rules.addon import AddonOnRenewal
from partnerpanel.policy.rules.change import Unpaid
from subscriptions.queries.addons import offers
from subscriptions.rules.addons import AddonKind, AddonOffer, HeldAddon


class AddAddonPopup(SubscriptionPopup):
    """What is sold beside the plan: recurring, for a while, or as a pack."""

    permission = Permission.CHANGE_PLAN
    address: ClassVar[str] = "add-addon"
    title = gettext_lazy("Add add-on")
    submit = gettext_lazy("Yes, Add add-on")
    dependent = ("unpaid",)
    offered: Sequence[AddonOffer] = ()

    def look_up(self) -> None:
        found = offers(self.visit.partner.pk, self.facts.billing.price.currency)
        self.offered = [one for one in found if one.is_sellable and one.fits(self.facts.deal.plan)]

    def form(self, data: Any = None, files: Any = None) -> Form:
        if data is None:
            return AddAddonForm(None, groups=self._groups(), initial={"quantity": 1})
        defaults = {"unpaid": self.facts.billing.policy.policy.change.unpaid.value}
        return AddAddonForm(with_defaults(data, defaults, by="addon"), groups=self._groups())

    def draft(self, form: Form) -> Verb | None:
        """What equals the policy's choice is left to the policy."""
        asked = self.asked(form)
        if not asked.get("addon") or not asked.get("quantity"):
            return None
        unpaid = Unpaid(asked["unpaid"]) if asked.get("unpaid") else None
        own = self.facts.billing.policy.policy.change.unpaid
        return AddAddon(
            (self.target,), parse("addon", asked["addon"]), asked["quantity"], unpaid if unpaid is not own else None
        )

    def _preview(self, form: Form) -> Quote | None:
        quote = super()._preview(form)
        planned = quote.money[0].planned if quote and quote.money else None
        self.ways = ("unpaid",) if planned and planned.due_now else ()
        return quote

    def summary(self, plan: MoneyPlan, planned: Planned) -> str:
        held, attempt = _bought(planned), planned.plan.attempt
        words = {
            "addon": held_text(held),
            "amount": money_text(planned.due_now),
            "card": attempt.method.text if attempt else "",
        }
        if not planned.due_now:
            text = _("%(addon)s is added now. Nothing is charged.")
        elif attempt and is_waiting(planned):
            text = _(
                "%(amount)s is charged to %(card)s now, and %(addon)s is added. If it is declined, nothing changes."
            )
        elif attempt:
            text = _(
                "%(addon)s is added now and %(amount)s is charged to %(card)s. If it is declined, it is collected."
            )
        elif is_waiting(planned):
            text = _("An invoice of %(amount)s is written. %(addon)s is added when the customer has paid it.")
        else:
            text = _("%(addon)s is added now, and an invoice of %(amount)s is collected from the customer.")
        return " ".join([text % words, *self._later(held)])

    def told(self, plan: MoneyPlan, planned: Planned, *, charged: bool) -> str:
        words = {
            "name": plan.customer_name,
            "addon": held_text(_bought(planned)),
            "amount": money_text(planned.due_now),
        }
        if charged:
            return _("%(name)s has %(addon)s. %(amount)s was charged.") % words
        return _("%(name)s has %(addon)s.") % words

    def _later(self, held: HeldAddon) -> list[str]:
        if held.until_on:
            return [_("It lasts until %(day)s.") % {"day": day(held.until_on)}]
        if held.recurs:
            price = money_text(held.price_in(self.facts.billing.interval))
            return [_("From the next billing on it costs %(price)s with the plan.") % {"price": price}]
        return []

    def _waits_for(self) -> str:
        if not self.offered:
            return _("No add-on goes with this plan and currency. Create one at the product in your catalogue.")
        return _("Choose an add-on; what it costs appears here.")

    def _groups(self) -> list[Group]:
        groups = []
        for kind in AddonKind:
            of_kind = [one for one in self.offered if one.kind is kind]
            if of_kind:
                groups.append((str(KIND_WORDS[kind]), [(public("addon", one.id), offer_text(one)) for one in of_kind]))
        return groups


class RemoveAddonPopup(SubscriptionPopup):
    """A recurring add-on ends with the period."""

    permission = Permission.CHANGE_PLAN
    address: ClassVar[str] = "remove-addon"
    title = gettext_lazy("Remove add-on")
    submit = gettext_lazy("Yes, Remove")
    danger = True

    def form(self, data: Any = None, files: Any = None) -> Form:
        choices = [(public("held", one.id), f"{held_text(one)} · {held_price(one)}") for one in self.held()]
        wanted = self.request.GET.get("addon") or (choices[0][0] if choices else "")
        return HeldAddonForm(data, choices=choices, initial={"addon": wanted})

    def held(self) -> list[HeldAddon]:
        """Those that this can be done to."""
        return [one for one in self.facts.billing.addons if one.recurs and not one.leaves]

    def draft(self, form: Form) -> Verb | None:
        wanted = self._wanted(form)
        return RemoveAddon((self.target,), wanted.id) if wanted else None

    def summary(self, plan: MoneyPlan, planned: Planned) -> str:
        words = {"addon": self._named(planned), "day": day(plan.before.period.ends_on if plan.before.period else None)}
        text = _("%(addon)s stays until %(day)s and is not billed from then on. Nothing is given back.")
        return text % words

    def told(self, plan: MoneyPlan, planned: Planned, *, charged: bool) -> str:
        return _("%(addon)s ends with the period.") % {"addon": self._named(planned)}

    def _waits_for(self) -> str:
        return _("It has no add-on for which this can be done.")

    def _wanted(self, form: Form) -> HeldAddon | None:
        text = self.asked(form).get("addon") or ""
        try:
            id_ = parse("held", text)
        except NotFound:
            return None
        return next((one for one in self.facts.billing.addons if one.id == id_), None)

    def _named(self, planned: Planned) -> str:
        ids = {move.id for move in planned.plan.addon_moves}
        return ", ".join(held_text(one) for one in planned.plan.facts.addons if one.id in ids)


class KeepAddonPopup(RemoveAddonPopup):
    """A recurring add-on that would end with the period goes on."""

    address: ClassVar[str] = "keep-addon"
    title = gettext_lazy("Keep add-on")
    submit = gettext_lazy("Yes, Keep")
    danger = False

    def held(self) -> list[HeldAddon]:
        billing = self.facts.billing
        number = billing.term.number + 1 if billing.term else 1
        asks = billing.policy.policy.addon.on_renewal is AddonOnRenewal.ASK
        return [one for one in billing.addons if one.recurs and (one.leaves or (asks and one.confirmed_term != number))]

    def draft(self, form: Form) -> Verb | None:
        wanted = self._wanted(form)
        return KeepAddon((self.target,), wanted.id) if wanted else None

    def summary(self, plan: MoneyPlan, planned: Planned) -> str:
        words = {"addon": self._named(planned), "day": day(plan.before.period.ends_on if plan.before.period else None)}
        return _("%(addon)s goes on and is billed with the plan on %(day)s.") % words

    def told(self, plan: MoneyPlan, planned: Planned, *, charged: bool) -> str:
        return _("%(addon)s goes on.") % {"addon": self._named(planned)}


def _bought(planned: Planned) -> HeldAddon:
    change = planned.plan.change
    if change is None or change.change.addon is None:
        raise TypeError("this plan adds no add-on")
    return change.change.addon
