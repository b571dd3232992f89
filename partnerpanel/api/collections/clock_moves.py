"""Moving the test clock, and the dated story of what the move brought."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from partnerpanel.actions import test_mode
from partnerpanel.api.collections.test_clock import PATIENCE, OfClock
from partnerpanel.api.operations import Operation, query
from partnerpanel.kernel.ids import parse, public
from partnerpanel.story.representations import HappeningShape, shown
from partnerpanel.story.runs import Run, newest_run, run_by_id
from partnerpanel.story.told import telling_of
from partnerpanel.tenancy.scope import tenant
from partnerpanel.wire.filters import InvalidFilter
from partnerpanel.wire.lists import MOST, read_limit
from partnerpanel.wire.shapes import At, Instant, Shape, Whole, constant, id_field, one_of
from partnerpanel.wire.values import instant

ACCEPTED = 202
PREFIX = "adv"
# What an answer tells; `next` leads to the rest.
MOST_TOLD = 1_000


class AdvanceInput(Shape):
    to = Instant(help_text="Ahead of the clock, by ten years at most.")


class StoryShape(Shape):
    """What happened, in order of time. `next` is the cursor for the rest, below `/story`."""

    data = HappeningShape(many=True)  # type: ignore[assignment]
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True, help_text="Always null: a story is read forwards.")

    class Meta:
        ref_name = "TestClockStory"


class AdvancedShape(Shape):
    """A move of the clock. While it is `moving`, a worker goes on with it and `story` is null; ask again by its `id`.

    It has `arrived` at `to`, was `stopped` before, or `failed` on the way with `error`.
    """

    id = id_field(PREFIX)
    object = constant("test_clock_advance")
    state = one_of(("moving", "arrived", "stopped", "failed"))
    from_at = At()
    to = At()
    now = At(help_text="How far the clock is.")
    percent = Whole()
    halts = Whole(help_text="At how many instants something happened.")
    error = serializers.CharField(allow_null=True)
    story = StoryShape(allow_null=True)

    class Meta:
        ref_name = "TestClockAdvance"


class Advance(OfClock):
    """Runs renewals, retries, mails and everything else that falls due, in order, through the real code."""

    @classmethod
    def operation(cls, method: str) -> Operation:
        summary = "Move the clock and see what happens"
        return cls.said(
            "advance_test_clock",
            summary,
            method,
            takes=AdvanceInput,
            gives=AdvancedShape,
            accepted="It takes longer, and goes on by itself: ask for the advance by its id.",
        )

    def post(self, _request: Request) -> Response:
        to, actor, partner_id = self.cleaned(AdvanceInput)["to"], self.caller.actor, self.caller.partner.pk
        with tenant(partner_id):
            last = newest_run(partner_id)
        if last and last.to_at == to and (last.has_arrived and self.caller.now == to):
            run: Run | None = last  # asked before, whose answer was lost
        elif last and last.to_at == to and not last.is_finished:
            run = test_mode.go_on(actor=actor, seconds=PATIENCE)
        else:
            run = test_mode.advance(to=to, actor=actor, seconds=PATIENCE)
        return answer(partner_id, run or last)


class OneAdvance(OfClock):
    """How far a move is, and its story when it ended."""

    @classmethod
    def operation(cls, method: str) -> Operation:
        return cls.said("retrieve_test_clock_advance", "How far a move of the clock is", method, gives=AdvancedShape)

    http_method_names = ["get", "head"]

    def get(self, _request: Request, public_id: str) -> Response:
        partner_id = self.caller.partner.pk
        with tenant(partner_id):
            run = run_by_id(partner_id, parse(PREFIX, public_id))
        return Response(answer(partner_id, run).data)


class Story(OfClock):
    """The story of a move, page by page."""

    http_method_names = ["get", "head"]

    @classmethod
    def operation(cls, method: str) -> Operation:
        return cls.said(
            "list_test_clock_story",
            "What a move of the clock brought",
            method,
            gives=HappeningShape,
            is_list=True,
            parameters=(
                query("limit", {"type": "integer", "minimum": 1, "maximum": MOST}, "Rows on a page; 20 unless said."),
                query("cursor", {"type": "string"}, "`next` of another page, or of the advance."),
            ),
        )

    def get(self, request: Request, public_id: str) -> Response:
        asked = request.query_params
        if unknown := sorted(set(asked) - {"limit", "cursor"}):
            message = f"`{unknown[0][:60]}` is no parameter of this list. It knows cursor, limit."
            raise InvalidFilter(message, field=unknown[0][:60])
        limit, partner_id = read_limit(asked.get("limit")), self.caller.partner.pk
        after = parse("evt", asked["cursor"]) if "cursor" in asked else None
        with tenant(partner_id):
            run = run_by_id(partner_id, parse(PREFIX, public_id))
            return Response(story(partner_id, run, after=after, limit=limit))


def answer(partner_id: UUID, run: Run | None) -> Response:
    """Where the move is, and its story when it ended."""
    if run is None:  # pragma: no cover - an advance always leaves a run
        raise ValueError("there is no run")
    told: Mapping[str, Any] | None = None
    if run.is_finished:
        with tenant(partner_id):
            told = story(partner_id, run, limit=MOST_TOLD)
    ended = "arrived" if run.has_arrived else "failed" if run.error else "stopped"
    body = {
        "id": public(PREFIX, run.id),
        "object": "test_clock_advance",
        "state": ended if run.is_finished else "moving",
        "from_at": instant(run.from_at),
        "to": instant(run.to_at),
        "now": instant(run.reached_at),
        "percent": run.percent,
        "halts": run.halts,
        "error": run.error or None,
        "story": told,
    }
    return Response(body, status=200 if run.is_finished else ACCEPTED)


def story(partner_id: UUID, run: Run, *, after: UUID | None = None, limit: int) -> dict[str, Any]:
    """One page of it, in the open scope."""
    found = telling_of(run, partner_id=partner_id, after=after, limit=limit)
    return {
        "data": [shown(one) for one in found.happenings],
        "next": public("evt", found.next) if found.next else None,
        "previous": None,
    }
