"""People of a partner are mailed about what needs doing: at once or in the morning, once, while they are there."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from django.db import connections

from partnerpanel.actions import alerts
from partnerpanel.alerts.models import Alert, AlertRound
from partnerpanel.alerts.rules import AlertState, How, Topic
from partnerpanel.alerts.tasks import begin_everybodys
from partnerpanel.kernel.errors import Forbidden
from partnerpanel.support.rules import Side
from partnerpanel.support.rules import Topic as TicketTopic
from partnerpanel.support.services import NewTicket, open_ticket
from partnerpanel.tenancy.models import Membership, Role
from partnerpanel.tenancy.scope import tenant
from tests.people import Person, Team
from tests.post_office import PostOffice
from tests.world import NOW, World

pytestmark = pytest.mark.django_db(transaction=True)

DAY = timedelta(days=1)
# The world's zone is UTC: this is the evening before the first morning.
EVENING = NOW.replace(hour=20)
MORNING = NOW.replace(hour=8, minute=1) + DAY


@pytest.fixture
def office(settings: Any) -> Iterator[PostOffice]:
    with PostOffice() as office:
        office.serve(settings)
        yield office


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(EVENING, tick=False) as traveller:
        yield traveller


def write(world: World, subject: str = "It does not start") -> None:
    """A customer asks for support, and the outbox is passed on."""
    customer = world.customer("Anna Berger")
    new = NewTicket(subject=subject, text="Nothing happens.", topic=TicketTopic.GENERAL)
    with tenant(world.id):
        open_ticket(customer, new, side=Side.CUSTOMER, actor=world.system, now=world.now)
    world.drain("outbox")


def only(person: Person, **wanted: How) -> None:
    """The person hears of these topics alone."""
    everything = {topic: wanted.get(topic.value, How.NOT) for topic in Topic}
    alerts.choose(person.partner, everything, actor=person.actor, now=NOW)


def told(office: PostOffice, person: Person) -> list[EmailMessage]:
    return [mail for mail in office.mails if person.user.email in str(mail["To"])]


def words(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def run(world: World, clock: time_machine.Traveller, at: datetime) -> None:
    clock.move_to(at)
    world.drain("alerts", now=at)


def states(world: World) -> list[str]:
    with tenant(world.id):
        return sorted(Alert.objects.for_partner(world.id).values_list("state", flat=True))


def test_in_the_morning_each_hears_of_what_waits_by_their_role(
    world: World, team: Team, office: PostOffice, clock: time_machine.Traveller
) -> None:
    begin_everybodys()
    write(world)
    run(world, clock, EVENING + timedelta(minutes=5))
    assert office.mails == []
    run(world, clock, MORNING)
    [mail] = told(office, team[Role.SUPPORT])
    assert mail["Subject"] == f"{world.partner.name}: what needs doing"
    text = words(mail)
    assert "Tickets that wait for an answer (1)" in text
    assert "Anna Berger: It does not start" in text
    assert told(office, team[Role.BILLING]) == told(office, team.read_only) == []
    run(world, clock, MORNING + timedelta(hours=3))
    assert len(told(office, team[Role.SUPPORT])) == 1
    run(world, clock, MORNING + DAY)
    assert len(told(office, team[Role.SUPPORT])) == 2


def test_a_morning_without_anything_to_do_has_no_mail(
    world: World, office: PostOffice, clock: time_machine.Traveller
) -> None:
    begin_everybodys()
    run(world, clock, MORNING)
    assert office.mails == []


def test_what_comes_at_once_is_collected_into_one_mail(
    world: World, owner: Person, office: PostOffice, clock: time_machine.Traveller
) -> None:
    only(owner, tickets=How.AT_ONCE)
    write(world)
    write(world, "And again")
    run(world, clock, EVENING + timedelta(minutes=1))
    assert office.mails == []
    run(world, clock, EVENING + timedelta(minutes=3))
    [mail] = told(office, owner)
    assert mail["Subject"] == f"{world.partner.name}: 2 things happened"
    assert states(world) == ["sent", "sent"]
    run(world, clock, EVENING + timedelta(minutes=9))
    assert len(office.mails) == 1


def test_an_event_that_is_delivered_twice_is_told_once(
    world: World, owner: Person, office: PostOffice, clock: time_machine.Traveller
) -> None:
    from partnerpanel.alerts.consumer import handle
    from partnerpanel.events.models import Event

    only(owner, tickets=How.AT_ONCE)
    write(world)
    with tenant(world.id):
        handle(list(Event.objects.for_partner(world.id).filter(kind="ticket.opened")), NOW)
    run(world, clock, EVENING + timedelta(minutes=3))
    assert len(office.mails) == 1


def test_two_workers_at_once_send_one_mail(
    world: World, owner: Person, office: PostOffice, clock: time_machine.Traveller
) -> None:
    only(owner, tickets=How.AT_ONCE)
    write(world)
    at = EVENING + timedelta(minutes=3)
    clock.move_to(at)

    def drain(_: int) -> int:
        try:
            return world.drain("alerts", now=at)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(drain, range(2)))
    assert len(office.mails) == 1


def test_a_mail_that_the_server_refuses_is_tried_again_with_what_came_meanwhile(
    world: World, owner: Person, office: PostOffice, clock: time_machine.Traveller
) -> None:
    only(owner, tickets=How.AT_ONCE)
    office.refuses = {owner.user.email}
    write(world)
    run(world, clock, EVENING + timedelta(minutes=3))
    assert (office.mails, states(world)) == ([], ["waiting"])
    office.refuses = set()
    write(world, "And again")
    run(world, clock, EVENING + timedelta(minutes=10))
    [mail] = office.mails
    assert "2 things happened" in str(mail["Subject"])


def test_a_mail_that_may_have_arrived_is_not_sent_again(
    world: World, owner: Person, office: PostOffice, clock: time_machine.Traveller
) -> None:
    only(owner, tickets=How.AT_ONCE)
    office.hangs_up = "DATA"
    write(world)
    run(world, clock, EVENING + timedelta(minutes=3))
    office.hangs_up = ""
    run(world, clock, EVENING + timedelta(hours=5))
    assert states(world) == [AlertState.UNKNOWN]
    assert len(office.mails) == 1


def test_a_worker_killed_while_it_sends_leaves_nothing_to_be_sent_twice(
    world: World, owner: Person, office: PostOffice, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    only(owner, tickets=How.AT_ONCE)
    write(world)

    class Killed(BaseException):
        pass

    def die(*_: Any, **__: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("notifications.delivery.Mailer.post", die)
        with pytest.raises(Killed):
            run(world, clock, EVENING + timedelta(minutes=3))
    assert states(world) == ["sending"]
    run(world, clock, MORNING)
    assert states(world) == ["unknown"]
    [morning] = told(office, owner)
    assert "Just now" not in words(morning)


def test_who_left_hears_of_nothing_and_who_comes_back_does_again(
    world: World, owner: Person, office: PostOffice, clock: time_machine.Traveller
) -> None:
    only(owner, tickets=How.AT_ONCE)
    write(world)
    Membership.objects.filter(user=owner.user).delete()
    run(world, clock, EVENING + timedelta(minutes=3))
    assert office.mails == []
    Membership.objects.create(partner=world.partner, user=owner.user, role=Role.OWNER)
    assert begin_everybodys() == 5
    run(world, clock, MORNING)
    assert "Just now" in words(told(office, owner)[0])


def test_of_another_partner_nobody_hears(
    world: World, other_world: World, owner: Person, office: PostOffice, clock: time_machine.Traveller
) -> None:
    only(owner, tickets=How.AT_ONCE)
    write(other_world)
    run(world, clock, EVENING + timedelta(minutes=3))
    run(other_world, clock, EVENING + timedelta(minutes=3))
    assert told(office, owner) == []


def test_somebody_chooses_on_the_page_and_nobody_else_is_touched(world: World, team: Team) -> None:
    reader, at = team.read_only, f"/panel/{world.partner.slug}/settings/alerts/"
    wanted = {"payments": "daily", "disputes": "at_once", "service": "not", "tickets": "not", "work": "daily"}
    assert reader.client().post(f"{at}edit/", wanted).status_code == 302
    with tenant(world.id):
        [row] = AlertRound.objects.for_partner(world.id)
        assert (row.user_id, row.wanted) == (reader.user.pk, wanted)
    page = reader.client().get(at).content.decode()
    assert "At once, and in the morning" in page
    refused = reader.client().post(f"{at}edit/", {**wanted, "service": "at_once"})
    assert refused.status_code == 422


def test_the_system_has_no_alerts_of_its_own(world: World) -> None:
    with pytest.raises(Forbidden):
        alerts.choose(world.partner, {Topic.WORK: How.DAILY}, actor=world.system, now=NOW)
