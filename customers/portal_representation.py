"""Log-ins of the portal as programs see them."""

from __future__ import annotations

from collections.abc import Sequence

from rest_framework import serializers

from customers.models import PortalLogin
from customers.rules.keys import email_key
from customers.rules.portal_roles import PortalRole
from partnerpanel.kernel.ids import public
from partnerpanel.wire import filters
from partnerpanel.wire.resources import Resource, Showing, Shown
from partnerpanel.wire.shapes import At, Shape, constant, id_field, one_of, ref_field
from partnerpanel.wire.values import instant


class PortalLoginShape(Shape):
    """Somebody who signs in to the portal for a customer; one that was removed stays readable."""

    id = id_field("plg")
    object = constant("portal_login")
    customer = ref_field("cus", "Customer")
    email = serializers.CharField()
    role = one_of([role.value for role in PortalRole])
    invited_at = At()
    accepted_at = At(allow_null=True)
    removed_at = At(allow_null=True)

    class Meta:
        ref_name = "PortalLogin"


def show(_showing: Showing, rows: Sequence[PortalLogin]) -> list[Shown]:
    return [
        {
            "id": public("plg", row.pk),
            "object": "portal_login",
            "customer": public("cus", row.customer_id),
            "email": row.email,
            "role": row.role,
            "invited_at": instant(row.invited_at),
            "accepted_at": instant(row.accepted_at),
            "removed_at": instant(row.removed_at),
        }
        for row in rows
    ]


PORTAL_LOGINS = Resource(
    name="portal_logins",
    kind="portal_login",
    prefix="plg",
    shape=PortalLoginShape,
    rows=PortalLogin.objects.for_partner,
    show=show,
    filters={
        "customer": filters.by_id("customer", "cus", "customer"),
        "email": filters.text(lambda rows, text: rows.filter(email_key=email_key(text)), "With this address."),
    },
    refs={"customer": "customers"},
)
