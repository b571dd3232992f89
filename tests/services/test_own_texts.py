"""Texts that a partner makes its own: used from the next mail on, kept with their history, and nobody else's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from babel import Locale
from pytest_django import Settings

from notifications.models import Message
from notifications.owned.previews import TrialNotSent
from notifications.owned.queries import changed_texts, further_texts, text_in_use, versions_of
from notifications.owned.rules.texts import KINDS, allowed_in
from notifications.owned.samples import sample_values
from notifications.owned.services import InvalidTitle, NothingToReset, TextMoved
from partnerpanel.actions import door, templates
from partnerpanel.actions.suspend import Suspend
from partnerpanel.actions.verb import Target
from partnerpanel.kernel.errors import Forbidden, NotFound
from partnerpanel.panel.template_words import VALUES
from partnerpanel.tenancy.scope import tenant
from subscriptions.rules.states import HoldKind
from tests.people import Person
from tests.post_office import PostOffice, text_of
from tests.threads import in_threads
from tests.world import NOW, World

NAME = "account_suspended"
OURS = {"subject": "Stopped: {{ reason }}", "body": "Dear {{ customer.name }},\n\n**Stopped** because {{ reason }}"}


@pytest.fixture
def office(settings: Settings) -> Iterator[PostOffice]:
    with PostOffice() as office:
        office.serve(settings)
        yield office


@dataclass
class Desk:
    """Where the owner of a partner changes its texts."""

    world: World
    person: Person

    def save(self, name: str = NAME, language: str = "en", **changes: object) -> object:
        wanted = {**OURS, "version": None, **changes}
        return templates.save_text(name, language, actor=self.person.actor, now=NOW, **wanted)  # type: ignore[arg-type]

    def suspend(self, *, locale: str = "en") -> Message:
        """Somebody is suspended; the message about it, sent."""
        customer = self.world.customer(locale=locale)
        verb = Suspend((Target(customer),), HoldKind.MANUAL, "unpaid **work**")
        door.commit(verb, quote=None, actor=self.person.actor, now=NOW)
        self.world.drain("outbox")
        self.world.drain("mail")
        with tenant(self.world.id):
            return Message.objects.for_partner(self.world.id).get(customer=customer)


@pytest.fixture
def desk(world: World, owner: Person) -> Desk:
    return Desk(world, owner)


def test_every_value_of_every_text_has_a_sample_and_words() -> None:
    on: Any = {"currency": "EUR", "language": "en", "locale": Locale("en"), "today": NOW.date()}
    sampled = {*sample_values(**on), "partner.name", "partner.support_email"}
    for name in KINDS:
        assert allowed_in(name) <= sampled
        assert allowed_in(name) <= set(VALUES)


def test_the_next_mail_is_in_the_partners_words(desk: Desk, office: PostOffice) -> None:
    desk.save()
    message = desk.suspend()
    assert message.subject == "Stopped: unpaid **work**"
    html = text_of(office.mails[0], "html")
    assert "<strong>Stopped</strong> because unpaid **work**" in html
    assert "Stopped because unpaid **work**" in text_of(office.mails[0])


def test_the_preview_of_an_action_is_in_them_too(desk: Desk, world: World) -> None:
    desk.save()
    verb = Suspend((Target(world.customer()),), HoldKind.MANUAL, "late")
    assert door.preview(verb, actor=desk.person.actor, now=NOW).mails[0].title == "Stopped: late"


def test_another_language_and_another_partner_keep_what_they_had(
    desk: Desk, stranger: Person, other_world: World, office: PostOffice
) -> None:
    desk.save()
    assert desk.suspend(locale="de").subject.startswith("Ihr Konto")
    assert Desk(other_world, stranger).suspend().subject.startswith("Your account")


def test_reset_gives_the_products_text_back_and_restore_the_own_one(desk: Desk, world: World) -> None:
    id_ = desk.save()
    desk.save(subject="Second")
    by = {"actor": desk.person.actor, "now": NOW}
    templates.reset_text(id_, **by)  # type: ignore[arg-type]
    assert desk.suspend().subject.startswith("Your account")
    with pytest.raises(NothingToReset):
        templates.reset_text(id_, **by)  # type: ignore[arg-type]
    templates.restore_text(id_, 1, **by)  # type: ignore[arg-type]
    assert desk.suspend().subject.startswith("Stopped:")
    with tenant(world.id):
        line = text_in_use(world.id, NAME, "en")
        past = [(one.number, one.subject, one.is_default) for one in versions_of(world.id, line.id, limit=9)]  # type: ignore[arg-type]
    assert past == [(4, OURS["subject"], False), (3, "", True), (2, "Second", False), (1, OURS["subject"], False)]


def test_of_two_who_saved_what_they_saw_one_is_told(desk: Desk) -> None:
    desk.save(version=0)
    with pytest.raises(TextMoved):
        desk.save(subject="Another", version=0)
    desk.save(subject="Another", version=1)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_leave_one_text_and_both_versions(desk: Desk, world: World) -> None:
    in_threads(lambda: desk.save(subject="One"), lambda: desk.save(subject="Two"))
    with tenant(world.id):
        line = text_in_use(world.id, NAME, "en")
        assert line.version == 2
        assert {one.subject for one in versions_of(world.id, line.id, limit=9)} == {"One", "Two"}  # type: ignore[arg-type]


def test_saving_the_same_again_is_no_version(desk: Desk, world: World) -> None:
    assert desk.save() == desk.save()
    with tenant(world.id):
        assert text_in_use(world.id, NAME, "en").version == 1


def test_a_text_of_another_partner_is_not_there(desk: Desk, stranger: Person, world: World) -> None:
    id_ = desk.save()
    for act in (templates.reset_text, lambda one, **by: templates.restore_text(one, 1, **by)):
        with pytest.raises(NotFound):
            act(id_, actor=stranger.actor, now=NOW)  # type: ignore[arg-type]
    with tenant(world.id):
        assert changed_texts(world.id) == {(NAME, "en")}


def test_who_may_only_read_changes_and_tests_nothing(desk: Desk, colleague: Person, world: World) -> None:
    with pytest.raises(Forbidden):
        Desk(world, colleague).save()
    with pytest.raises(Forbidden):
        templates.send_test(NAME, "en", **OURS, to_name="", to="x@x.example", actor=colleague.actor, now=NOW)
    said = OURS["subject"], OURS["body"]
    preview = templates.preview_text(NAME, "en", subject=said[0], body=said[1], actor=colleague.actor, now=NOW)
    assert preview.letter.text.subject == "Stopped: (the reason that you give)"
    assert preview.left_out == ("partner.name", "partner.support_email")


def test_a_preview_for_a_customer_has_the_values_of_its_newest_such_mail(desk: Desk, office: PostOffice) -> None:
    message = desk.suspend()
    by = {"actor": desk.person.actor, "now": NOW}
    real = templates.preview_text(NAME, "de", **OURS, customer_id=message.customer_id, **by)  # type: ignore[arg-type]
    assert (real.is_real, real.letter.text.subject) == (True, "Stopped: unpaid **work**")
    other = templates.preview_text("account_banned", "en", **OURS, customer_id=message.customer_id, **by)  # type: ignore[arg-type]
    assert (other.is_real, other.letter.to_address) == (False, message.to_address)


def test_a_preview_for_another_partners_customer_is_refused(desk: Desk, other_world: World) -> None:
    with pytest.raises(NotFound):
        templates.preview_text(NAME, "en", **OURS, customer_id=other_world.customer(), actor=desk.person.actor, now=NOW)


def test_a_test_goes_to_whoever_asks_and_leaves_no_message(desk: Desk, world: World, office: PostOffice) -> None:
    to = {"to_name": "Olga", "to": "olga@eastwind.example"}
    templates.send_test(NAME, "en", **OURS, **to, actor=desk.person.actor, now=NOW)
    assert [mail["Subject"] for mail in office.mails] == ["[Test] Stopped: (the reason that you give)"]
    assert office.mails[0]["To"].addresses[0].addr_spec == "olga@eastwind.example"
    with tenant(world.id):
        assert not Message.objects.for_partner(world.id).exists()
    office.refuses = {"olga@eastwind.example"}
    with pytest.raises(TrialNotSent, match="No such mailbox"):
        templates.send_test(NAME, "en", **OURS, **to, actor=desk.person.actor, now=NOW)


def test_a_further_text_is_made_described_archived_and_gets_another_language(desk: Desk, world: World) -> None:
    by = {"actor": desk.person.actor, "now": NOW}
    said = {"subject": "News", "body": "Hello {{ customer.name }}"}
    id_ = templates.create_text(title=" Spring  sale ", language="en", **said, **by)  # type: ignore[arg-type]
    with tenant(world.id):
        [line] = further_texts(world.id)
    assert (line.title, line.is_own) == ("Spring sale", True)
    desk.save(line.name, "de", subject="Neues", body="Guten Tag {{ customer.name }}")
    templates.describe_text(id_, title="Summer sale", archived=True, **by)  # type: ignore[arg-type]
    with tenant(world.id):
        assert further_texts(world.id) == []
        there = further_texts(world.id, archived=True)
    assert [(one.language, one.title) for one in there] == [("de", "Summer sale"), ("en", "Summer sale")]
    for title in ("", "x" * 81):
        with pytest.raises(InvalidTitle):
            templates.describe_text(id_, title=title, **by)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        templates.describe_text(desk.save(), title="Mine", **by)  # type: ignore[arg-type]


def test_a_text_that_outgrows_its_bounds_with_its_values_gives_way_to_the_products(
    desk: Desk, world: World, office: PostOffice
) -> None:
    desk.save(body="{{ reason }}\n" * 190)
    customer = world.customer()
    verb = Suspend((Target(customer),), HoldKind.MANUAL, "\N{FULL BLOCK}" * 500)
    door.commit(verb, quote=None, actor=desk.person.actor, now=NOW)
    world.drain("outbox")
    world.drain("mail")
    with tenant(world.id):
        message = Message.objects.for_partner(world.id).get(customer=customer)
    assert (message.state, message.subject) == ("sent", "Your account at Eastwind is suspended")
