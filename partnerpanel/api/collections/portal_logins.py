"""Who signs in to the portal for a customer: invited, listed, taken away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from partnerpanel.actions import portal_access
from partnerpanel.actions.portal_access import PortalRole
from partnerpanel.api.collections.making import Changing, Making
from partnerpanel.api.operations import Operation
from partnerpanel.kernel.ids import parse
from partnerpanel.wire.shapes import PublicId, Shape, Text, one_of

READ, WRITE = "portal_logins:read", "portal_logins:write"
GONE = 204


class PortalLoginInput(Shape):
    """They are mailed an invitation, which is good for seven days."""

    example: ClassVar[Mapping[str, Any]] = {
        "customer": "cus_01jzzzzzzzzzzzzzzzzzzzzzzz",
        "email": "bo@example.com",
        "role": "billing",
    }

    customer = PublicId("cus")
    email = Text(max_length=254)
    role = one_of([role.value for role in PortalRole])


class PortalLogins(Making):
    """The same as an invitation in the panel."""

    resource_name = "portal_logins"
    scopes: ClassVar[Mapping[str, str]] = {"GET": READ, "POST": WRITE}
    shape = PortalLoginInput

    def make(self, wanted: Mapping[str, Any]) -> UUID:
        return portal_access.invite(
            wanted["customer"],
            email=wanted["email"],
            role=PortalRole(wanted["role"]),
            actor=self.caller.actor,
            now=self.caller.now,
        )


class PortalLoginChange(Shape):
    role = one_of([role.value for role in PortalRole], help_text="From its next request on.")


class PortalLogin(Changing):
    """One log-in. DELETE: it is signed out everywhere, and signs in no more."""

    resource_name = "portal_logins"
    scopes: ClassVar[Mapping[str, str]] = {"GET": READ, "PATCH": WRITE, "DELETE": WRITE}
    change_shape = PortalLoginChange

    @classmethod
    def operation(cls, method: str) -> Operation:
        if method != "DELETE":
            return super().operation(method)
        return Operation(
            id="delete_portal_login",
            summary="Remove a log-in of the portal",
            tag=cls.resource_name,
            status=GONE,
            scope=WRITE,
            once=True,
        )

    def change(self, id_: UUID, wanted: Mapping[str, Any]) -> None:
        if "role" in wanted:
            portal_access.change_role(id_, PortalRole(wanted["role"]), actor=self.caller.actor, now=self.caller.now)

    def delete(self, _request: Request, public_id: str) -> Response:
        id_ = parse(self.resource.prefix, public_id)

        def remove() -> Response:
            portal_access.remove(id_, actor=self.caller.actor, now=self.caller.now)
            return Response(status=GONE)

        return self.once(remove, lambda _acted: Response(status=GONE))
