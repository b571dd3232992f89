"""Service accounts as programs see them; passwords are not among it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from rest_framework import serializers

from partnerpanel.kernel.ids import public
from partnerpanel.tenancy.rows import TenantQuerySet
from partnerpanel.wire import filters
from partnerpanel.wire.resources import Resource, Showing, Shown
from partnerpanel.wire.shapes import At, Flag, Shape, Whole, anything, constant, id_field, one_of, ref_field
from partnerpanel.wire.values import instant
from subscriptions.models import ServiceAccount
from subscriptions.rules.service_states import ServiceState


class ServiceAccountShape(Shape):
    """The customer's login on the service: as it should be (`desired`), and as the service was last told (`actual`)."""

    id = id_field("acc")
    object = constant("service_account")
    subscription = ref_field("sub", "Subscription")
    username = serializers.CharField()
    desired = one_of(ServiceState)
    actual = one_of(ServiceState)
    in_sync = Flag()
    password_number = Whole(help_text="Counts its passwords.")
    password_pending = Flag(help_text="The service has not got the newest one yet.")
    terms = anything("What it may use.")
    last_error = serializers.CharField()
    needs_person = Flag(help_text="It was tried often enough, and waits for somebody.")
    changed_at = At(allow_null=True)

    class Meta:
        ref_name = "ServiceAccount"


def show(_showing: Showing, rows: Sequence[ServiceAccount]) -> list[Shown]:
    return [
        {
            "id": public("acc", row.pk),
            "object": "service_account",
            "subscription": public("sub", row.subscription_id),
            "username": row.username,
            "desired": row.desired,
            "actual": row.actual,
            "in_sync": row.desired == row.actual and not row.password_pending,
            "password_number": row.password_number,
            "password_pending": row.password_pending,
            "terms": row.terms,
            "last_error": row.last_error,
            "needs_person": row.parked_at is not None,
            "changed_at": instant(row.changed_at),
        }
        for row in rows
    ]


def _rows(partner_id: UUID) -> TenantQuerySet[ServiceAccount]:
    return ServiceAccount.objects.for_partner(partner_id).defer("password_sealed")


SERVICE_ACCOUNTS = Resource(
    name="service_accounts",
    kind="service_account",
    prefix="acc",
    shape=ServiceAccountShape,
    rows=_rows,
    show=show,
    filters={
        "subscription": filters.by_id("subscription", "sub", "subscription"),
        "customer": filters.by_id("subscription__customer", "cus", "customer"),
        "username": filters.text(lambda rows, text: rows.filter(username=text), "With this user name."),
        "desired": filters.word("desired", ServiceState),
        "actual": filters.word("actual", ServiceState),
    },
    refs={"subscription": "subscriptions"},
)
