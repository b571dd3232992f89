"""Events: what was done can be undone while nothing has been built upon it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from partnerpanel.actions import door
from partnerpanel.actions.undo import Undo
from partnerpanel.api.objects import OfResource
from partnerpanel.api.operations import Operation
from partnerpanel.api.quotes import QuoteShape, shown_quote
from partnerpanel.api.verbs.inputs import NothingInput
from partnerpanel.api.views import WritingView
from partnerpanel.events.representations import action_of
from partnerpanel.kernel.ids import parse
from partnerpanel.tenancy.scope import tenant
from partnerpanel.wire.resources import resource


class _OfAction(OfResource):
    resource_name = "events"
    # What an undo may do is decided by the permissions of what it undoes.
    scopes: ClassVar[Mapping[str, str]] = {"POST": "events:read"}

    def undo_of(self, public_id: str) -> Undo:
        """Raises NotFound where there is nothing to undo."""
        partner_id = self.caller.partner.pk
        with tenant(partner_id):
            action_id: UUID = action_of(partner_id, parse("evt", public_id))
            return Undo.of(action_id, partner_id=partner_id)


class PreviewUndo(_OfAction):
    @classmethod
    def operation(cls, method: str) -> Operation:
        return Operation(
            id="preview_event_undo",
            summary="Preview: undo what an event was part of",
            tag="events",
            takes=NothingInput,
            gives=QuoteShape,
            scope=cls.scopes[method],
        )

    def post(self, _request: Request, public_id: str) -> Response:
        self.cleaned(NothingInput)
        undo = self.undo_of(public_id)
        return Response(shown_quote(door.preview(undo, actor=self.caller.actor, now=self.caller.now)))


class UndoEvent(WritingView, _OfAction):
    """Undoes the whole action that the event was part of; answers with the event."""

    needs_key = True

    @classmethod
    def operation(cls, method: str) -> Operation:
        return Operation(
            id="event_undo",
            summary="Undo what an event was part of",
            tag="events",
            takes=NothingInput,
            gives=resource("events").shape,
            scope=cls.scopes[method],
            once=True,
            needs_key=True,
        )

    def post(self, _request: Request, public_id: str) -> Response:
        id_ = parse("evt", public_id)
        return self.once(lambda: self._undo(public_id), lambda _acted: Response(self.one(id_)))

    def _undo(self, public_id: str) -> Response:
        quote = self.cleaned(NothingInput).get("quote")
        door.commit(self.undo_of(public_id), quote=quote, actor=self.caller.actor, now=self.caller.now)
        return Response(self.one(parse("evt", public_id)))
