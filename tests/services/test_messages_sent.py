"""What a mail is made of, and what happens when the mail server does not take it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.utils import parseaddr
from uuid import UUID

import pytest
from pytest_django import Settings

from customers.models import Customer
from notifications import worker
from notifications.delivery import Mailer
from notifications.models import Message
from notifications.rules.states import MessageState
from partnerpanel.actions import door
from partnerpanel.actions.reactivate import Reactivate
from partnerpanel.actions.suspend import Suspend
from partnerpanel.actions.verb import Target
from partnerpanel.kernel.clock import system_now
from partnerpanel.tenancy.scope import tenant
from subscriptions.rules.states import HoldKind
from tests.people import Person
from tests.post_office import PostOffice, text_of
from tests.world import NOW, World


class Killed(BaseException):
    """What a worker that is killed does: nothing more."""


@pytest.fixture
def office(settings: Settings) -> Iterator[PostOffice]:
    with PostOffice() as office:
        office.serve(settings)
        yield office


@pytest.fixture
def customers(world: World, owner: Person) -> list[UUID]:
    """Three customers, each with one mail to be sent."""
    customers = world.customers(3, name="<b>Zoë</b> Müller")
    verb = Suspend(tuple(map(Target, customers)), HoldKind.MANUAL, "because of <script>alert(1)</script>")
    door.commit(verb, quote=None, actor=owner.actor, now=NOW)
    world.drain("outbox")
    return customers


def messages(world: World) -> list[Message]:
    with tenant(world.id):
        return list(Message.objects.for_partner(world.id).order_by("id"))


def states(world: World) -> list[str]:
    return [message.state for message in messages(world)]


def forget_leases(world: World) -> None:
    """As if the time of every lease had passed."""
    with tenant(world.id):
        rows = Message.objects.for_partner(world.id).exclude(leased_until=None)
        rows.update(leased_until=system_now() - timedelta(seconds=1))


def test_a_mail_comes_from_the_partner_and_is_answered_to_its_support(
    world: World, customers: list[UUID], office: PostOffice, settings: Settings
) -> None:
    assert world.drain("mail") == 3
    assert office.connections == 1, "one connection for the batch"
    mail, message = office.mails[0], messages(world)[0]
    sender = mail["From"].addresses[0]
    assert (sender.display_name, sender.addr_spec) == ("Eastwind", parseaddr(settings.DEFAULT_FROM_EMAIL)[1])
    assert mail["Reply-To"].addresses[0].addr_spec == world.partner.support_email
    assert mail["Message-ID"] == message.header_id == f"<{message.pk}@{sender.addr_spec.partition('@')[2]}>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert (message.state, message.sent_at, message.due_at) == ("sent", NOW, None)


def test_the_copy_kept_is_what_was_sent(world: World, customers: list[UUID], office: PostOffice) -> None:
    world.drain("mail")
    copies = {message.to_address: (message.to_name, message.subject, message.body) for message in messages(world)}
    for mail in office.mails:
        to = mail["To"].addresses[0]
        assert copies[to.addr_spec] == (to.display_name, mail["Subject"], text_of(mail))


def test_values_are_escaped_in_the_html_and_only_there(world: World, customers: list[UUID], office: PostOffice) -> None:
    world.drain("mail")
    text, html = text_of(office.mails[0]), text_of(office.mails[0], "html")
    assert "<b>Zoë</b> Müller" in text
    assert "because of <script>alert(1)</script>" in text
    assert "&lt;b&gt;Zoë&lt;/b&gt; Müller" in html
    assert "because of &lt;script&gt;" in html
    assert "<script" not in html
    assert 'class="head"' not in html, "the partner has no brand"


def test_a_refused_address_is_tried_again_four_times_and_then_waits_for_a_person(
    world: World, customers: list[UUID], office: PostOffice
) -> None:
    refused = world.read_customer(customers[1]).email
    office.refuses = {refused}
    world.drain("mail")
    assert len(office.mails) == 2
    now = NOW
    for minutes in (1, 5, 15, 60):
        message = next(one for one in messages(world) if one.customer_id == customers[1])
        assert (message.state, message.due_at) == ("queued", now + timedelta(minutes=minutes))
        assert message.last_error == "550 No such mailbox"
        assert world.drain("mail", now=now + timedelta(minutes=minutes) - timedelta(seconds=1)) == 0
        now += timedelta(minutes=minutes)
        world.drain("mail", now=now)
    message = next(one for one in messages(world) if one.customer_id == customers[1])
    assert (message.state, message.parked_at, message.attempts) == ("failed", now, 5)
    assert world.drain("mail", now=now + timedelta(days=9)) == 0
    assert len(office.mails) == 2


def test_a_server_that_is_down_costs_one_attempt_for_all_and_nothing_is_lost(
    world: World, customers: list[UUID], office: PostOffice, settings: Settings
) -> None:
    office.close()
    assert world.drain("mail") == 3
    assert states(world) == ["queued"] * 3
    assert {message.attempts for message in messages(world)} == {1}
    with PostOffice() as reopened:
        reopened.serve(settings)
        world.drain("mail", now=NOW + timedelta(minutes=1))
        assert len(reopened.mails) == 3


def test_a_wrong_password_is_a_refusal(
    world: World, customers: list[UUID], office: PostOffice, settings: Settings
) -> None:
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "postmaster", "wrong"
    world.drain("mail")
    assert states(world) == ["queued"] * 3
    assert office.mails == []


@pytest.mark.parametrize("answer", ["451 Try later", "554 Not this one", "421 Closing"])
def test_an_answer_that_refuses_the_content_is_definite(
    world: World, customers: list[UUID], office: PostOffice, answer: str
) -> None:
    office.answer = answer
    world.drain("mail")
    assert states(world) == ["queued"] * 3
    assert {message.last_error for message in messages(world)} == {answer}


def test_a_connection_lost_before_the_content_is_tried_again(
    world: World, customers: list[UUID], office: PostOffice
) -> None:
    office.hangs_up = "MAIL"
    world.drain("mail")
    assert states(world) == ["queued"] * 3
    office.hangs_up = ""
    world.drain("mail", now=NOW + timedelta(minutes=1))
    assert len(office.mails) == 3


def test_a_connection_lost_after_the_content_is_shown_and_never_sent_again(
    world: World, customers: list[UUID], office: PostOffice
) -> None:
    office.hangs_up = "DATA"
    world.drain("mail")
    assert states(world) == ["unknown"] * 3
    office.hangs_up = ""
    assert world.drain("mail", now=NOW + timedelta(days=9)) == 0
    assert len(office.mails) == 3, "they had arrived"


def test_a_server_that_does_not_answer_in_time_leaves_the_outcome_unknown(
    world: World, customers: list[UUID], office: PostOffice, settings: Settings
) -> None:
    settings.EMAIL_TIMEOUT, office.silent = 0.3, 1.0
    world.drain("mail")
    assert states(world) == ["unknown"] * 3
    assert all("timed out" in message.last_error for message in messages(world))


@pytest.mark.parametrize("after_sending", [True, False])
def test_a_worker_killed_between_claim_and_settlement_leaves_one_unknown_and_sends_the_others(
    world: World,
    customers: list[UUID],
    office: PostOffice,
    monkeypatch: pytest.MonkeyPatch,
    after_sending: bool,
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise Killed

    place = "notifications.worker._settle" if after_sending else "django.core.mail.EmailMultiAlternatives.message"
    with monkeypatch.context() as patch:
        patch.setattr(place, killed)
        with pytest.raises(Killed):
            world.drain("mail")
    assert states(world) == ["sending", "queued", "queued"]
    assert world.drain("mail") == 0, "while the lease lasts, nobody else takes them"
    forget_leases(world)
    world.drain("mail")
    assert states(world) == ["unknown", "sent", "sent"]
    assert world.drain("mail", now=NOW + timedelta(days=9)) == 0
    assert len(office.mails) == (3 if after_sending else 2)


def test_a_worker_that_was_slower_than_its_lease_sends_nothing_that_another_took(
    world: World, customers: list[UUID], office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    reach, once = Mailer.reach, iter([True])

    def slow(self: Mailer) -> str:
        if next(once, False):
            forget_leases(world)
            world.drain("mail")
        return reach(self)

    monkeypatch.setattr(Mailer, "reach", slow)
    world.drain("mail")
    assert states(world) == ["sent"] * 3
    assert len(office.mails) == 3


def test_a_batch_that_takes_too_long_leaves_the_rest_to_the_next_without_counting_an_attempt(
    world: World, customers: list[UUID], office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "SECONDS_AT_A_TIME", 0.2)
    office.silent = 0.3
    assert worker.drain_mail(world.id, NOW) == 1
    assert [(message.state, message.attempts) for message in messages(world)] == [
        (MessageState.SENT, 1),
        (MessageState.QUEUED, 0),
        (MessageState.QUEUED, 0),
    ]
    world.drain("mail")
    assert len(office.mails) == 3


def test_an_address_that_no_mail_can_be_sent_to_holds_nobody_up(
    world: World, customers: list[UUID], office: PostOffice
) -> None:
    with tenant(world.id):
        Customer.objects.for_partner(world.id).filter(pk=customers[0]).update(email="nobody\n@x.example")
    world.drain("mail")
    found = {message.customer_id: message for message in messages(world)}
    assert [found[customer].state for customer in customers] == ["queued", "sent", "sent"]
    assert found[customers[0]].last_error.startswith("ValueError: Invalid address")


def test_a_later_mail_waits_for_an_earlier_one_to_the_same_customer(
    world: World, owner: Person, customers: list[UUID], office: PostOffice
) -> None:
    office.answer = "451 Greylisted"
    world.drain("mail")
    door.commit(Reactivate((Target(customers[0]),)), quote=None, actor=owner.actor, now=NOW)
    world.drain("outbox")
    office.answer = "250 Taken"
    world.drain("mail", now=NOW + timedelta(seconds=30))
    assert office.mails == []
    assert world.drain("mail", now=NOW + timedelta(minutes=1)) == 4
    assert {message.attempts for message in messages(world)} == {1, 2}, "waiting in turn is no attempt"
    to_the_first = [mail["Subject"] for mail in office.mails if world.read_customer(customers[0]).email in mail["To"]]
    assert to_the_first == ["Your account at Eastwind is suspended", "Your account at Eastwind is active again"]


def test_an_address_in_another_script_is_reached(world: World, owner: Person, office: PostOffice) -> None:
    customer = world.customer("花子", email="hanako@bücher.example")
    verb = Suspend((Target(customer),), HoldKind.MANUAL, "as agreed")
    door.commit(verb, quote=None, actor=owner.actor, now=NOW)
    world.drain("outbox", "mail")
    assert office.receivers == ["hanako@xn--bcher-kva.example"]
    assert office.mails[0]["To"].addresses[0].display_name == "花子"
