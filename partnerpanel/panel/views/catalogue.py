"""Products and plans: the list, one product, one plan."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerpanel.actions.checkout.links import links_of
from partnerpanel.actions.checkout.representations import LINK, url_of
from partnerpanel.actions.permission import Permission, may
from partnerpanel.events.queries import of_object
from partnerpanel.kernel.ids import parse, public
from partnerpanel.panel.addon_words import KIND_WORDS
from partnerpanel.panel.asked import asked
from partnerpanel.panel.catalogue_words import history
from partnerpanel.panel.page import PanelView
from partnerpanel.panel.statuses import look
from partnerpanel.tenancy.actor import Actor
from subscriptions.queries.addon_catalogue import addons_of_product
from subscriptions.queries.catalogue import CatalogueTab, catalogue_counts, catalogue_page, plan_line, product_line
from subscriptions.queries.plan_holders import holder_facts, service_facts

TABS: dict[CatalogueTab, Any] = {
    CatalogueTab.ON_SALE: gettext_lazy("On sale"),
    CatalogueTab.ARCHIVED: gettext_lazy("Archived"),
    CatalogueTab.ALL: gettext_lazy("All"),
}
PRODUCTS, EVENTS = 20, 30


def headings() -> list[dict[str, Any]]:
    """Columns of a table of plans."""
    return [
        {"text": _("Plan")},
        {"text": _("Status")},
        {"text": _("Price")},
        {"text": _("Rank"), "end": True},
        {"text": _("Allowances")},
        {"text": _("Held by"), "end": True},
        {"text": _("Monthly"), "end": True},
    ]


class Products(PanelView):
    """Products with their plans in one tab. The address is the state; a damaged cursor begins at the first page."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        partner_id = self.visit.partner.pk
        wanted = asked(request, CatalogueTab, longest=80)
        tab, search = wanted.tab, wanted.search
        page = wanted.page(
            lambda cursor: catalogue_page(partner_id, tab=tab, search=search, cursor=cursor, limit=PRODUCTS)
        )
        context = wanted.context(page) | {
            "section": "catalogue",
            "tabs": wanted.tabs(TABS, catalogue_counts(partner_id, search=search)),
            "products": page.rows,
            "headings": headings(),
        }
        return self.page("panel/catalogue/list.html", context)


class Product(PanelView):
    """One product: its plans by rank, and what happened to it."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, product: str) -> HttpResponse:
        partner_id, product_id = self.visit.partner.pk, parse("prod", product)
        found = product_line(partner_id, product_id)
        context = {
            "section": "catalogue",
            "crumbs": [_catalogue(self)],
            "product": found,
            "headings": headings(),
            "addons": [(one, KIND_WORDS[one.kind]) for one in addons_of_product(partner_id, product_id)],
            "addon_headings": _addon_headings(self.visit.actor),
            "events": history(of_object(partner_id, "product", product_id, limit=EVENTS)),
        }
        return self.page("panel/catalogue/product.html", context)


class Plan(PanelView):
    """One plan: prices, siblings, allowances, who holds it at which price, how their service stands, its history."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, plan: str) -> HttpResponse:
        partner_id, plan_id = self.visit.partner.pk, parse("plan", plan)
        found = plan_line(partner_id, plan_id)
        product = product_line(partner_id, found.product_id)
        holders = holder_facts(partner_id, plan_id)
        slug = self.visit.partner.slug
        context = {
            "section": "catalogue",
            "crumbs": [
                _catalogue(self),
                {"text": found.product_name, "url": reverse("product", args=[slug, public("prod", product.id)])},
            ],
            "plan": found,
            "product": product,
            "holders": holders,
            "states": [(look(state.value).text, count) for state, count in holders.by_lifecycle.items()],
            "paid": [(one, one.price in found.prices) for one in holders.prices],
            "service": service_facts(partner_id, plan_id),
            "links": [
                {"id": public(LINK, row.pk), "row": row, "url": url_of(self.visit.partner, row.key)}
                for row in links_of(partner_id, plan_id)
            ],
            "customers_url": reverse("customers", args=[slug]) + "?" + urlencode({"plan": plan}),
            "events": history(of_object(partner_id, "plan", plan_id, limit=EVENTS)),
        }
        return self.page("panel/catalogue/plan.html", context)


def _addon_headings(actor: Actor) -> list[dict[str, Any]]:
    """Columns of the table of add-ons; who may edit them has one more."""
    headings: list[dict[str, Any]] = [
        {"text": _("Add-on")},
        {"text": _("Status")},
        {"text": _("Kind")},
        {"text": _("Price")},
        {"text": _("Allowances")},
        {"text": _("Plans")},
        {"text": _("Held by"), "end": True},
    ]
    if may(actor, Permission.EDIT_CATALOGUE):
        headings.append({"text": _("Actions"), "end": True})
    return headings


def _catalogue(view: PanelView) -> dict[str, str]:
    return {"text": _("Catalogue"), "url": reverse("products", args=[view.visit.partner.slug])}
