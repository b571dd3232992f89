"""Checkout links, and orders, as programs see them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from rest_framework import serializers

from partnerpanel.actions.checkout.models import Checkout, CheckoutLink
from partnerpanel.actions.checkout.states import CheckoutState
from partnerpanel.kernel.ids import public
from partnerpanel.tenancy.hosts import at_portal
from partnerpanel.tenancy.models import Partner
from partnerpanel.tenancy.queries import partner_by_id
from partnerpanel.wire import filters
from partnerpanel.wire.resources import Resource, Showing, Shown
from partnerpanel.wire.shapes import At, Flag, Shape, Whole, constant, id_field, one_of, ref_field
from partnerpanel.wire.values import instant

LINK, CHECKOUT = "clk", "chk"


def url_of(partner: Partner, key: str) -> str:
    """The address at which it is sold."""
    return at_portal(partner, "portal-buy", key)


class ChosenAddonShape(Shape):
    """So many of an add-on."""

    addon = id_field("addon")
    quantity = Whole()

    class Meta:
        ref_name = "ChosenAddon"


class CheckoutLinkShape(Shape):
    """An address at which a plan is sold to whoever has it."""

    id = id_field(LINK)
    object = constant("checkout_link")
    plan = ref_field("plan", "Plan")
    url = serializers.CharField(help_text="Hand it out, or link to it.")
    public = Flag(help_text="The plan’s own page.")
    note = serializers.CharField(allow_blank=True)
    trial_days = Whole()
    trial_needs_card = Flag()
    most_quantity = Whole(help_text="How many a buyer may take at once.")
    coupon = serializers.CharField(allow_blank=True)
    addons = ChosenAddonShape(many=True)
    email = serializers.CharField(allow_blank=True, help_text="What the form begins with.")
    terms_url = serializers.CharField(allow_blank=True)
    until = At(allow_null=True)
    most_uses = Whole(allow_null=True)
    uses = Whole(help_text="Orders by it so far.")
    created_at = At()
    off_at = At(allow_null=True, help_text="When it was switched off.")
    version = Whole(help_text="Counts its changes.")

    class Meta:
        ref_name = "CheckoutLink"


class CheckoutShape(Shape):
    """An order. `open`: nothing is ordered yet; `paying`: a card or the first payment is awaited."""

    id = id_field(CHECKOUT)
    object = constant("checkout")
    link = ref_field(LINK, "CheckoutLink")
    customer = ref_field("cus", "Customer", nullable=True)
    subscription = ref_field("sub", "Subscription", nullable=True)
    state = one_of(CheckoutState)
    currency = serializers.CharField()
    quantity = Whole()
    coupon = serializers.CharField(allow_blank=True)
    addons = ChosenAddonShape(many=True)
    terms_url = serializers.CharField(allow_blank=True, help_text="The terms that were accepted.")
    opened_at = At()
    ordered_at = At(allow_null=True)
    ended_at = At(allow_null=True)
    version = Whole(help_text="Counts its events.")

    class Meta:
        ref_name = "Checkout"


def _addons(chosen: list[tuple[str, int]]) -> list[dict[str, object]]:
    return [{"addon": public("addon", UUID(id_)), "quantity": quantity} for id_, quantity in chosen]


def show_links(showing: Showing, rows: Sequence[CheckoutLink]) -> list[Shown]:
    partner = partner_by_id(showing.partner_id)
    return [
        {
            "id": public(LINK, row.pk),
            "object": "checkout_link",
            "plan": public("plan", row.plan_id),
            "url": url_of(partner, row.key),
            "public": row.is_public,
            "note": row.note,
            "trial_days": row.trial_days,
            "trial_needs_card": row.trial_needs_card,
            "most_quantity": row.most_quantity,
            "coupon": row.coupon,
            "addons": _addons(row.addons),
            "email": row.email,
            "terms_url": row.terms_url,
            "until": instant(row.until_at),
            "most_uses": row.most_uses,
            "uses": row.uses,
            "created_at": instant(row.created_at),
            "off_at": instant(row.off_at),
            "version": row.version,
        }
        for row in rows
    ]


def show_checkouts(_showing: Showing, rows: Sequence[Checkout]) -> list[Shown]:
    return [
        {
            "id": public(CHECKOUT, row.pk),
            "object": "checkout",
            "link": public(LINK, row.link_id),
            "customer": public("cus", row.customer_id) if row.customer_id else None,
            "subscription": public("sub", row.subscription_id) if row.subscription_id else None,
            "state": row.state,
            "currency": row.currency,
            "quantity": row.quantity,
            "coupon": row.coupon,
            "addons": _addons(row.addons),
            "terms_url": row.terms_url,
            "opened_at": instant(row.opened_at),
            "ordered_at": instant(row.ordered_at),
            "ended_at": instant(row.ended_at),
            "version": row.version,
        }
        for row in rows
    ]


CHECKOUT_LINKS = Resource(
    name="checkout_links",
    kind="checkout_link",
    prefix=LINK,
    shape=CheckoutLinkShape,
    rows=CheckoutLink.objects.for_partner,
    show=show_links,
    filters={
        "plan": filters.by_id("plan", "plan", "plan"),
        "on": filters.flag(
            lambda rows, wanted: rows.filter(off_at__isnull=wanted), "Those that are on, or those that are off."
        ),
        **filters.between("created", "created_at"),
    },
    refs={"plan": "plans"},
)
CHECKOUTS = Resource(
    name="checkouts",
    kind="checkout",
    prefix=CHECKOUT,
    shape=CheckoutShape,
    rows=Checkout.objects.for_partner,
    show=show_checkouts,
    filters={
        "link": filters.by_id("link", LINK, "checkout link"),
        "customer": filters.by_id("customer", "cus", "customer"),
        "state": filters.word("state", CheckoutState),
        **filters.between("opened", "opened_at"),
    },
    refs={"link": "checkout_links", "customer": "customers", "subscription": "subscriptions"},
)
