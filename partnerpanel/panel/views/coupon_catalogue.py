"""Coupons in the settings: the list, one with its redemptions, and the popups that make, archive and restore one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from partnerpanel.actions import coupon_catalogue
from partnerpanel.actions.coupon_catalogue import CouponTerms
from partnerpanel.actions.permission import Permission
from partnerpanel.events.queries import of_object
from partnerpanel.kernel.ids import parse, public
from partnerpanel.panel.asked import OneTab, asked
from partnerpanel.panel.catalogue_words import history
from partnerpanel.panel.coupon_forms import NewCouponForm
from partnerpanel.panel.coupon_words import coupon_row
from partnerpanel.panel.listing import LIMIT
from partnerpanel.panel.page import PanelView
from partnerpanel.panel.settings_tabs import settings_tabs
from partnerpanel.panel.views.money_popup import MoneyPopup
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.catalogue import currencies_sold
from subscriptions.queries.changes import plans_at
from subscriptions.queries.coupon_catalogue import CouponLine, coupon_line, coupon_page, redemption_page
from subscriptions.queries.names import product_names
from subscriptions.services.archive import AlreadyArchived, NotArchived

EVENTS = 30


class Coupons(PanelView):
    """The newest first; a search narrows them by the beginning of their code. A damaged cursor begins anew."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        partner = self.visit.partner
        wanted = asked(request, OneTab)
        page = wanted.page(lambda cursor: coupon_page(partner.pk, search=wanted.search, cursor=cursor, limit=LIMIT))
        context = wanted.context(page) | {
            "section": "settings",
            "tabs": settings_tabs(partner.slug, "settings-coupons"),
            "coupons": [coupon_row(one) for one in page.rows],
        }
        return self.page("panel/coupons/list.html", context)


class Coupon(PanelView):
    """One coupon: who redeemed it, and what happened to it. A damaged cursor begins anew."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, coupon: str) -> HttpResponse:
        partner, coupon_id = self.visit.partner, parse("cpn", coupon)
        wanted = asked(request, OneTab)
        page = wanted.page(lambda cursor: redemption_page(partner.pk, coupon_id, cursor=cursor, limit=LIMIT))
        context = wanted.context(page) | {
            "section": "settings",
            "crumbs": [{"text": _("Coupons"), "url": reverse("settings-coupons", args=[partner.slug])}],
            "coupon": coupon_row(coupon_line(partner.pk, coupon_id)),
            "redemptions": page.rows,
            "headings": [{"text": _("Customer")}, {"text": _("Plan")}, {"text": _("Redeemed")}, {"text": _("Ended")}],
            "events": history(of_object(partner.pk, "coupon", coupon_id, limit=EVENTS)),
        }
        return self.page("panel/coupons/detail.html", context)


class NewCouponPopup(MoneyPopup):
    """Another coupon."""

    permission = Permission.EDIT_CATALOGUE
    section = "settings"
    currencies: list[str]
    fits: list[tuple[str, str]]

    def prepare(self, address: Mapping[str, str]) -> None:
        partner = self.visit.partner
        with tenant(partner.pk):
            self.currencies = sorted(
                {partner.currency, *currencies_sold(partner.pk)}, key=lambda one: (one != partner.currency, one)
            )
            plans = {
                plan.id: plan for code in self.currencies for plan in plans_at(partner.pk, code) if plan.is_sellable
            }
            names = product_names(partner.pk, {plan.product_id for plan in plans.values()})
        self.fits = []
        for product_id, name in sorted(names.items(), key=lambda one: one[1]):
            self.fits.append((public("prod", product_id), _("All of %(name)s") % {"name": name}))
            of_product = [plan for plan in plans.values() if plan.product_id == product_id]
            self.fits += [(public("plan", plan.id), f"{name} · {plan.name}") for plan in of_product]

    def form(self, data: Any = None) -> Form:
        return NewCouponForm(data, plans=self.fits, currencies=self.currencies)

    def preview(self) -> dict[str, Any]:
        summary = _("It can be redeemed as soon as it is created. What it takes off never changes afterwards.")
        return {"summary": summary, "no_mail": _("Nobody is mailed.")}

    def carry_out(self, form: Form) -> str:
        data = form.cleaned_data
        terms = CouponTerms(
            code=data["code"],
            discount=data["discount"],
            name=data["name"],
            from_on=data["from_on"],
            until_on=data["until_on"],
            most=data["most"],
            most_each=data["most_each"],
            plan_ids=[parse("plan", one) for one in data["plans"] if one.startswith("plan_")],
            product_ids=[parse("prod", one) for one in data["plans"] if one.startswith("prod_")],
        )
        coupon_catalogue.create_coupon(terms, actor=self.visit.actor, now=self.visit.now)
        return _("%(code)s is created.") % {"code": data["code"]}

    def words(self) -> dict[str, Any]:
        return {"title": _("New coupon"), "submit": _("Create coupon")}

    def back_url(self) -> str:
        return reverse("settings-coupons", args=[self.visit.partner.slug])


class _OnCoupon(MoneyPopup):
    """For one coupon, which `prepare` finds."""

    permission = Permission.EDIT_CATALOGUE
    section = "settings"
    coupon: CouponLine

    def prepare(self, address: Mapping[str, str]) -> None:
        with tenant(self.visit.partner.pk):
            self.coupon = coupon_line(self.visit.partner.pk, parse("cpn", address["coupon"]))

    def form(self, data: Any = None) -> Form:
        return Form(data)

    def back_url(self) -> str:
        return reverse("settings-coupons", args=[self.visit.partner.slug])


class ArchiveCouponPopup(_OnCoupon):
    """Nobody redeems it any more."""

    def preview(self) -> dict[str, Any]:
        if self.coupon.is_archived:
            raise AlreadyArchived("It is archived already.")
        summary = _("Nobody redeems it any more. Who has it keeps it until its periods are over.")
        return {"summary": summary, "no_mail": _("Nobody is mailed.")}

    def carry_out(self, form: Form) -> str:
        coupon_catalogue.archive_coupon(self.coupon.id, actor=self.visit.actor, now=self.visit.now)
        return _("%(code)s is archived.") % {"code": self.coupon.code}

    def words(self) -> dict[str, Any]:
        return {
            "title": _("Archive %(code)s") % {"code": self.coupon.code},
            "submit": _("Yes, Archive"),
            "danger": True,
        }


class RestoreCouponPopup(_OnCoupon):
    """It can be redeemed again."""

    def preview(self) -> dict[str, Any]:
        if not self.coupon.is_archived:
            raise NotArchived("It is not archived.")
        summary = _("It can be redeemed again, within its days and limits.")
        return {"summary": summary, "no_mail": _("Nobody is mailed.")}

    def carry_out(self, form: Form) -> str:
        coupon_catalogue.restore_coupon(self.coupon.id, actor=self.visit.actor, now=self.visit.now)
        return _("%(code)s can be redeemed again.") % {"code": self.coupon.code}

    def words(self) -> dict[str, Any]:
        return {"title": _("Restore %(code)s") % {"code": self.coupon.code}, "submit": _("Yes, Restore")}
