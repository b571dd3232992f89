"""Making objects and changing them, once for one `Idempotency-Key`."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from partnerpanel.api.objects import Detail, Listing
from partnerpanel.api.operations import Operation, one_of_them
from partnerpanel.api.verbs.views import created_in
from partnerpanel.api.views import WritingView
from partnerpanel.events.queries import of_action
from partnerpanel.idempotency.services import Acted
from partnerpanel.kernel.ids import parse
from partnerpanel.tenancy.scope import tenant
from partnerpanel.wire.resources import resource
from partnerpanel.wire.shapes import Shape

CREATED = 201


class Making(WritingView, Listing):
    """A list that one can add to: `POST /api/v1/<resource>`."""

    shape: ClassVar[type[Shape]]

    @classmethod
    def operation(cls, method: str) -> Operation:
        if method != "POST":
            return super().operation(method)
        one = resource(cls.resource_name)
        return Operation(
            id=f"create_{one.kind}",
            summary=f"Create {one_of_them(one.kind)}",
            tag=one.name,
            takes=cls.shape,
            gives=one.shape,
            status=CREATED,
            scope=cls.scopes[method],
            once=True,
            needs_key=cls.needs_key,
        )

    @abstractmethod
    def make(self, wanted: Mapping[str, Any]) -> UUID:
        """Does it, and gives the id of what was made."""

    def post(self, _request: Request) -> Response:
        return self.once(self._act, self._after)

    def _act(self) -> Response:
        return Response(self.one(self.make(self.cleaned(self.shape))), status=CREATED)

    def _after(self, acted: Acted) -> Response:
        with tenant(self.caller.partner.pk):
            entries = of_action(self.caller.partner.pk, acted.action_id)
        return Response(self.one(created_in(acted, self.resource.kind, entries)), status=CREATED)


class Changing(WritingView, Detail):
    """An object that can be changed: `PATCH /api/v1/<resource>/<id>`, with the fields that change."""

    change_shape: ClassVar[type[Shape]]

    @classmethod
    def operation(cls, method: str) -> Operation:
        if method != "PATCH":
            return super().operation(method)
        one = resource(cls.resource_name)
        return Operation(
            id=f"update_{one.kind}",
            summary=f"Change {one_of_them(one.kind)}",
            tag=one.name,
            takes=cls.change_shape,
            gives=one.shape,
            scope=cls.scopes[method],
            once=True,
        )

    @abstractmethod
    def change(self, id_: UUID, wanted: Mapping[str, Any]) -> None:
        """Sets the fields that were sent."""

    def patch(self, _request: Request, public_id: str) -> Response:
        id_ = parse(self.resource.prefix, public_id)
        return self.once(lambda: self._act_on(id_), lambda _acted: Response(self.one(id_)))

    def _act_on(self, id_: UUID) -> Response:
        self.change(id_, self.cleaned(self.change_shape))
        return Response(self.one(id_))
