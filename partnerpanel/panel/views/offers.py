"""Offers in the settings: the rules in their order, one with who would see it, and why customers leave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from partnerpanel.actions import offer_rules
from partnerpanel.events.queries import of_object
from partnerpanel.kernel.ids import parse, public
from partnerpanel.offers.queries.foreseen import foreseen
from partnerpanel.offers.queries.offer_rules import RuleLine, rule_line, rule_lines
from partnerpanel.offers.queries.survey import exit_reasons
from partnerpanel.offers.services.offer_rules import OfferMoved
from partnerpanel.panel.catalogue_words import history
from partnerpanel.panel.exit_words import reason_choices, reason_text, reason_texts
from partnerpanel.panel.offer_forms import OfferForm, initial_of
from partnerpanel.panel.offer_words import UNMET, rule_row
from partnerpanel.panel.page import PanelView
from partnerpanel.panel.settings_tabs import settings_tabs
from partnerpanel.panel.views.settings_popup import SettingsPopup
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.catalogue import currencies_sold
from subscriptions.queries.changes import plans_at
from subscriptions.queries.coupon_catalogue import coupon_page
from subscriptions.queries.names import names_of_plans, product_names

EVENTS, SHOWN, COUPONS = 30, 50, 200


class Offers(PanelView):
    """The rules by moment, in the order in which they are asked; and the reasons."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        partner = self.visit.partner
        reasons = exit_reasons(partner.pk)
        lines = rule_lines(partner.pk)
        context = {
            "section": "settings",
            "tabs": settings_tabs(partner.slug, "settings-offers"),
            "offers": [_row(line, self.visit.partner.pk, reason_texts(reasons)) for line in lines],
            "reasons": [
                {"code": one.code, "text": reason_text(one), "is_on": one.is_on, "is_own": one.is_own}
                for one in reasons
            ],
        }
        return self.page("panel/offers/list.html", context)


def _row(line: RuleLine, partner_id: Any, reasons: Mapping[str, str]) -> dict[str, Any]:
    wanted = line.rule.conditions
    plans = names_of_plans(partner_id, {*wanted.plans, *wanted.to_plans})
    return rule_row(line, reasons=reasons, plans=plans | product_names(partner_id, wanted.products))


class Offer(PanelView):
    """One rule: who would see its offer if they left now, and what happened to it."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, offer: str) -> HttpResponse:
        partner, rule_id = self.visit.partner, parse("ofr", offer)
        line = rule_line(partner.pk, rule_id)
        found = foreseen(partner.pk, line.rule, now=self.visit.now)
        context = {
            "section": "settings",
            "crumbs": [{"text": _("Offers"), "url": reverse("settings-offers", args=[partner.slug])}],
            "offer": _row(line, partner.pk, reason_texts(exit_reasons(partner.pk))),
            "seen": found.seen[:SHOWN],
            "seen_count": len(found.seen),
            "earlier_count": len(found.earlier),
            "unmet": [(str(UNMET[name]), count) for name, count in found.unmet.items() if name in UNMET],
            "is_capped": found.is_capped,
            "headings": [
                {"text": _("Customer")},
                {"text": _("Plan")},
                {"text": _("Price")},
                {"text": _("Paid months")},
            ],
            "events": history(of_object(partner.pk, "offer_rule", rule_id, limit=EVENTS)),
        }
        return self.page("panel/offers/detail.html", context)


class _OfferPopup(SettingsPopup):
    """The form with what can be chosen."""

    choices: dict[str, Any]

    def prepare(self, address: Mapping[str, str]) -> None:
        partner = self.visit.partner
        with tenant(partner.pk):
            currencies = [partner.currency, *sorted(set(currencies_sold(partner.pk)) - {partner.currency})]
            plans = {plan.id: plan for code in currencies for plan in plans_at(partner.pk, code) if plan.is_sellable}
            names = product_names(partner.pk, {plan.product_id for plan in plans.values()})
            coupons = coupon_page(partner.pk, search="", cursor=None, limit=COUPONS).rows
            reasons = reason_choices(exit_reasons(partner.pk))
        named = [(public("plan", one.id), f"{names[one.product_id]} · {one.name}") for one in plans.values()]
        whole = [(public("prod", id_), _("All of %(name)s") % {"name": name}) for id_, name in names.items()]
        self.choices = {
            "coupons": [(public("cpn", one.id), one.code) for one in coupons if not one.is_archived],
            "plans": sorted(named, key=lambda one: one[1]),
            "fits": [*sorted(whole, key=lambda one: one[1]), *sorted(named, key=lambda one: one[1])],
            "reasons": reasons,
            "currencies": currencies,
        }

    def preview(self) -> dict[str, Any]:
        return self.told(_("Of all that fit, the first by its place is shown. Nobody is shown two."))

    def back_url(self) -> str:
        return reverse("settings-offers", args=[self.visit.partner.slug])


class NewOfferPopup(_OfferPopup):
    """Another rule, which acts at once."""

    def form(self, data: Any = None) -> Form:
        return OfferForm(data, **self.choices)

    def carry_out(self, form: Form) -> str:
        if not isinstance(form, OfferForm):
            raise TypeError("this popup has one form")
        offer_rules.create_rule(form.terms(is_on=True), actor=self.visit.actor, now=self.visit.now)
        return _("%(name)s is created.") % {"name": form.cleaned_data["name"]}

    def words(self) -> dict[str, Any]:
        return {"title": _("New offer"), "submit": _("Create offer")}


class EditOfferPopup(_OfferPopup):
    """What is shown from now on; offers that were made stay as they were."""

    line: RuleLine

    def prepare(self, address: Mapping[str, str]) -> None:
        super().prepare(address)
        with tenant(self.visit.partner.pk):
            self.line = rule_line(self.visit.partner.pk, parse("ofr", address["offer"]))

    def form(self, data: Any = None) -> Form:
        return OfferForm(data, initial=initial_of(self.line.rule), **self.choices)

    def carry_out(self, form: Form) -> str:
        if not isinstance(form, OfferForm):
            raise TypeError("this popup has one form")
        rule = self.line.rule
        try:
            offer_rules.change_rule(
                rule.id,
                form.terms(is_on=rule.is_on),
                version=form.cleaned_data["version"] or 0,
                actor=self.visit.actor,
                now=self.visit.now,
            )
        except OfferMoved:
            form.data = form.data.copy()  # type: ignore[attr-defined]
            form.data["version"] = str(rule.version)  # type: ignore[index]
            raise
        return _("%(name)s is saved.") % {"name": form.cleaned_data["name"]}

    def words(self) -> dict[str, Any]:
        return {"title": _("Edit %(name)s") % {"name": self.line.rule.name}, "submit": _("Save")}


class SwitchOfferPopup(SettingsPopup):
    """On or off, whichever it is not."""

    line: RuleLine

    def prepare(self, address: Mapping[str, str]) -> None:
        with tenant(self.visit.partner.pk):
            self.line = rule_line(self.visit.partner.pk, parse("ofr", address["offer"]))

    def preview(self) -> dict[str, Any]:
        if self.line.rule.is_on:
            return self.told(_("It is not offered any more. Who has seen it can still take it."))
        return self.told(_("It is offered again to whom it fits."))

    def carry_out(self, form: Form) -> str:
        rule = self.line.rule
        offer_rules.switch_rule(rule.id, is_on=not rule.is_on, actor=self.visit.actor, now=self.visit.now)
        text = _("%(name)s is switched off.") if rule.is_on else _("%(name)s is switched on.")
        return text % {"name": rule.name}

    def words(self) -> dict[str, Any]:
        if self.line.rule.is_on:
            return {"title": _("Switch off %(name)s") % {"name": self.line.rule.name}, "submit": _("Yes, Switch off")}
        return {"title": _("Switch on %(name)s") % {"name": self.line.rule.name}, "submit": _("Yes, Switch on")}

    def back_url(self) -> str:
        return reverse("settings-offers", args=[self.visit.partner.slug])
