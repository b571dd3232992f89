"""Writing to customers: previewed as it is sent, in their language, logged, and by nobody who may only read."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from customers.rules.erasure import ErasureReason
from customers.services.erase import erase_customers
from notifications.models import Message as Mail
from notifications.owned.queries import further_texts
from notifications.owned.wording import WhatToSay
from notifications.rules.template import UnknownVariable
from partnerpanel.actions import door, templates
from partnerpanel.actions.message import Message
from partnerpanel.actions.verb import OverlappingTargets, Target
from partnerpanel.events.models import EventDetail
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.errors import Forbidden, NotFound
from partnerpanel.kernel.ids import public, uuid7
from partnerpanel.tenancy.scope import tenant
from tests.actions.jobs import carried_out, job_of
from tests.api.program import make_program
from tests.panel.scriptless import text
from tests.people import Person
from tests.world import NOW, World

OWN: dict[str, str] = {"subject": "About {{ partner.name }}", "body": "Hello {{ customer.name }}, **read** this."}


def mails(world: World) -> list[Mail]:
    with tenant(world.id):
        return list(Mail.objects.for_partner(world.id).order_by("id"))


def write(world: World, person: Person, *customers: UUID, **said: str) -> None:
    verb = Message(tuple(map(Target, customers)), **(said or OWN))
    door.commit(verb, quote=None, actor=person.actor, now=NOW)
    world.drain("outbox")
    world.drain("mail")


def template(world: World, person: Person) -> str:
    """A template in two languages; its name."""
    by: Any = {"actor": person.actor, "now": NOW}
    said: Any = {"subject": "News", "body": "Hello {{ customer.name }}"}
    templates.create_text(title="News", language="en", **said, **by)
    with tenant(world.id):
        name = further_texts(world.id)[0].name
    templates.save_text(name, "de", subject="Neues", body="Guten Tag {{ customer.name }}", **by)
    return name


def test_what_is_previewed_is_what_is_sent_and_kept(world: World, owner: Person) -> None:
    customer = world.customer("Anna")
    quote = door.preview(Message((Target(customer),), **OWN), actor=owner.actor, now=NOW)
    assert [(one.title, one.body) for one in quote.mails] == [("About Eastwind", "Hello Anna, read this.\n")]
    assert mails(world) == []
    write(world, owner, customer)
    [mail] = mails(world)
    assert (mail.kind, mail.state, mail.subject, mail.body) == (
        "customer_message",
        "sent",
        "About Eastwind",
        "Hello Anna, read this.\n",
    )


def test_who_has_no_address_is_not_written_to(world: World, owner: Person) -> None:
    anna, gone = world.customer("Anna"), world.customer("Gone")
    with tenant(world.id):
        erase_customers({gone: 1}, reason=ErasureReason.REQUESTED, actor=world.system, action_id=uuid7(), now=NOW)
    verb = Message((Target(anna), Target(gone)), **OWN)
    quote = door.preview(verb, actor=owner.actor, now=NOW)
    assert [(one.code, one.message) for one in quote.refusals] == [
        ("no_address", "No e-mail address of this customer is known. Enter one first.")
    ]


def test_a_template_is_in_each_customers_language(world: World, owner: Person) -> None:
    name = template(world, owner)
    write(world, owner, world.customer(locale="en"), world.customer(locale="de"), template=name)
    assert [mail.subject for mail in mails(world)] == ["News", "Neues"]


def test_a_template_that_changes_after_the_preview_is_looked_at_again(world: World, owner: Person) -> None:
    verb = Message((Target(world.customer()),), template=template(world, owner))
    quote = door.preview(verb, actor=owner.actor, now=NOW)
    templates.save_text(verb.template, "en", subject="News", body="Other words", actor=owner.actor, now=NOW)
    with pytest.raises(door.FactsMoved):
        door.commit(verb, quote=quote.token, actor=owner.actor, now=NOW)
    assert mails(world) == []


def test_a_template_that_changes_after_the_commit_leaves_the_mail_as_it_was_shown(world: World, owner: Person) -> None:
    verb = Message((Target(world.customer()),), template=template(world, owner))
    door.commit(verb, quote=None, actor=owner.actor, now=NOW)
    templates.save_text(verb.template, "en", subject="Later", body="Other words", actor=owner.actor, now=NOW)
    world.drain("outbox")
    world.drain("mail")
    assert mails(world)[0].subject == "News"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "subject"),
        ({"subject": "S"}, "body"),
        ({"subject": "S", "body": "  "}, "body"),
        ({"template": "own_x", "subject": "S"}, "template"),
    ],
)
def test_it_is_a_template_or_ones_own_words(world: World, owner: Person, said: dict[str, str], field: str) -> None:
    with pytest.raises(WhatToSay) as refused:
        door.preview(Message((Target(world.customer()),), **said), actor=owner.actor, now=NOW)
    assert refused.value.field == field


def test_values_of_other_mails_and_archived_or_foreign_templates_are_refused(
    world: World, owner: Person, other_world: World, stranger: Person
) -> None:
    customer = Target(world.customer())
    with pytest.raises(UnknownVariable):
        door.preview(Message((customer,), subject="S", body="{{ pay.link }}"), actor=owner.actor, now=NOW)
    for name in (template(other_world, stranger), "account_suspended", "own_0"):
        with pytest.raises(NotFound):
            door.preview(Message((customer,), template=name), actor=owner.actor, now=NOW)


def test_nobody_elses_customer_and_nobody_twice(world: World, owner: Person, other_world: World) -> None:
    customer = world.customer()
    for targets, error in (((customer, customer), OverlappingTargets), ((other_world.customer(),), NotFound)):
        with pytest.raises(error):
            door.preview(Message(tuple(map(Target, targets)), **OWN), actor=owner.actor, now=NOW)


def test_who_may_only_read_writes_to_nobody(world: World, colleague: Person) -> None:
    with pytest.raises(Forbidden):
        write(world, colleague, world.customer())
    assert mails(world) == []


def test_words_that_were_erased_are_sent_to_nobody(world: World, owner: Person) -> None:
    door.commit(Message((Target(world.customer()),), **OWN), quote=None, actor=owner.actor, now=NOW)
    world.drain("outbox")
    with tenant(world.id):
        EventDetail.objects.for_partner(world.id).delete()
    world.drain("mail")
    assert "read" not in mails(world)[0].body


def test_several_are_written_to_as_a_job_each_once(world: World, owner: Person) -> None:
    customers = world.customers(5)
    job = carried_out(world, owner, customers, Message((), **OWN))
    assert job_of(world, job).done == 5
    world.drain("mail")
    assert sorted(mail.customer_id for mail in mails(world)) == sorted(customers)


def test_the_popup_shows_the_mail_and_sends_it(world: World, owner: Person) -> None:
    at = f"/panel/{world.partner.slug}/customers/{public('cus', world.customer('Anna'))}/message/"
    client = owner.client()
    assert "the mail appears here" in text(client.get(at))
    preview = client.post(f"{at}?preview", OWN)
    assert "Hello Anna, read this." in text(preview)
    token = preview.content.decode().partition('name="quote" value="')[2].partition('"')[0]
    assert "is on its way" in text(client.post(at, OWN | {"quote": token}, follow=True))
    assert "{{ nobody }}" not in text(client.post(f"{at}?preview", OWN | {"body": "{{ nobody }}"}))


def test_a_program_writes_and_keeps_templates(world: World, owner: Person) -> None:
    program, customer = make_program(owner), public("cus", world.customer("Anna"))
    new = {"title": "News", "language": "en", "subject": "News", "body": "Hello {{ customer.name }}"}
    made = program.post("/templates", new).ok(201)
    assert (made["version"], made["variables"]) == (1, ["customer.name", "partner.name", "partner.support_email"])
    at = f"/templates/{made['id']}"
    assert program.patch(at, {"subject": "Other", "archived": False}).ok()["version"] == 2
    assert program.post(f"{at}/restore", {"version": 1}).ok()["subject"] == "News"
    own = program.post("/templates", {"name": "account_suspended", "language": "en", "subject": "S", "body": "B"})
    assert program.post(f"/templates/{own.ok(201)['id']}/reset").ok()["is_default"] is True
    quote = program.post(f"/customers/{customer}/message/preview", {"template": made["name"]}).ok()
    assert quote["mails"][0]["subject"] == "News"
    program.post(f"/customers/{customer}/message", {"template": made["name"], "quote": quote["id"]}).ok()
    world.drain("outbox", now=system_now())
    assert len(mails(world)) == 1
