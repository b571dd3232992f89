"""Tickets: opened by customers and staff, answered, closed, and told by mail."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from notifications.models import Message
from partnerpanel.actions import door, tickets
from partnerpanel.actions.erase import Erase
from partnerpanel.actions.verb import Target
from partnerpanel.events.queries import timeline
from partnerpanel.kernel.errors import Forbidden, NotFound
from partnerpanel.kernel.ids import public
from partnerpanel.support.rules import MOST_OPEN, ClosedAlready, InvalidTicket, Side, TicketState, TooManyTickets, Topic
from partnerpanel.support.services import NewTicket
from partnerpanel.tenancy.actor import Actor, ActorKind
from partnerpanel.tenancy.scope import tenant
from tests.api.program import make_program
from tests.people import Person
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)

QUESTION = NewTicket("No  sound", "It is silent.\r\nSince noon.", Topic.TECHNICAL)


def as_customer(world: World, customer: UUID) -> Actor:
    return Actor(ActorKind.CUSTOMER, world.id, customer_id=customer)


def mails(world: World, customer: UUID) -> list[tuple[str, str, str]]:
    later = world.now + timedelta(days=1)
    world.drain("outbox", now=later)
    world.drain("mail", now=later)
    with tenant(world.id):
        rows = Message.objects.for_partner(world.id).filter(customer=customer).order_by("pk")
        return [(row.kind, row.to_address, row.subject) for row in rows]


def test_a_customer_asks_and_is_answered(world: World, owner: Person) -> None:
    customer = world.customer(name="Ada", email="ada@example.com")
    me = as_customer(world, customer)
    ticket = tickets.open_ticket(customer, QUESTION, actor=me, now=world.now)
    line, written = tickets.read(ticket, actor=me)
    assert (line.subject, line.state, line.opened_by) == ("No sound", TicketState.OPEN, Side.CUSTOMER)
    assert [one.text for one in written] == ["It is silent.\nSince noon."]
    tickets.reply(ticket, "Restart it.", actor=owner.actor, now=world.now + timedelta(hours=1))
    line, written = tickets.read(ticket, actor=me)
    assert (line.state, written[-1].side, written[-1].author_id) == (TicketState.ANSWERED, Side.STAFF, owner.user.pk)
    tickets.close(ticket, actor=me, now=world.now + timedelta(hours=2))
    assert tickets.own_tickets(actor=me)[0].state is TicketState.CLOSED
    tickets.reply(ticket, "Silent again.", actor=me, now=world.now + timedelta(hours=3))
    assert tickets.own_tickets(actor=me)[0].state is TicketState.OPEN
    support = world.partner.support_email
    assert mails(world, customer) == [
        ("ticket_received", support, f"A question for {world.partner.name}: No sound"),
        ("ticket_answered", "ada@example.com", f"{world.partner.name} has answered: No sound"),
        ("ticket_replied", support, f"A reply for {world.partner.name}: No sound"),
    ]
    with tenant(world.id):
        kinds = [one.kind for one in timeline(world.id, customer) if one.object_type == "ticket"]
    assert kinds == ["ticket.replied", "ticket.closed", "ticket.answered", "ticket.opened"]


def test_the_partner_writes_first(world: World, owner: Person) -> None:
    customer = world.customer(name="Ada", email="ada@example.com", locale="de")
    ticket = tickets.open_ticket(customer, QUESTION, actor=owner.actor, now=world.now)
    tickets.close(ticket, actor=owner.actor, now=world.now)
    assert [(kind, to) for kind, to, _ in mails(world, customer)] == [
        ("ticket_opened", "ada@example.com"),
        ("ticket_closed", "ada@example.com"),
    ]


def test_a_customer_sees_its_own_alone(world: World) -> None:
    customer, other = world.customers(2)
    ticket = tickets.open_ticket(customer, QUESTION, actor=as_customer(world, customer), now=world.now)
    stranger = as_customer(world, other)
    assert tickets.own_tickets(actor=stranger) == []
    with pytest.raises(NotFound):
        tickets.read(ticket, actor=stranger)
    with pytest.raises(NotFound):
        tickets.reply(ticket, "Mine!", actor=stranger, now=world.now)
    with pytest.raises(NotFound):
        tickets.close(ticket, actor=stranger, now=world.now)
    with pytest.raises(NotFound):
        tickets.open_ticket(customer, QUESTION, actor=stranger, now=world.now)


def test_a_customer_never_speaks_for_the_partner(world: World) -> None:
    customer = world.customer()
    me = as_customer(world, customer)
    ticket = tickets.open_ticket(customer, QUESTION, actor=me, now=world.now, side=Side.STAFF)
    assert tickets.read(ticket, actor=me)[1][0].side is Side.CUSTOMER


def test_another_partner_and_a_reader_are_refused(
    world: World, owner: Person, stranger: Person, colleague: Person
) -> None:
    ticket = tickets.open_ticket(world.customer(), QUESTION, actor=owner.actor, now=world.now)
    with pytest.raises(NotFound):
        tickets.reply(ticket, "Hello", actor=stranger.actor, now=world.now)
    with pytest.raises(Forbidden):
        tickets.reply(ticket, "Hello", actor=colleague.actor, now=world.now)


@pytest.mark.parametrize(
    ("new", "field"),
    [(NewTicket(" ", "x"), "subject"), (NewTicket("x" * 201, "x"), "subject"), (NewTicket("x", "\n"), "text")],
)
def test_words_are_needed(world: World, owner: Person, new: NewTicket, field: str) -> None:
    with pytest.raises(InvalidTicket) as refusal:
        tickets.open_ticket(world.customer(), new, actor=owner.actor, now=world.now)
    assert refusal.value.field == field


def test_nobody_opens_more_than_so_many(world: World) -> None:
    customer = world.customer()
    me = as_customer(world, customer)
    for _ in range(MOST_OPEN):
        tickets.open_ticket(customer, QUESTION, actor=me, now=world.now)
    with pytest.raises(TooManyTickets):
        tickets.open_ticket(customer, QUESTION, actor=me, now=world.now)


def test_closed_twice_is_said(world: World, owner: Person) -> None:
    ticket = tickets.open_ticket(world.customer(), QUESTION, actor=owner.actor, now=world.now)
    tickets.close(ticket, actor=owner.actor, now=world.now)
    with pytest.raises(ClosedAlready):
        tickets.close(ticket, actor=owner.actor, now=world.now)


def test_erased_the_words_are_gone(world: World, owner: Person) -> None:
    customer = world.customer()
    ticket = tickets.open_ticket(customer, QUESTION, actor=owner.actor, now=world.now)
    door.commit(Erase((Target(customer),)), quote=None, actor=owner.actor, now=world.now)
    line, written = tickets.read(ticket, actor=owner.actor)
    assert (line.subject, written) == ("", [])


def test_a_program_opens_answers_and_closes(world: World, owner: Person) -> None:
    customer, program = world.customer(), make_program(owner)
    body = {"customer": public("cus", customer), "subject": "No sound", "text": "It is silent.", "side": "customer"}
    made = program.post("/tickets", body)
    assert (made.status, made.body["state"], made.body["messages"][0]["side"]) == (201, "open", "customer")
    at = f"/tickets/{made.body['id']}"
    assert program.post(f"{at}/reply", {"text": "Restart it."}).body["state"] == "answered"
    assert program.post(f"{at}/close").body["state"] == "closed"
    assert program.post(f"{at}/close").body["code"] == "ticket_closed_already"
    listed = program.get("/tickets?state=closed").body["data"]
    assert [one["id"] for one in listed] == [made.body["id"]]


def test_the_panel_lists_answers_and_closes(world: World, owner: Person) -> None:
    customer = world.customer(name="Ada Lovelace")
    ticket = tickets.open_ticket(customer, QUESTION, actor=as_customer(world, customer), now=world.now)
    client, root = owner.client(), f"/panel/{world.partner.slug}/tickets/"
    assert "No sound" in client.get(root).content.decode()
    at = f"{root}{public('tic', ticket)}/"
    assert "Since noon." in client.get(at).content.decode()
    assert client.post(f"{at}reply/", {"text": ""}).status_code == 422
    assert client.post(f"{at}reply/", {"text": "Restart it."}).status_code == 302
    assert client.post(f"{at}close/").status_code == 302
    assert "No sound" in client.get(f"{root}?state=closed").content.decode()


def test_the_panel_opens_one(world: World, owner: Person) -> None:
    customer, client = world.customer(), owner.client()
    at = f"/panel/{world.partner.slug}/customers/{public('cus', customer)}/new-ticket/"
    assert client.get(at).status_code == 200
    wrong = client.post(at, {"subject": "", "topic": "general", "text": "x"})
    assert wrong.status_code == 422
    assert client.post(at, {"subject": "News", "topic": "general", "text": "We moved."}).status_code == 302
