"""A way into the portal for somebody whom the partner's own site has signed in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from partnerpanel.actions import portal_access
from partnerpanel.api.objects import OfResource
from partnerpanel.api.operations import Operation
from partnerpanel.kernel.ids import parse
from partnerpanel.tenancy.hosts import at_portal
from partnerpanel.wire.shapes import At, Shape, Text, constant, one_of
from partnerpanel.wire.values import instant

PLACES = ("home", "plan", "payment", "invoices", "service", "support", "account")


class PortalSessionInput(Shape):
    """For the customer's own address unless another log-in's is said."""

    email = Text(max_length=254, required=False, help_text="Of somebody who signs in for the customer.")
    to = one_of(PLACES, required=False, help_text="The page to begin with.")


class PortalSessionShape(Shape):
    """An address for one person: it works once, within a minute. Lead the browser there; keep it nowhere."""

    object = constant("portal_session")
    url = serializers.CharField()
    expires_at = At()

    class Meta:
        ref_name = "PortalSession"


class PortalSession(OfResource):
    """Each one is recorded, and is another one: nothing is replayed."""

    resource_name = "customers"
    scopes: ClassVar[Mapping[str, str]] = {"POST": "portal_sessions:create"}

    @classmethod
    def operation(cls, method: str) -> Operation:
        return Operation(
            id="customer_portal_session",
            summary="Sign somebody in to the portal whom your own site knows",
            tag="customers",
            takes=PortalSessionInput,
            gives=PortalSessionShape,
            scope=cls.scopes[method],
        )

    def post(self, _request: Request, public_id: str) -> Response:
        id_, wanted = parse("cus", public_id), self.cleaned(PortalSessionInput)
        made = portal_access.hand_over(id_, email=wanted.get("email", ""), actor=self.caller.actor, now=self.caller.now)
        page = at_portal(self.caller.partner, "portal-sso")
        url = f"{page}?to={wanted.get('to', 'home')}#{made.token}"
        return Response({"object": "portal_session", "url": url, "expires_at": instant(made.expires_at)})
