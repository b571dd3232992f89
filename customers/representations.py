"""Customers as programs see them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from rest_framework import serializers

from customers.models import Customer, CustomerTag
from customers.queries.lists import tags_of
from customers.queries.sql.search import search_query
from customers.rules.keys import email_key
from partnerpanel.kernel.ids import public
from partnerpanel.tenancy.rows import TenantQuerySet
from partnerpanel.wire import filters
from partnerpanel.wire.resources import Resource, Showing, Shown
from partnerpanel.wire.shapes import At, Shape, Whole, constant, id_field, one_of
from partnerpanel.wire.values import instant

STANDINGS = {
    "active": "is_active",
    "expired": "is_expired",
    "suspended": "is_suspended",
    "in_grace": "is_in_grace",
    "cancelling": "is_cancelling",
    "trialing": "is_trialing",
    "paused": "is_paused",
    "banned": "is_banned",
}


class CustomerShape(Shape):
    """A buyer of the partner. `standing` says all that holds of it and its subscriptions now."""

    id = id_field("cus")
    object = constant("customer")
    name = serializers.CharField()
    email = serializers.CharField()
    country = serializers.CharField(help_text="ISO 3166-1, two letters.")
    region = serializers.CharField(help_text="A part of the country where taxes differ by it, as ISO 3166-2 writes it.")
    locale = serializers.CharField()
    timezone = serializers.CharField()
    tax_id = serializers.CharField()
    tax_exempt_for = serializers.CharField(help_text="Why no tax is charged; empty where it is.")
    external_id = serializers.CharField(help_text="Your own number of it.")
    tags = serializers.ListField(child=serializers.CharField())
    standing = serializers.ListField(child=one_of(STANDINGS))
    registered_at = At()
    erased_at = At(allow_null=True, help_text="When its personal data was erased.")
    version = Whole(help_text="Counts its changes.")

    class Meta:
        ref_name = "Customer"


def show(showing: Showing, rows: Sequence[Customer]) -> list[Shown]:
    tags = tags_of(showing.partner_id, [row.pk for row in rows])
    return [
        {
            "id": public("cus", row.pk),
            "object": "customer",
            "name": row.name,
            "email": row.email,
            "country": row.country,
            "region": row.region,
            "locale": row.locale,
            "timezone": row.timezone,
            "tax_id": row.tax_id,
            "tax_exempt_for": row.tax_exempt_for,
            "external_id": row.external_id,
            "tags": tags.get(row.pk, []),
            "standing": [word for word, column in STANDINGS.items() if getattr(row, column)],
            "registered_at": instant(row.registered_at),
            "erased_at": instant(row.erased_at),
            "version": row.version,
        }
        for row in rows
    ]


def _rows(partner_id: UUID) -> TenantQuerySet[Customer]:
    return Customer.objects.for_partner(partner_id)


def _standing(rows: filters.Rows, word: str) -> filters.Rows:
    return rows.filter(**{STANDINGS[word]: True})


def _tagged(rows: filters.Rows, name: str) -> filters.Rows:
    tagged: Any = CustomerTag.objects.filter(partner=OuterRef("partner"), customer=OuterRef("pk"), tag__name=name)
    return rows.filter(Exists(tagged))


CUSTOMERS = Resource(
    name="customers",
    kind="customer",
    prefix="cus",
    shape=CustomerShape,
    rows=_rows,
    show=show,
    filters={
        "email": filters.text(lambda rows, text: rows.filter(email_key=email_key(text)), "With this address."),
        "external_id": filters.text(lambda rows, text: rows.filter(external_id=text), "With this number of your own."),
        "search": filters.text(
            lambda rows, text: rows.filter(pk__in=search_query(text)) if text.strip() else rows,
            "Part of a name or address.",
        ),
        "country": filters.text(lambda rows, text: rows.filter(country=text), "In this country."),
        "tag": filters.text(_tagged, "With this tag."),
        "standing": filters.Filter(
            filters.word("", STANDINGS).read,
            _standing,
            {"type": "string", "enum": list(STANDINGS)},
            "Of whom this holds now.",
        ),
        **filters.between("registered", "registered_at"),
    },
)
