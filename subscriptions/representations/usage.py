"""Records of usage as programs see them."""

from __future__ import annotations

from collections.abc import Sequence

from rest_framework import serializers

from partnerpanel.kernel.ids import public
from partnerpanel.wire import filters
from partnerpanel.wire.resources import Resource, Showing, Shown
from partnerpanel.wire.shapes import At, Shape, Whole, constant, id_field, ref_field
from partnerpanel.wire.values import instant
from subscriptions.models import UsageRecord


class UsageRecordShape(Shape):
    """So much of an allowance used at an instant; the same `key` is counted once."""

    id = id_field("use")
    object = constant("usage_record")
    subscription = ref_field("sub", "Subscription")
    allowance = serializers.CharField()
    amount = Whole()
    key = serializers.CharField(help_text="Your own.")
    period_number = Whole(help_text="The period of the subscription that it counts in.")
    used_at = At()
    recorded_at = At()

    class Meta:
        ref_name = "UsageRecord"


def show(_showing: Showing, rows: Sequence[UsageRecord]) -> list[Shown]:
    return [
        {
            "id": public("use", row.pk),
            "object": "usage_record",
            "subscription": public("sub", row.subscription_id),
            "allowance": row.allowance,
            "amount": row.amount,
            "key": row.key,
            "period_number": row.term_number,
            "used_at": instant(row.used_at),
            "recorded_at": instant(row.recorded_at),
        }
        for row in rows
    ]


USAGE_RECORDS = Resource(
    name="usage_records",
    kind="usage_record",
    prefix="use",
    shape=UsageRecordShape,
    rows=UsageRecord.objects.for_partner,
    show=show,
    filters={
        "subscription": filters.by_id("subscription", "sub", "subscription"),
        "allowance": filters.text(lambda rows, text: rows.filter(allowance=text), "Of this allowance."),
        "key": filters.text(lambda rows, text: rows.filter(key=text), "With this key of your own."),
        **filters.between("used", "used_at"),
    },
    refs={"subscription": "subscriptions"},
)
