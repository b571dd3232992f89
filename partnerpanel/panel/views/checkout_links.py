"""Popups of a plan's checkout links: another one, and one that is switched off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _

from partnerpanel.actions.checkout import links
from partnerpanel.actions.checkout.links import NewLink
from partnerpanel.actions.checkout.representations import LINK
from partnerpanel.actions.permission import Permission
from partnerpanel.kernel.ids import parse, public
from partnerpanel.panel.checkout_forms import PAGE, LinkForm
from partnerpanel.panel.views.settings_popup import SettingsPopup
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.addons import offers
from subscriptions.queries.catalogue import PlanLine, plan_line
from subscriptions.queries.changes import plans_at
from subscriptions.rules.addons import AddonKind, AddonOffer


class _Popup(SettingsPopup):
    permission = Permission.EDIT_CATALOGUE
    section = "catalogue"
    plan: PlanLine

    def back_url(self) -> str:
        return reverse("plan", args=[self.visit.partner.slug, public("plan", self.plan.id)])


class NewLinkPopup(_Popup):
    """Another address at which the plan is sold."""

    addons: list[AddonOffer]

    def prepare(self, address: Mapping[str, str]) -> None:
        partner_id = self.visit.partner.pk
        with tenant(partner_id):
            self.plan = plan_line(partner_id, parse("plan", address["plan"]))
            currency = self.plan.prices[0].currency if self.plan.prices else ""
            [*sold] = plans_at(partner_id, currency, [self.plan.id])
            found = offers(partner_id, currency) if sold else []
            self.addons = [
                one for one in found if one.is_sellable and one.kind is AddonKind.RECURRING and one.fits(sold[0])
            ]

    def form(self, data: Any = None) -> Form:
        return LinkForm(data, addons=self.addons)

    def preview(self) -> dict[str, Any]:
        return self.told(
            _("From now on whoever has the address can buy the plan there, without anybody’s help."),
            _("What it offers stays as it is; for another offer, make another link."),
        )

    def carry_out(self, form: Form) -> str:
        if not isinstance(form, LinkForm):
            raise TypeError("this popup has a form of links")
        data = form.cleaned_data
        new = NewLink(
            plan_id=self.plan.id,
            is_public=data["found_by"] == PAGE,
            key=data["key"] if data["found_by"] == PAGE else "",
            note=data["note"],
            trial_days=data["trial_days"] or 0,
            trial_needs_card=data["trial_needs_card"],
            most_quantity=data["most_quantity"] or 1,
            coupon=data["coupon"],
            addons=form.addons,
            email=data["email"],
            terms_url=data["terms_url"],
            until_at=data["until_at"],
            most_uses=data["most_uses"],
        )
        links.create_link(new, actor=self.visit.actor, now=self.visit.now)
        told = _("%(plan)s is sold there from now on. Copy the address from the plan’s page.")
        return told % {"plan": self.plan.name}

    def words(self) -> dict[str, Any]:
        return {"title": _("Sell by a link"), "subtitle": self.plan.name, "submit": _("Make link")}


class SwitchLinkOffPopup(_Popup):
    """Nobody orders by it any more."""

    id: UUID
    note: str

    def prepare(self, address: Mapping[str, str]) -> None:
        partner_id = self.visit.partner.pk
        self.id = parse(LINK, address["link"])
        with tenant(partner_id):
            row = links.link_named(partner_id, self.id)
            self.plan, self.note = plan_line(partner_id, row.plan_id), row.note or row.key

    def preview(self) -> dict[str, Any]:
        return self.told(
            _("Nobody orders at this address any more, and it is not switched on again."),
            _("What is ordered already goes on; whoever looks at it is told that the offer is over."),
        )

    def carry_out(self, form: Form) -> str:
        links.switch_off(self.id, actor=self.visit.actor, now=self.visit.now)
        return _("The link is switched off.")

    def words(self) -> dict[str, Any]:
        title = _("Switch the link off")
        return {"title": title, "subtitle": self.note, "submit": _("Yes, Switch off"), "danger": True}
