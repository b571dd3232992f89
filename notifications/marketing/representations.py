"""Suppressed addresses as programs see them."""

from __future__ import annotations

from collections.abc import Sequence

from rest_framework import serializers

from customers.rules.keys import email_key
from notifications.marketing.models import Suppression
from notifications.marketing.rules.reasons import Suppressed
from partnerpanel.kernel.ids import public
from partnerpanel.wire import filters
from partnerpanel.wire.resources import Resource, Showing, Shown
from partnerpanel.wire.shapes import At, Shape, constant, id_field, one_of
from partnerpanel.wire.values import instant

PREFIX = "sup"


class SuppressionShape(Shape):
    """An address that gets nothing of marketing, for one reason. What it has to receive is still sent."""

    id = id_field(PREFIX)
    object = constant("suppression")
    address = serializers.CharField()
    reason = one_of(Suppressed)
    note = serializers.CharField()
    since = At()

    class Meta:
        ref_name = "Suppression"


def show(_showing: Showing, rows: Sequence[Suppression]) -> list[Shown]:
    return [
        {
            "id": public(PREFIX, row.pk),
            "object": "suppression",
            "address": row.address,
            "reason": row.reason,
            "note": row.note,
            "since": instant(row.since),
        }
        for row in rows
    ]


SUPPRESSIONS = Resource(
    name="suppressions",
    kind="suppression",
    prefix=PREFIX,
    shape=SuppressionShape,
    rows=Suppression.objects.for_partner,
    show=show,
    filters={
        "address": filters.text(lambda rows, text: rows.filter(address_key=email_key(text)), "This address."),
        "reason": filters.word("reason", Suppressed),
    },
)
