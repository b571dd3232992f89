"""The test mode's clock: read, started, stopped on its way, and the test data emptied."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from partnerpanel.actions import test_mode
from partnerpanel.api.operations import Operation
from partnerpanel.api.views import WritingView
from partnerpanel.story.runs import newest_run
from partnerpanel.tenancy.queries import partner_by_id
from partnerpanel.tenancy.scope import tenant
from partnerpanel.wire.shapes import At, Instant, Shape, Whole, constant
from partnerpanel.wire.values import instant

# How long a request waits for the clock; what is left then a worker goes on with.
PATIENCE = 20.0


class ClockShape(Shape):
    """`now` is where it stands, `next_event_at` when the next thing falls due. While it moves, `moving_to` says where
    to and `percent` how far it is."""

    object = constant("test_clock")
    now = At()
    next_event_at = At(allow_null=True)
    moving_to = At(allow_null=True)
    percent = Whole()

    class Meta:
        ref_name = "TestClock"


class StartInput(Shape):
    now = Instant(help_text="Where the clock shall stand; ahead of where it does.")


class StopInput(Shape):
    """Takes nothing."""


class ResetInput(Shape):
    """Takes nothing: the key is of the test mode that it empties."""


class OfClock(WritingView):
    """Everything below `/api/v1/test_clock`; only a key of a test mode gets an answer."""

    tag: ClassVar[str] = "test_clock"
    scopes: ClassVar[Mapping[str, str]] = {"GET": "test_clock:read", "POST": "test_clock:write"}

    @classmethod
    def said(cls, id_: str, summary: str, method: str, **more: Any) -> Operation:
        return Operation(id_, summary, cls.tag, scope=cls.scopes[method], **more)

    def state(self) -> dict[str, Any]:
        """Raises NotInTestMode."""
        actor, partner_id = self.caller.actor, self.caller.partner.pk
        following = test_mode.next_event(actor=actor)
        with tenant(partner_id):
            run = newest_run(partner_id)
        moving = run if run and not run.is_finished else None
        return {
            "object": "test_clock",
            "now": instant(partner_by_id(partner_id).test_clock_at),
            "next_event_at": instant(following),
            "moving_to": instant(moving.to_at) if moving else None,
            "percent": moving.percent if moving else 100,
        }


class Clock(OfClock):
    @classmethod
    def operation(cls, method: str) -> Operation:
        if method == "GET":
            return cls.said("retrieve_test_clock", "Where the clock stands", method, gives=ClockShape)
        summary = "Set the clock to an instant ahead"
        return cls.said("start_test_clock", summary, method, takes=StartInput, gives=ClockShape, once=True)

    def get(self, _request: Request) -> Response:
        return Response(self.state())

    def post(self, _request: Request) -> Response:
        def act() -> Response:
            to = self.cleaned(StartInput)["now"]
            test_mode.advance(to=to, actor=self.caller.actor, seconds=PATIENCE)
            return Response(self.state())

        return self.once(act, lambda _acted: Response(self.state()))


class StopClock(OfClock):
    """The clock stays where it is; what has happened on the way has happened."""

    @classmethod
    def operation(cls, method: str) -> Operation:
        return cls.said("stop_test_clock", "Stop the clock on its way", method, takes=StopInput, gives=ClockShape)

    def post(self, _request: Request) -> Response:
        self.cleaned(StopInput)
        test_mode.stop(actor=self.caller.actor)
        return Response(self.state())


class ResetClock(OfClock):
    """Deletes all that is in the test mode, and sets its clock to the present."""

    @classmethod
    def operation(cls, method: str) -> Operation:
        return cls.said("reset_test_clock", "Empty the test mode", method, takes=ResetInput, gives=ClockShape)

    def post(self, _request: Request) -> Response:
        self.cleaned(ResetInput)
        test_mode.reset(typed=self.caller.partner.slug, actor=self.caller.actor)
        return Response(self.state())
