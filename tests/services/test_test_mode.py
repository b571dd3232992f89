"""A test mode: opened once, its clock moved in slices by one hand at a time, an example in it, and emptied alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.db import ProgrammingError, connection, transaction

from partnerpanel.actions import test_mode
from partnerpanel.events.queries import of_object
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.errors import DomainError, Forbidden, NotFound
from partnerpanel.queues.advance import InvalidAdvance, advance
from partnerpanel.story import runs
from partnerpanel.story.begin import Scene
from partnerpanel.story.runs import ClockMoving
from partnerpanel.story.told import Happening, telling
from partnerpanel.tenancy.actor import Actor, ActorKind
from partnerpanel.tenancy.emptying import empty_test_mode
from partnerpanel.tenancy.models import Partner, Role
from partnerpanel.tenancy.moving import ClockBusy, hand_on_clock
from partnerpanel.tenancy.scope import tenant
from partnerpanel.tenancy.services import create_twin
from partnerpanel.tenancy.walls import tenant_rows
from tests.people import Person, Team
from tests.tenancy.rows import one_of_each
from tests.world import World

START = datetime(2026, 1, 31, 9, tzinfo=UTC)
LATER = datetime(2026, 3, 1, 9, tzinfo=UTC)
FOREVER = 60.0
pytestmark = pytest.mark.django_db


@pytest.fixture
def twin(team: Team) -> Partner:
    return create_twin(team.partner, now=START)


def acting(person: Person, partner: Partner) -> Actor:
    return Actor(ActorKind.USER, partner.pk, person.user.pk, person.role)


@pytest.fixture
def actor(owner: Person, twin: Partner) -> Actor:
    """The owner, in the test mode."""
    return acting(owner, twin)


def clock(twin: Partner) -> datetime:
    found = Partner.objects.get(pk=twin.pk).test_clock_at
    assert found is not None
    return found


def kinds(twin: Partner, since: datetime = START) -> list[str]:
    with tenant(twin.pk):
        return [one.event.kind for one in telling(twin.pk, since, limit=1_000).happenings]


def rows_of(partner: Partner) -> dict[str, int]:
    with tenant(partner.pk):
        return {model.__name__: model.objects.for_partner(partner.pk).count() for model in tenant_rows()}


def test_it_is_made_when_an_owner_asks_first_and_told_once(owner: Person) -> None:
    first = test_mode.open_test_mode(actor=owner.actor, now=START)
    again = test_mode.open_test_mode(actor=owner.actor, now=LATER)
    assert again == first
    assert first.twin_of == owner.partner
    assert clock(first) == START
    with tenant(owner.partner.pk):
        [told] = of_object(owner.partner.pk, "test_mode", first.pk, limit=5)
    assert (told.kind, told.actor_id) == ("test_mode.opened", owner.user.pk)


@pytest.mark.parametrize("role", [Role.BILLING, Role.SUPPORT, Role.READ_ONLY])
def test_others_than_owner_and_admin_move_nothing(team: Team, twin: Partner, role: Role) -> None:
    actor = acting(team[role], twin)
    for refused in (
        lambda: test_mode.advance(to=LATER, actor=actor, seconds=FOREVER),
        lambda: test_mode.go_on(actor=actor, seconds=FOREVER),
        lambda: test_mode.stop(actor=actor),
        lambda: test_mode.begin_example(Scene("sandbox_ok", "standard"), actor=actor),
        lambda: test_mode.reset(typed=twin.slug, actor=actor),
        lambda: test_mode.open_test_mode(actor=team[role].actor, now=START),
    ):
        with pytest.raises(Forbidden):
            refused()
    assert clock(twin) == START
    assert kinds(twin) == []


def test_a_live_partner_has_no_clock_and_is_never_emptied(owner: Person, world: World) -> None:
    world.customer()
    before = rows_of(owner.partner)
    for refused in (
        lambda: test_mode.advance(to=LATER, actor=owner.actor, seconds=FOREVER),
        lambda: test_mode.begin_example(Scene("sandbox_ok", "standard"), actor=owner.actor),
        lambda: test_mode.reset(typed=owner.partner.slug, actor=owner.actor),
    ):
        with pytest.raises(DomainError) as error:
            refused()
        assert error.value.code == "not_in_test_mode"
    with pytest.raises(NotFound):
        runs.start_run(to=LATER, actor=owner.actor)
    assert rows_of(owner.partner) == before


def test_a_month_passes_as_it_would_in_earnest(twin: Partner, actor: Actor) -> None:
    test_mode.begin_example(Scene("sandbox_declines_on_renewal", "standard", "Ada"), actor=actor)
    run = test_mode.advance(to=START + relativedelta(months=2), actor=actor, seconds=FOREVER)
    assert run is not None
    assert (run.is_finished, run.percent) == (True, 100)
    assert clock(twin) == START + relativedelta(months=2)
    with tenant(twin.pk):
        told = telling(twin.pk, START, limit=1_000).happenings
    assert {one.customer for one in told} == {"Ada"}
    happened = [one.event.kind for one in told]
    assert "subscription.payment_failed" in happened
    assert [one.event.occurred_at for one in told] == sorted(one.event.occurred_at for one in told)
    paid = next(one for one in told if one.event.kind == "payment.received")
    assert paid.amount is not None
    assert str(paid.amount.money) == "30.00 EUR"
    declined = next(one for one in told if one.event.kind == "subscription.payment_failed")
    assert declined.mails
    assert declined.mails[0].body


def test_a_move_in_slices_ends_where_one_in_a_go_does(twin: Partner, actor: Actor) -> None:
    test_mode.begin_example(Scene("sandbox_ok", "standard"), actor=actor)
    to = START + relativedelta(months=3)
    run = test_mode.advance(to=to, actor=actor, seconds=0)
    seen = []
    while run is not None and not run.is_finished:
        assert clock(twin) == run.reached_at
        seen.append(run.percent)
        run = test_mode.go_on(actor=actor, seconds=0.05)
    assert len(seen) > 1
    assert seen == sorted(seen)
    assert seen[-1] < 100
    assert clock(twin) == to
    assert kinds(twin).count("payment.received") == 3
    assert test_mode.go_on(actor=actor, seconds=FOREVER) is None


@pytest.mark.parametrize(
    ("to", "said"), [(START - timedelta(days=1), "forward"), (START, "forward"), (START + timedelta(days=4_000), "ten")]
)
def test_a_clock_goes_forward_and_not_for_ever(twin: Partner, actor: Actor, to: datetime, said: str) -> None:
    with pytest.raises(InvalidAdvance, match=said) as error:
        test_mode.advance(to=to, actor=actor, seconds=FOREVER)
    assert error.value.field == "to"
    assert clock(twin) == START


def test_a_second_move_is_refused_until_the_first_is_there_or_stopped(twin: Partner, actor: Actor) -> None:
    test_mode.begin_example(Scene("sandbox_ok", "standard"), actor=actor)
    test_mode.advance(to=LATER, actor=actor, seconds=0)
    with pytest.raises(ClockMoving, match="on its way"):
        test_mode.advance(to=LATER, actor=actor, seconds=0)
    stood = clock(twin)
    test_mode.stop(actor=actor)
    assert clock(twin) == stood
    run = test_mode.advance(to=LATER, actor=actor, seconds=FOREVER)
    assert run is not None
    assert run.is_finished


def test_while_one_hand_holds_the_clock_nobody_else_moves_or_empties(twin: Partner, actor: Actor) -> None:
    runs.start_run(to=LATER, actor=actor)
    with hand_on_clock(twin.pk):
        with pytest.raises(ClockBusy):
            advance(twin.pk, to=LATER)
        with pytest.raises(ClockBusy):
            test_mode.reset(typed=twin.slug, actor=actor)
        waiting = test_mode.go_on(actor=actor, seconds=FOREVER)
        assert waiting is not None
        assert not waiting.is_finished
    assert advance(twin.pk, to=LATER) == 0


def test_a_hand_that_was_killed_lets_go_after_a_while(twin: Partner) -> None:
    Partner.objects.filter(pk=twin.pk).update(clock_leased_until=system_now() - timedelta(seconds=1))
    with hand_on_clock(twin.pk) as hand:
        Partner.objects.filter(pk=twin.pk).update(clock_leased_until=system_now() + timedelta(seconds=90))
        with pytest.raises(ClockBusy):
            hand.move(LATER)
    assert clock(twin) == START


def test_a_move_that_was_overtaken_by_command_ends(twin: Partner, actor: Actor) -> None:
    runs.start_run(to=LATER, actor=actor)
    advance(twin.pk, to=LATER + timedelta(days=3))
    run = test_mode.go_on(actor=actor, seconds=FOREVER)
    assert run is not None
    assert run.is_finished
    assert clock(twin) == LATER + timedelta(days=3)


def test_the_next_event_is_the_first_thing_that_falls_due(twin: Partner, actor: Actor) -> None:
    assert test_mode.next_event(actor=actor) is None
    test_mode.begin_example(Scene("sandbox_ok", "standard"), actor=actor)
    advance(twin.pk, to=START)
    due = test_mode.next_event(actor=actor)
    assert due is not None
    assert START < due < START + relativedelta(months=1)


def test_a_story_is_told_page_by_page_and_of_one_customer(twin: Partner, actor: Actor) -> None:
    for name in ("Ada", "Ben"):
        test_mode.begin_example(Scene("sandbox_ok", "standard", name), actor=actor)
    advance(twin.pk, to=LATER)
    with tenant(twin.pk):
        whole = telling(twin.pk, START, limit=1_000).happenings
        found: list[Happening] = []
        after = None
        while True:
            page = telling(twin.pk, START, after=after, limit=5)
            found += page.happenings
            if page.next is None:
                break
            after = page.next
        ada = next(one.event.customer_id for one in whole if one.customer == "Ada")
        hers = telling(twin.pk, START, customer_id=ada, limit=1_000).happenings
    assert [one.event.id for one in found] == [one.event.id for one in whole]
    assert {one.customer for one in hers} == {"Ada"}
    assert len(hers) * 2 == len(whole)


def test_emptying_takes_every_row_of_the_test_mode_and_none_of_anybody_else(
    team: Team, owner: Person, world: World, other_world: World, stranger: Person, twin: Partner, actor: Actor
) -> None:
    one_of_each(World(twin), Person(owner.user, twin, Role.OWNER))
    one_of_each(other_world, stranger)
    world.subscription()
    runs.stop_run(twin.pk)
    before, others = rows_of(team.partner), rows_of(other_world.partner)
    assert all(rows_of(twin).values())

    test_mode.reset(typed=f" {twin.slug} ", actor=actor)

    assert not any(rows_of(twin).values())
    assert rows_of(other_world.partner) == others
    assert rows_of(team.partner) == before | {"Event": before["Event"] + 1}
    assert abs(clock(twin) - system_now()) < timedelta(minutes=1)
    with tenant(team.partner.pk):
        [told] = of_object(team.partner.pk, "test_mode", twin.pk, limit=5)
    assert (told.kind, told.actor_id) == ("test_mode.emptied", owner.user.pk)
    test_mode.begin_example(Scene("sandbox_ok", "standard"), actor=actor)
    assert kinds(twin, clock(twin))


@pytest.mark.parametrize("typed", ["", "yes", "eastwind"])
def test_emptying_asks_for_the_name(twin: Partner, actor: Actor, typed: str) -> None:
    test_mode.begin_example(Scene("sandbox_ok", "standard"), actor=actor)
    with pytest.raises(DomainError) as error:
        test_mode.reset(typed=typed, actor=actor)
    assert (error.value.code, error.value.field) == ("invalid_reset", "typed")
    assert kinds(twin)


def test_the_database_itself_refuses_to_empty_a_live_partner(world: World, twin: Partner) -> None:
    world.subscription()
    before = rows_of(world.partner)
    with pytest.raises(ProgrammingError, match="only a test mode"), tenant(world.id):
        empty_test_mode()
    with pytest.raises(ProgrammingError, match="only a test mode"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT empty_test_mode()")
    assert rows_of(world.partner) == before


def test_the_same_people_have_the_same_roles_there_and_strangers_none(team: Team, stranger: Person) -> None:
    twin = create_twin(team.partner, now=START)
    for role, status in ((Role.READ_ONLY, 200), (Role.OWNER, 200)):
        assert team[role].client().get(f"/panel/{twin.slug}/test-mode/").status_code == status
    assert stranger.client().get(f"/panel/{twin.slug}/test-mode/").status_code == 404
