"""A partner's test mode: opening it, moving its clock, beginning an example in it, and emptying it."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from partnerpanel.actions.permission import Permission, permit
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.queries import of_object
from partnerpanel.events.services import record
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.errors import DomainError
from partnerpanel.kernel.ids import uuid7
from partnerpanel.queues.advance import settle
from partnerpanel.queues.dues import waiting
from partnerpanel.story import runs
from partnerpanel.story.begin import Scene, begin
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.emptying import empty_test_mode
from partnerpanel.tenancy.models import Partner
from partnerpanel.tenancy.moving import ClockBusy, hand_on_clock
from partnerpanel.tenancy.scope import tenant
from partnerpanel.tenancy.services import create_twin


class NotInTestMode(DomainError):
    """Asked of a live partner what only its test mode can do."""

    code = "not_in_test_mode"


class InvalidReset(DomainError):
    """Emptying a test mode without its name typed."""

    code = "invalid_reset"


def open_test_mode(*, actor: Actor, now: datetime) -> Partner:
    """The test mode of the actor's partner; made when it is first asked for. Raises Forbidden."""
    permit(actor, Permission.RUN_TEST_MODE)
    partner = Partner.objects.get(pk=actor.partner_id)
    if partner.is_test:
        return partner
    is_new = not Partner.objects.filter(twin_of=partner).exists()
    twin = create_twin(partner, now=now)
    if is_new:
        _tell(partner.pk, twin, "test_mode.opened", actor=actor, now=now)
    return twin


def advance(*, to: datetime, actor: Actor, seconds: float) -> runs.Run | None:
    """Begins to move the clock, and moves it for so many seconds; what is left is gone on with by `go_on`.

    Raises Forbidden, NotInTestMode, InvalidAdvance naming `to`, ClockMoving.
    """
    permit(actor, Permission.RUN_TEST_MODE)
    _twin(actor)
    runs.start_run(to=to, actor=actor)
    return runs.go_on(actor.partner_id, seconds=seconds)


def go_on(*, actor: Actor, seconds: float) -> runs.Run | None:
    """Goes on with the move that is under way. Raises Forbidden, NotInTestMode."""
    permit(actor, Permission.RUN_TEST_MODE)
    _twin(actor)
    return runs.go_on(actor.partner_id, seconds=seconds)


def stop(*, actor: Actor) -> None:
    """The clock stays where it is. Raises Forbidden, NotInTestMode."""
    permit(actor, Permission.RUN_TEST_MODE)
    _twin(actor)
    runs.stop_run(actor.partner_id)


def next_event(*, actor: Actor) -> datetime | None:
    """When the next thing falls due in the test mode. Raises NotInTestMode."""
    twin = _twin(actor)
    return None if twin.test_clock_at is None else waiting(twin.pk, twin.test_clock_at).next_at


def begin_example(scene: Scene, *, actor: Actor) -> UUID:
    """A customer with a monthly subscription to watch, set up and ready; the subscription's id.

    Raises Forbidden, NotInTestMode, UnknownMethod, InvalidPolicy.
    """
    permit(actor, Permission.RUN_TEST_MODE)
    twin = _twin(actor)
    subscription_id = begin(twin, scene, actor=actor)
    # Whoever moves the clock just now sets it up on the way.
    with suppress(ClockBusy):
        settle(twin.pk)
    return subscription_id


def reset(*, typed: str, actor: Actor) -> None:
    """Deletes all that is in the test mode and sets its clock to the present; the live partner's record tells who did.

    Raises Forbidden, NotInTestMode, InvalidReset naming `typed`, ClockBusy while the clock is being moved.
    """
    permit(actor, Permission.RUN_TEST_MODE)
    twin = _twin(actor)
    if typed.strip() != twin.slug:
        raise InvalidReset(_("Type %(name)s to confirm.") % {"name": twin.slug}, field="typed")
    now = system_now()
    with hand_on_clock(twin.pk) as hand:
        _tell(_live_id(twin), twin, "test_mode.emptied", actor=actor, now=now)
        with tenant(twin.pk):
            empty_test_mode()
        hand.move(now)


def _twin(actor: Actor) -> Partner:
    twin = Partner.objects.filter(pk=actor.partner_id, twin_of__isnull=False).first()
    if twin is None:
        raise NotInTestMode(_("Only the test mode has a clock. Open the test mode first."))
    return twin


def _live_id(twin: Partner) -> UUID:
    live_id: UUID = twin.twin_of_id
    return live_id


def _tell(partner_id: UUID, twin: Partner, kind: str, *, actor: Actor, now: datetime) -> None:
    """Writes it into the live partner's record, which nobody empties."""
    by = Actor(actor.kind, partner_id, actor.id, actor.role, actor.request_id)
    with tenant(partner_id):
        last = of_object(partner_id, "test_mode", twin.pk, limit=1)
        draft = EventDraft(kind, "test_mode", twin.pk, last[0].sequence + 1 if last else 1)
        record([draft], actor=by, action_id=uuid7(), now=now)
