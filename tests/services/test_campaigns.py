"""Campaigns: chosen, previewed, confirmed once, recalled, sent at a pace, stopped and resumed, and nobody gets two."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from pytest_django import Settings

from customers.models import Customer
from notifications.campaigns.models import Campaign
from notifications.campaigns.queries import Figures, figures_of
from notifications.campaigns.rules.audience import Audience, InvalidAudience
from notifications.campaigns.services import CampaignDraft, CampaignMoved, InvalidCampaign, WrongCampaignState
from notifications.delivery import Mailer
from notifications.models import Message, OwnText
from notifications.owned.wording import WhatToSay
from notifications.rules.template import UnknownVariable
from partnerpanel.actions import campaigns, marketing, templates
from partnerpanel.actions.marketing import Answer, Topic, WantedRules
from partnerpanel.events.models import Event
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.errors import Forbidden, NotFound
from partnerpanel.kernel.ids import public
from partnerpanel.tenancy.scope import tenant
from tests.api.program import make_program
from tests.panel.scriptless import text
from tests.people import Person
from tests.post_office import PostOffice, text_of
from tests.threads import in_threads
from tests.world import NOW, World

LATER = NOW + timedelta(minutes=5)


class Killed(BaseException):
    """What a worker that is killed does: nothing more."""


@pytest.fixture
def office(settings: Settings) -> Iterator[PostOffice]:
    with PostOffice() as office:
        office.serve(settings)
        yield office


def drafted(person: Person, *customers: UUID, topic: str = "offers", **other: Any) -> UUID:
    said: dict[str, Any] = {"subject": "Sale", "body": "Half price, {{ customer.name }}"} | other
    audience = said.pop("audience", Audience(customers))
    return campaigns.create_campaign(CampaignDraft("Sale", topic, audience, **said), actor=person.actor, now=NOW)


def confirm(person: Person, id_: UUID, many: int, **other: Any) -> None:
    campaigns.confirm_campaign(id_, recipients=many, actor=person.actor, now=NOW, **other)


def read(world: World, id_: UUID) -> Campaign:
    with tenant(world.id):
        return Campaign.objects.for_partner(world.id).get(pk=id_)


def figures(world: World, id_: UUID) -> Figures:
    with tenant(world.id):
        return figures_of(world.id, [Campaign.objects.for_partner(world.id).get(pk=id_)])[id_]


def mails(world: World) -> list[Message]:
    with tenant(world.id):
        return list(Message.objects.for_partner(world.id).filter(kind="campaign").order_by("customer"))


def kinds(world: World) -> list[str]:
    with tenant(world.id):
        rows = Event.objects.for_partner(world.id).filter(object_type="campaign").order_by("pk")
        return [kind.partition(".")[2] for kind in rows.values_list("kind", flat=True)]


def send(world: World, *, at: Any = LATER, minutes: int = 4) -> None:
    """Minute after minute, campaigns and mails."""
    for minute in range(minutes):
        world.drain("campaigns", now=at + timedelta(minutes=minute))
        world.drain("mail", now=at + timedelta(minutes=minute))


def test_from_filter_to_inbox_and_nothing_for_whoever_wants_none(
    world: World, owner: Person, office: PostOffice
) -> None:
    anna, bo, cy = (world.customer(name) for name in ("Anna", "Bo", "Cy"))
    world.subscription(customer=anna)
    world.subscription(customer=bo)
    marketing.choose(bo, {Topic.OFFERS: Answer.NO}, actor=owner.actor, now=NOW)
    id_ = drafted(owner, audience=Audience(tab="active"))
    found = campaigns.preview_campaign(id_, actor=owner.actor, now=NOW)
    assert (found.reach.sent, dict(found.reach.left_out)) == (1, {"refused": 1})
    assert [one.id for one in found.recipients] == [anna]
    assert found.letter is not None
    assert "Half price, Anna" in found.letter.text.body
    confirm(owner, id_, 1)
    send(world, at=NOW)
    assert office.mails == [], "for five minutes it can be recalled"
    send(world)
    assert [mail["Subject"] for mail in office.mails] == ["Sale"]
    assert "Half price, Anna" in text_of(office.mails[0])
    assert [(mail.customer_id, mail.state) for mail in mails(world)] == sorted([(anna, "sent"), (bo, "left_out")])
    assert cy not in {mail.customer_id for mail in mails(world)}
    assert (read(world, id_).state, kinds(world)) == ("done", ["created", "confirmed", "started", "finished"])


def test_text_and_recipients_stay_as_they_were_confirmed(world: World, owner: Person, office: PostOffice) -> None:
    said = {"title": "T", "language": "en", "subject": "Then", "body": "Then"}
    text_id = templates.create_text(**said, topic="tips", actor=owner.actor, now=NOW)
    with tenant(world.id):
        name = OwnText.objects.for_partner(world.id).get(pk=text_id).name
    world.customer("Anna")
    id_ = drafted(owner, audience=Audience(), topic="", subject="", body="", template=name)
    confirm(owner, id_, 1)
    templates.change_text(text_id, subject="Now", body=None, title=None, archived=None, actor=owner.actor, now=NOW)
    world.customer("Bo")
    send(world)
    assert [mail["Subject"] for mail in office.mails] == ["Then"]
    assert read(world, id_).topic == "tips", "a template of marketing is no mail of service"


def test_who_unsubscribes_after_the_confirmation_gets_nothing(world: World, owner: Person, office: PostOffice) -> None:
    anna = world.customer("Anna")
    id_ = drafted(owner, anna)
    confirm(owner, id_, 1)
    marketing.choose(anna, {Topic.OFFERS: Answer.NO}, actor=owner.actor, now=NOW)
    send(world)
    assert office.mails == []
    assert (figures(world, id_).left_out, read(world, id_).state) == (1, "done")


def test_a_mail_of_service_goes_to_those_who_want_no_marketing(world: World, owner: Person, office: PostOffice) -> None:
    anna = world.customer("Anna")
    marketing.choose(anna, dict.fromkeys(Topic, Answer.NO), actor=owner.actor, now=NOW)
    confirm(owner, drafted(owner, anna, topic=""), 1)
    send(world)
    assert office.mails[0]["List-Unsubscribe"] is None


def test_it_is_recalled_before_it_begins_and_confirmed_anew(world: World, owner: Person, office: PostOffice) -> None:
    id_ = drafted(owner, *world.customers(2))
    confirm(owner, id_, 2)
    campaigns.recall_campaign(id_, actor=owner.actor, now=NOW)
    send(world)
    assert (office.mails, mails(world), read(world, id_).state) == ([], [], "draft")
    with pytest.raises(WrongCampaignState):
        campaigns.recall_campaign(id_, actor=owner.actor, now=NOW)
    confirm(owner, id_, 2)
    send(world)
    assert len(office.mails) == 2


def test_it_is_sent_when_it_is_to_be(world: World, owner: Person, office: PostOffice) -> None:
    id_ = drafted(owner, world.customer())
    with pytest.raises(InvalidCampaign):
        confirm(owner, id_, 1, send_at=NOW + timedelta(days=400))
    confirm(owner, id_, 1, send_at=NOW + timedelta(days=2))
    send(world)
    assert office.mails == []
    send(world, at=NOW + timedelta(days=2))
    assert len(office.mails) == 1


def test_no_more_go_out_in_a_minute_than_the_rules_allow(world: World, owner: Person, office: PostOffice) -> None:
    marketing.set_marketing_rules(WantedRules(False, 0, 0, True, 3), actor=owner.actor, now=NOW)
    for customers in (world.customers(4), world.customers(4)):
        confirm(owner, drafted(owner, *customers), 4)
    sent = []
    for minute in range(4):
        at = LATER + timedelta(minutes=minute)
        for _ in range(3):
            world.drain("campaigns", now=at)
            world.drain("mail", now=at)
        sent.append(len(office.mails))
    assert sent == [3, 6, 8, 8], "both campaigns together"


def test_it_waits_where_it_is_quiet(world: World, owner: Person, office: PostOffice) -> None:
    marketing.set_marketing_rules(WantedRules(False, 21, 8, True, 100), actor=owner.actor, now=NOW)
    world.customer(timezone="Pacific/Auckland")
    world.customer(timezone="Europe/Berlin")
    id_ = drafted(owner, audience=Audience())
    confirm(owner, id_, 2)
    send(world)
    assert (len(office.mails), figures(world, id_).waiting) == (1, 1)
    assert read(world, id_).due_at == NOW.replace(hour=19), "when it is eight there"
    send(world, at=NOW.replace(hour=19))
    assert (len(office.mails), read(world, id_).state) == (2, "done")


def test_stopped_it_holds_the_rest_and_goes_on_with_them(world: World, owner: Person, office: PostOffice) -> None:
    marketing.set_marketing_rules(WantedRules(False, 0, 0, True, 2), actor=owner.actor, now=NOW)
    id_ = drafted(owner, *world.customers(5))
    confirm(owner, id_, 5)
    send(world, minutes=1)
    world.drain("campaigns", now=LATER + timedelta(minutes=1))
    assert campaigns.stop_campaign(id_, actor=owner.actor, now=NOW) == 3, "also those whose turn had come"
    send(world, minutes=8)
    assert len(office.mails) == 2
    campaigns.resume_campaign(id_, actor=owner.actor, now=LATER + timedelta(minutes=9))
    send(world, at=LATER + timedelta(minutes=9), minutes=4)
    assert sorted(len(mail["To"].addresses) for mail in office.mails) == [1] * 5
    assert (len({str(mail["To"]) for mail in office.mails}), read(world, id_).state) == (5, "done")


def test_called_off_nobody_else_gets_it(world: World, owner: Person, office: PostOffice) -> None:
    marketing.set_marketing_rules(WantedRules(False, 0, 0, True, 1), actor=owner.actor, now=NOW)
    id_ = drafted(owner, *world.customers(3))
    confirm(owner, id_, 3)
    send(world, minutes=1)
    campaigns.cancel_campaign(id_, actor=owner.actor, now=NOW)
    send(world, at=LATER + timedelta(hours=1))
    assert (len(office.mails), figures(world, id_).left_out) == (1, 2)
    for act in (campaigns.resume_campaign, campaigns.stop_campaign, campaigns.cancel_campaign):
        with pytest.raises(WrongCampaignState):
            act(id_, actor=owner.actor, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_who_confirm_at_once_send_it_once(world: World, owner: Person) -> None:
    id_ = drafted(owner, *world.customers(3))
    refused = []

    def one() -> None:
        try:
            confirm(owner, id_, 3, version=1)
        except (WrongCampaignState, CampaignMoved) as error:
            refused.append(error.code)

    in_threads(one, one)
    assert len(refused) == 1
    assert (len(mails(world)), kinds(world).count("confirmed")) == (3, 1)


@pytest.mark.django_db(transaction=True)
def test_stopping_beside_a_worker_sends_or_holds_each_and_loses_none(world: World, owner: Person) -> None:
    id_ = drafted(owner, *world.customers(30))
    confirm(owner, id_, 30)
    world.drain("campaigns", now=LATER)
    in_threads(
        lambda: campaigns.stop_campaign(id_, actor=owner.actor, now=LATER),
        lambda: world.drain("mail", now=LATER),
        lambda: world.drain("mail", now=LATER),
    )
    found = figures(world, id_)
    assert (found.sent + found.waiting, found.unknown, found.failed) == (30, 0, 0)
    assert {mail.state for mail in mails(world)} <= {"sent", "held"}


def test_a_worker_that_is_killed_while_sending_leaves_one_in_doubt_and_nobody_gets_two(
    world: World, owner: Person, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = drafted(owner, *world.customers(5))
    confirm(owner, id_, 5)
    world.drain("campaigns", now=LATER)
    real, calls = Mailer.send, []

    def dies(self: Mailer, *args: Any, **kwargs: Any) -> Any:
        calls.append(1)
        answer = real(self, *args, **kwargs)
        if len(calls) == 3:
            raise Killed
        return answer

    monkeypatch.setattr(Mailer, "send", dies)
    with pytest.raises(Killed):
        world.drain("mail", now=LATER)
    monkeypatch.setattr(Mailer, "send", real)
    with tenant(world.id):
        rows = Message.objects.for_partner(world.id).exclude(leased_until=None)
        rows.update(leased_until=system_now() - timedelta(seconds=1))
    send(world, minutes=3)
    assert len({str(mail["To"]) for mail in office.mails}) == len(office.mails) == 5
    found = figures(world, id_)
    assert (found.sent, found.unknown, read(world, id_).state) == (4, 1, "done")


def test_what_was_shown_is_what_is_confirmed(world: World, owner: Person) -> None:
    id_ = drafted(owner, audience=Audience())
    with pytest.raises(InvalidAudience):
        confirm(owner, id_, 0)
    world.customers(2)
    with pytest.raises(CampaignMoved):
        confirm(owner, id_, 1)
    with pytest.raises(CampaignMoved):
        confirm(owner, id_, 2, version=7)
    draft = CampaignDraft("Sale", "offers", Audience(tab="banned"), subject="S", body="B")
    campaigns.change_campaign(id_, draft, version=1, actor=owner.actor, now=NOW)
    with pytest.raises(CampaignMoved):
        campaigns.change_campaign(id_, draft, version=1, actor=owner.actor, now=NOW)
    assert mails(world) == []


def test_wrong_words_and_wrong_people_are_refused(world: World, owner: Person) -> None:
    for wrong, error in (
        ({"body": "{{ pay.link }}"}, UnknownVariable),
        ({"subject": ""}, WhatToSay),
        ({"template": "own_nobody", "subject": "", "body": ""}, NotFound),
        ({"audience": Audience(tab="nowhere")}, InvalidAudience),
        ({"audience": Audience(since="yesterday")}, InvalidAudience),
    ):
        with pytest.raises(error):
            drafted(owner, **wrong)
    with pytest.raises(InvalidCampaign):
        campaigns.create_campaign(CampaignDraft(" ", "", Audience(), subject="S", body="B"), actor=owner.actor, now=NOW)


def test_nobody_elses_campaign_and_customers(
    world: World, owner: Person, other_world: World, stranger: Person, colleague: Person
) -> None:
    theirs = other_world.customer()
    id_ = drafted(owner, theirs, world.customer())
    assert campaigns.preview_campaign(id_, actor=owner.actor, now=NOW).reach.total == 1
    with pytest.raises(NotFound):
        campaigns.preview_campaign(id_, customer_id=theirs, actor=owner.actor, now=NOW)
    for act in (campaigns.recall_campaign, campaigns.stop_campaign, campaigns.resume_campaign):
        with pytest.raises(NotFound):
            act(id_, actor=stranger.actor, now=NOW)
        with pytest.raises(Forbidden):
            act(id_, actor=colleague.actor, now=NOW)
    with pytest.raises(NotFound):
        confirm(stranger, id_, 1)
    with pytest.raises(Forbidden):
        confirm(colleague, id_, 1)


def test_ten_thousand_are_written_by_one_statement(
    world: World, owner: Person, django_assert_max_num_queries: Any
) -> None:
    world.customers(300)
    id_ = drafted(owner, audience=Audience())
    with django_assert_max_num_queries(40):
        confirm(owner, id_, 300)
    assert figures(world, id_).waiting == 300
    with tenant(world.id):
        assert Customer.objects.for_partner(world.id).count() == 300


def test_the_pages_lead_from_the_list_to_the_confirmation(world: World, owner: Person, mailoutbox: list[Any]) -> None:
    at, client = f"/panel/{world.partner.slug}/campaigns/", owner.client()
    anna = world.customer("Anna")
    assert "No campaigns yet" in text(client.get(at))
    page = client.post(f"{at}new/", {"id": public("cus", anna), "all_matching": ""})
    assert "1 customer chosen by hand" in text(page)
    said = {"start": "1", "title": "Sale", "topic": "offers", "subject": "Sale", "body": "Hello {{ customer.name }}"}
    assert client.post(f"{at}new/", said | {"body": "{{ nobody }}"}).status_code == 422
    found = client.post(f"{at}new/", said | {"id": public("cus", anna)}, follow=True)
    assert "&lt;p&gt;Hello Anna&lt;/p&gt;" in found.content.decode(), "in its frame"
    assert "1 customer gets this mail." in text(found)
    [(here, _status)] = found.redirect_chain
    assert "A test is sent to" in text(client.post(f"{here}test/", follow=True))
    assert mailoutbox[-1].subject == "[Test] Sale"
    form = {"recipients": "1", "version": "1"}
    assert "You can recall it until it begins." in text(client.post(f"{here}confirm/", form, follow=True))
    assert "Nobody got it" in text(client.post(f"{here}recall/", follow=True))
    client.post(f"{here}confirm/", {"recipients": "1", "version": "3"})
    send(world, at=system_now() + timedelta(minutes=6))
    assert "Anna" in text(client.get(here))
    assert ",sent," in client.get(f"{here}results.csv").content.decode()


def test_a_program_drafts_previews_schedules_and_recalls(world: World, owner: Person) -> None:
    program, anna = make_program(owner), world.customer("Anna")
    new = {"title": "Sale", "topic": "offers", "subject": "Sale", "body": "Hello {{ customer.name }}", "audience": {}}
    made = program.post("/campaigns", new).ok(201)
    assert (made["state"], made["results"]["total"]) == ("draft", 0)
    at = f"/campaigns/{made['id']}"
    changed = program.patch(at, {"audience": {"customers": [public("cus", anna)]}}).ok()
    assert changed["audience"] == {"customers": [public("cus", anna)]}
    found = program.get(f"{at}/preview").ok()
    assert (found["recipients"], found["body"]) == (1, "Hello Anna\n")
    assert program.post(f"{at}/schedule", {"recipients": 2}).code == "campaign_moved"
    assert program.post(f"{at}/schedule", {"recipients": 1}).ok()["state"] == "scheduled"
    assert program.post(f"{at}/schedule", {"recipients": 1}).code == "wrong_campaign_state"
    assert program.post(f"{at}/recall").ok()["state"] == "draft"
    assert program.post(f"{at}/stop").code == "wrong_campaign_state"
    assert program.post(f"{at}/cancel").ok()["state"] == "cancelled"


def test_a_program_keeps_consent_and_the_list(world: World, owner: Person) -> None:
    program, anna = make_program(owner), world.customer("Anna")
    at = f"/customers/{public('cus', anna)}/marketing"
    assert program.get(at).ok()["source"] is None
    said = program.patch(at, {"offers": "yes", "source": "import", "note": "form of 2024"}).ok()
    assert (said["offers"], said["tips"], said["source"]) == ("yes", "unsaid", "import")
    made = program.post("/suppressions", {"address": "anna@example.com", "note": "asked"}).ok(201)
    assert program.post("/suppressions", {"address": "Anna@example.com"}).ok(201)["id"] == made["id"]
    assert [one["id"] for one in program.get("/suppressions?address=anna@example.com").ok()["data"]] == [made["id"]]
    assert program.post(f"/suppressions/{made['id']}/remove", {"note": "works"}).status == 204
    assert program.get(f"/suppressions/{made['id']}").status == 404
