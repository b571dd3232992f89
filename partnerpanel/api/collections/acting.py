"""`POST …/<id>/<what>` that is no verb of the panel's popups: does one thing once, and answers with the object."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from partnerpanel.api.objects import OfResource
from partnerpanel.api.operations import Operation
from partnerpanel.api.views import WritingView
from partnerpanel.kernel.ids import parse
from partnerpanel.wire.resources import resource
from partnerpanel.wire.shapes import Shape


class NothingMore(Shape):
    """Takes nothing."""

    class Meta:
        ref_name = "EmptyInput"


class Acting(WritingView, OfResource):
    """`verb` is its last word in the address; `act` does it."""

    verb: ClassVar[str]
    summary: ClassVar[str]
    input_shape: ClassVar[type[Shape]] = NothingMore

    @classmethod
    def operation(cls, method: str) -> Operation:
        one = resource(cls.resource_name)
        return Operation(
            id=f"{one.kind}_{cls.verb}",
            summary=cls.summary,
            tag=one.name,
            takes=cls.input_shape,
            gives=one.shape,
            scope=cls.scopes[method],
            once=True,
            needs_key=cls.needs_key,
        )

    @abstractmethod
    def act(self, id_: UUID, wanted: Mapping[str, Any]) -> None:
        """Does it. Raises NotFound for an object of nobody."""

    def post(self, _request: Request, public_id: str) -> Response:
        id_ = parse(self.resource.prefix, public_id)
        return self.once(lambda: self._act_on(id_), lambda _acted: Response(self.one(id_)))

    def _act_on(self, id_: UUID) -> Response:
        self.act(id_, self.cleaned(self.input_shape))
        return Response(self.one(id_))
