"""From an event to a planned message, and the preview of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries, Settings

from notifications import consumer, queries
from notifications.models import Message
from notifications.rules.states import MessageState
from partnerpanel.actions import door
from partnerpanel.actions.reactivate import Reactivate
from partnerpanel.actions.suspend import Suspend
from partnerpanel.actions.undo import Undo
from partnerpanel.actions.verb import Target, Verb
from partnerpanel.events.models import Event
from partnerpanel.kernel.errors import NotFound
from partnerpanel.tenancy.scope import tenant
from subscriptions.rules.states import HoldKind
from tests.people import Person
from tests.post_office import PostOffice, text_of
from tests.world import NOW, World


@pytest.fixture
def office(settings: Settings) -> Iterator[PostOffice]:
    with PostOffice() as office:
        office.serve(settings)
        yield office


def suspend(*targets: Target, kind: HoldKind = HoldKind.MANUAL, reason: str = "as agreed") -> Suspend:
    return Suspend(targets, kind, reason)


def test_an_event_delivered_twice_plans_one_mail(world: World, owner: Person) -> None:
    customer = world.customer()
    door.commit(suspend(Target(customer)), quote=None, actor=owner.actor, now=NOW)
    world.drain("outbox")
    with tenant(world.id):
        consumer.handle(list(Event.objects.for_partner(world.id).filter(kind="customer.suspended")), NOW)
        line = Message.objects.for_partner(world.id).get()
        assert (line.kind, line.state, line.due_at) == ("account_suspended", "queued", NOW)
        assert line.subject == line.body == line.to_address == "", "it is written when it is sent"


def test_an_account_with_three_subscriptions_is_told_once(world: World, owner: Person, office: PostOffice) -> None:
    customer = world.customer("Anna Berger")
    world.subscriptions([customer] * 3)
    door.commit(suspend(Target(customer)), quote=None, actor=owner.actor, now=NOW)
    world.drain()
    world.drain("mail")
    assert office.subjects() == ["Your account at Eastwind is suspended"]


@pytest.mark.parametrize("locale", ["en", "de"])
@pytest.mark.parametrize("kind", [HoldKind.MANUAL, HoldKind.FRAUD_REVIEW])
def test_what_the_preview_shows_is_what_is_sent(
    world: World, owner: Person, office: PostOffice, kind: HoldKind, locale: str
) -> None:
    customer = world.customer("Zoë <Müller> & Söhne", locale=locale)
    subscription = world.subscription(customer=customer)
    verbs: list[Verb] = [
        suspend(Target(customer), kind=kind, reason="zu viele\r\nAnmeldungen"),
        suspend(Target(customer, subscription), kind=kind),
        Reactivate((Target(customer),), frozenset({kind}), "checked"),
    ]
    for verb in verbs:
        quote = door.preview(verb, actor=owner.actor, now=NOW)
        door.commit(verb, quote=quote.token, actor=owner.actor, now=NOW)
        world.drain()
        world.drain("mail")
        assert len(quote.mails) == 1
        mail = office.mails[-1]
        assert quote.mails[0].title == mail["Subject"]
        assert quote.mails[0].body == text_of(mail)
        assert quote.mails[0].to == f"Zoë <Müller> & Söhne <{office.receivers[-1]}>"
        assert mail["To"].addresses[0].display_name == "Zoë <Müller> & Söhne"
    assert len(office.mails) == len(verbs)


def test_the_customers_language_decides_not_that_of_who_suspends(
    world: World, owner: Person, office: PostOffice
) -> None:
    customers = [world.customer(locale="de"), world.customer(locale="en")]
    with translation.override("de"):
        door.commit(suspend(*map(Target, customers)), quote=None, actor=owner.actor, now=NOW)
    world.drain()
    world.drain("mail")
    assert sorted(office.subjects()) == ["Ihr Konto bei Eastwind ist gesperrt", "Your account at Eastwind is suspended"]


def test_the_reason_of_a_suspension_is_told_and_that_of_a_review_is_not(
    world: World, owner: Person, office: PostOffice
) -> None:
    told, reviewed = world.customers(2)
    door.commit(suspend(Target(told), reason="sends spam"), quote=None, actor=owner.actor, now=NOW)
    review = suspend(Target(reviewed), kind=HoldKind.FRAUD_REVIEW, reason="stolen card")
    door.commit(review, quote=None, actor=owner.actor, now=NOW)
    world.drain()
    world.drain("mail")
    bodies = {mail["To"].addresses[0].addr_spec: text_of(mail) for mail in office.mails}
    assert "The reason: sends spam" in bodies[world.read_customer(told).email]
    assert "stolen" not in "".join(str(mail) for mail in office.mails)


def test_nobody_is_told_that_all_is_well_while_another_hold_remains(
    world: World, owner: Person, office: PostOffice
) -> None:
    customer = world.customer()
    world.subscription("held twice", customer=customer)
    release = Reactivate((Target(customer),), frozenset({HoldKind.MANUAL}))
    door.commit(release, quote=None, actor=owner.actor, now=NOW)
    door.commit(Reactivate((Target(customer),), frozenset({HoldKind.ABUSE})), quote=None, actor=owner.actor, now=NOW)
    world.drain()
    world.drain("mail")
    assert office.subjects() == [
        "News about your suspended account at Eastwind",
        "Your account at Eastwind is active again",
    ]


def test_after_an_undo_both_stories_are_told(world: World, owner: Person, office: PostOffice) -> None:
    customer = world.customer()
    done = door.commit(suspend(Target(customer)), quote=None, actor=owner.actor, now=NOW)
    with tenant(world.id):
        undo = Undo.of(done.action_id, partner_id=world.id)
    door.commit(undo, quote=None, actor=owner.actor, now=NOW)
    world.drain()
    world.drain("mail")
    assert office.subjects() == ["Your account at Eastwind is suspended", "Your account at Eastwind is active again"]


def test_five_hundred_previews_take_three_queries(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    customers = world.customers(500)
    with tenant(world.id):
        verb = suspend(*map(Target, customers))
        drafts = [event for plan in verb.plan(partner_id=world.id, now=NOW, lock=False) for event in plan.events]
        with django_assert_num_queries(3):
            foreseen = consumer.foresee(drafts)
    assert [one.object_id for one in foreseen] == customers


def test_the_log_of_a_customer_is_newest_first_and_nobody_elses(
    world: World, owner: Person, other_world: World, office: PostOffice
) -> None:
    customer, neighbour = world.customers(2)
    door.commit(suspend(Target(customer), Target(neighbour)), quote=None, actor=owner.actor, now=NOW)
    world.drain()
    world.drain("mail")
    door.commit(Reactivate((Target(customer),)), quote=None, actor=owner.actor, now=NOW)
    world.drain()
    with tenant(world.id), translation.override("de"):
        lines = queries.messages_of(world.id, customer, limit=10)
        assert queries.message(world.id, lines[0].id) == lines[0]
    assert [(line.label, line.state) for line in lines] == [
        ("Konto wieder freigegeben", MessageState.QUEUED),
        ("Konto gesperrt", MessageState.SENT),
    ]
    assert lines[1].body in [text_of(mail) for mail in office.mails]
    with tenant(other_world.id):
        assert queries.messages_of(other_world.id, customer, limit=10) == []
        assert queries.messages_of(world.id, customer, limit=10) == [], "the database shows no foreign partner's rows"
        with pytest.raises(NotFound):
            queries.message(other_world.id, lines[0].id)
