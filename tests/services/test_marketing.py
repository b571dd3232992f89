"""What a customer must get and what it may do without: consent, unsubscribing, suppression and quiet hours."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from pytest_django import Settings

from customers.rules.erasure import CustomerErased, ErasureReason
from customers.services.erase import erase_customers
from notifications.marketing.models import MailChoice, Suppression
from notifications.marketing.rules.bounces import is_bounce
from notifications.marketing.rules.quiet import QuietHours
from notifications.marketing.services import suppress
from notifications.marketing.services.set_rules import InvalidMarketingRules, MarketingRulesMoved
from notifications.marketing.services.suppress import InvalidSuppression
from notifications.models import Message as Mail
from notifications.models import OwnText
from notifications.owned.services import UnknownTopic
from partnerpanel.actions import door, marketing, templates
from partnerpanel.actions.marketing import Answer, Source, Suppressed, Topic, WantedRules
from partnerpanel.actions.message import Message
from partnerpanel.actions.suspend import Suspend
from partnerpanel.actions.verb import Target
from partnerpanel.events.models import Event
from partnerpanel.kernel.errors import Forbidden, NotFound
from partnerpanel.kernel.ids import public, uuid7
from partnerpanel.tenancy.scope import tenant
from subscriptions.rules.states import HoldKind
from tests.panel.scriptless import text
from tests.people import Person
from tests.portal.guests import guest
from tests.post_office import PostOffice, text_of
from tests.threads import in_threads
from tests.world import NOW, World

ALWAYS = WantedRules(False, 0, 0, True, 300)


@pytest.fixture
def office(settings: Settings) -> Iterator[PostOffice]:
    with PostOffice() as office:
        office.serve(settings)
        yield office


def offer(world: World, person: Person, *customers: UUID) -> None:
    """Writes to them with a template that is an offer, up to the mail that waits."""
    said = {"title": "Sale", "language": "en", "subject": "Sale", "body": "Half price, {{ customer.name }}"}
    id_ = templates.create_text(**said, topic="offers", actor=person.actor, now=NOW)
    with tenant(world.id):
        name = OwnText.objects.for_partner(world.id).get(pk=id_).name
    door.commit(Message(tuple(map(Target, customers)), template=name), quote=None, actor=person.actor, now=NOW)
    world.drain("outbox")


def suspend(world: World, person: Person, customer: UUID) -> None:
    door.commit(Suspend((Target(customer),), HoldKind.MANUAL, "unpaid"), quote=None, actor=person.actor, now=NOW)
    world.drain("outbox")


def mails(world: World, *, marketing: bool = True) -> list[Mail]:
    with tenant(world.id):
        rows = Mail.objects.for_partner(world.id).exclude(topic="") if marketing else Mail.objects.for_partner(world.id)
        return list(rows.order_by("id"))


def choose(world: World, customer: UUID, person: Person, **answers: str) -> bool:
    said = {Topic(name): Answer(answer) for name, answer in answers.items()}
    return marketing.choose(customer, said, actor=person.actor, now=NOW)


def address_of(office: PostOffice) -> str:
    """Where the newest mail lets one unsubscribe, as a path."""
    header = str(office.mails[-1]["List-Unsubscribe"]).strip()
    assert re.fullmatch(r"<http\S+>", header)
    return "/" + header.strip("<>").partition("://")[2].partition("/")[2]


def events(world: World, kind: str) -> list[Event]:
    with tenant(world.id):
        return list(Event.objects.for_partner(world.id).filter(kind=kind).order_by("pk"))


def test_marketing_says_how_to_leave_it_and_a_mail_of_service_does_not(
    world: World, owner: Person, office: PostOffice
) -> None:
    anna = world.customer("Anna")
    suspend(world, owner, anna)
    world.drain("mail")
    assert office.mails[-1]["List-Unsubscribe"] is None
    offer(world, owner, anna)
    world.drain("mail")
    mail = office.mails[-1]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for kind in ("plain", "html"):
        assert address_of(office) in text_of(mail, kind)
    for known in ("Anna", public("cus", anna), anna.hex, str(anna), world.read_customer(anna).email):
        assert known not in address_of(office)


def test_a_scanner_that_follows_the_link_changes_nothing_and_one_click_unsubscribes(
    world: World, owner: Person, office: PostOffice
) -> None:
    anna = world.customer("Anna")
    offer(world, owner, anna)
    world.drain("mail")
    at, client = address_of(office), Client(enforce_csrf_checks=True)
    for _ in range(2):
        assert "Receive no more of these mails?" in text(client.get(at))
        assert client.head(at).status_code == 200
    assert events(world, "marketing.changed") == []
    for _ in range(3):
        answer = client.post(at, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 200
    [changed] = events(world, "marketing.changed")
    assert changed.data == {"answers": dict.fromkeys(("offers", "tips", "feedback"), "no"), "source": "one_click"}
    with tenant(world.id):
        [listed] = Suppression.objects.for_partner(world.id)
    assert (listed.reason, listed.address) == ("unsubscribed", world.read_customer(anna).email)
    assert mails(world)[0].unsubscribed_at is not None


def test_who_unsubscribed_gets_no_offer_and_every_mail_of_service(
    world: World, owner: Person, office: PostOffice
) -> None:
    anna, bo = world.customer("Anna"), world.customer("Bo")
    offer(world, owner, anna, bo)
    choose(world, anna, owner, offers="no")
    suspend(world, owner, anna)
    world.drain("mail")
    by = {mail.customer_id: mail for mail in mails(world)}
    assert (by[anna].state, by[anna].left_out_because, by[anna].due_at) == ("left_out", "refused", None)
    assert by[bo].state == "sent"
    assert {mail.state for mail in mails(world, marketing=False) if not mail.topic} == {"sent"}


def test_a_link_that_was_changed_or_is_of_another_partner_finds_nothing(
    world: World, owner: Person, office: PostOffice, other_world: World
) -> None:
    offer(world, owner, world.customer("Anna"))
    world.drain("mail")
    at = address_of(office)
    wrong = (at[:-2] + "x/", at.replace(world.partner.slug, other_world.partner.slug))
    answers = {text(Client().post(one)) for one in (wrong[0], f"/p/{world.partner.slug}/unsubscribe/nothing/")}
    assert len(answers) == 1, "whoever guesses learns nothing"
    assert [Client().post(one).status_code for one in wrong] == [404, 404]
    assert events(world, "marketing.changed") == []


def test_only_one_kind_is_refused_by_the_page(world: World, owner: Person, office: PostOffice) -> None:
    anna = world.customer("Anna")
    offer(world, owner, anna)
    world.drain("mail")
    assert "no more mails of this kind: Tips" in text(Client().post(address_of(office), {"topic": "tips"}))
    assert _said(world, anna) == {Topic.OFFERS: "unsaid", Topic.TIPS: "no", Topic.FEEDBACK: "unsaid"}
    with tenant(world.id):
        assert not Suppression.objects.for_partner(world.id).exists()


def _said(world: World, customer: UUID) -> dict[Topic, str]:
    with tenant(world.id):
        row = MailChoice.objects.for_partner(world.id).get(customer=customer)
    return {topic: getattr(row, topic.value) for topic in Topic}


def test_a_customer_chooses_in_the_portal_and_comes_back(world: World, owner: Person) -> None:
    mine = guest(world, world.customer("Anna"))
    client, at = mine.client(), f"/p/{world.partner.slug}/account/mails/"
    assert text(client.get(at)).count("Discounts and what is new to buy.") == 1
    assert "you get the mails that you chose" in text(client.post(at, {"topic": "tips"}, follow=True)).lower()
    assert set(_said(world, mine.customer).values()) == {"yes", "no"}
    address = world.read_customer(mine.customer).email
    with tenant(world.id):
        suppress.suppress(address, Suppressed.UNSUBSCRIBED, actor=world.system, now=NOW)
    client.post(at, {"topic": ["tips", "offers"]})
    with tenant(world.id):
        assert not Suppression.objects.for_partner(world.id).exists(), "who agrees is off the list"
    assert [event.data["source"] for event in events(world, "marketing.changed")] == ["portal", "portal"]


@pytest.mark.django_db(transaction=True)
def test_saying_the_same_again_is_no_change_and_two_at_once_are_two(world: World, owner: Person) -> None:
    anna = world.customer()
    assert choose(world, anna, owner, offers="yes") is True
    assert choose(world, anna, owner, offers="yes") is False
    in_threads(*(lambda topic=topic: choose(world, anna, owner, **{topic: "no"}) for topic in ("tips", "feedback")))
    assert [event.sequence for event in events(world, "marketing.changed")] == [1, 2, 3]


def test_consent_is_asked_for_where_the_rules_say_so(world: World, owner: Person) -> None:
    anna, bo = world.customer("Anna"), world.customer("Bo")
    choose(world, anna, owner, offers="yes")
    offer(world, owner, anna, bo)
    marketing.set_marketing_rules(WantedRules(True, 0, 0, True, 300), actor=owner.actor, now=NOW)
    world.drain("mail")
    assert {(mail.customer_id, mail.left_out_because) for mail in mails(world)} == {(anna, ""), (bo, "no_consent")}


def test_a_bounce_keeps_the_next_offer_back_and_not_the_receipt(
    world: World, owner: Person, office: PostOffice
) -> None:
    anna = world.customer("Anna")
    address = world.read_customer(anna).email
    offer(world, owner, anna)
    with tenant(world.id):
        for _ in range(2):  # a provider tells it twice
            suppress.suppress(address, Suppressed.HARD_BOUNCE, actor=world.system, now=NOW)
    suspend(world, owner, anna)
    world.drain("mail")
    assert [(mail.state, mail.left_out_because) for mail in mails(world)] == [("left_out", "hard_bounce")]
    assert len(office.mails) == 1, "what has to be received is sent"
    assert len(events(world, "suppression.added")) == 1
    at = f"/panel/{world.partner.slug}/customers/{public('cus', anna)}/"
    assert "Mails to this address come back" in text(owner.client().get(at))


def test_marketing_to_somebody_who_wants_none_is_refused_before_it_is_written(world: World, owner: Person) -> None:
    anna = world.customer("Anna")
    choose(world, anna, owner, offers="no")
    with pytest.raises(door.Refused):
        offer(world, owner, anna)


def test_marketing_waits_until_the_quiet_hours_are_over_and_a_mail_of_service_does_not(
    world: World, owner: Person, office: PostOffice
) -> None:
    berlin, auckland = world.customer(timezone="Europe/Berlin"), world.customer(timezone="Pacific/Auckland")
    marketing.set_marketing_rules(WantedRules(False, 21, 8, True, 300), actor=owner.actor, now=NOW)
    offer(world, owner, berlin, auckland)
    suspend(world, owner, auckland)
    world.drain("mail")  # noon in Berlin, midnight in Auckland
    by = {mail.customer_id: mail for mail in mails(world)}
    assert by[berlin].state == "sent"
    assert (by[auckland].state, by[auckland].attempts) == ("queued", 0)
    assert by[auckland].due_at == datetime(2026, 3, 15, 19, tzinfo=UTC)
    assert len(office.mails) == 2
    world.drain("mail", now=NOW + timedelta(hours=8))
    assert {mail.state for mail in mails(world)} == {"sent"}


@pytest.mark.parametrize(
    ("begins", "ends", "now", "until"),
    [
        (0, 0, "2026-03-15T02:00", None),
        (21, 8, "2026-03-15T20:59", None),
        (21, 8, "2026-03-15T21:00", "2026-03-16T08:00"),
        (21, 8, "2026-03-15T07:59", "2026-03-15T08:00"),
        (13, 15, "2026-03-15T14:00", "2026-03-15T15:00"),
        (22, 3, "2026-03-28T23:00", "2026-03-29T03:00"),
    ],
)
def test_quiet_hours_are_those_of_the_zone(begins: int, ends: int, now: str, until: str | None) -> None:
    zone = ZoneInfo("Europe/Berlin")
    found = QuietHours(begins, ends).until(datetime.fromisoformat(now).replace(tzinfo=zone), "Europe/Berlin")
    assert found == (datetime.fromisoformat(until).replace(tzinfo=zone) if until else None)


def test_the_list_is_kept_by_hand_with_a_reason(world: World, owner: Person, colleague: Person) -> None:
    by: dict[str, Any] = {"actor": owner.actor, "now": NOW}
    id_ = marketing.suppress_address(" Anna@Example.com ", note="asked for it", **by)
    assert id_ is not None
    assert marketing.suppress_address("anna@example.com", note="", **by) is None
    for wrong in ("", "nobody", "a@b@c.example"):
        with pytest.raises(InvalidSuppression):
            marketing.suppress_address(wrong, note="", **by)
    with pytest.raises(InvalidSuppression):
        marketing.remove_suppression(id_, note=" ", **by)
    for act in (
        lambda: marketing.suppress_address("x@example.com", note="", actor=colleague.actor, now=NOW),
        lambda: marketing.remove_suppression(id_, note="x", actor=colleague.actor, now=NOW),
        lambda: marketing.set_marketing_rules(ALWAYS, actor=colleague.actor, now=NOW),
        lambda: choose(world, world.customer(), colleague, offers="no"),
    ):
        with pytest.raises(Forbidden):
            act()
    marketing.remove_suppression(id_, note="works again", **by)
    with pytest.raises(NotFound):
        marketing.remove_suppression(id_, note="again", **by)


def test_nobody_elses_customer_and_list(world: World, owner: Person, other_world: World, stranger: Person) -> None:
    theirs = other_world.customer()
    with pytest.raises(NotFound):
        choose(world, theirs, owner, offers="no")
    id_ = marketing.suppress_address("x@example.com", note="", actor=stranger.actor, now=NOW)
    assert id_ is not None
    with pytest.raises(NotFound):
        marketing.remove_suppression(id_, note="mine?", actor=owner.actor, now=NOW)
    mine = guest(world, world.customer())
    with pytest.raises(NotFound):
        marketing.choose(world.customer(), {Topic.OFFERS: Answer.NO}, actor=mine.actor, now=NOW)


def test_rules_are_within_bounds_and_nobody_overwrites_anothers(world: World, owner: Person) -> None:
    by: dict[str, Any] = {"actor": owner.actor, "now": NOW}
    for wrong in (WantedRules(False, 24, 8, True, 1), WantedRules(False, 1, 8, True, 0)):
        with pytest.raises(InvalidMarketingRules):
            marketing.set_marketing_rules(wrong, **by)
    assert marketing.set_marketing_rules(WantedRules(False, 22, 8, True, 60), version=0, **by)
    with pytest.raises(MarketingRulesMoved):
        marketing.set_marketing_rules(ALWAYS, version=0, **by)


def test_who_is_erased_is_off_the_list_and_says_nothing_any_more(world: World, owner: Person) -> None:
    anna = world.customer("Anna")
    choose(world, anna, owner, offers="no")
    marketing.suppress_address(world.read_customer(anna).email, note="", actor=owner.actor, now=NOW)
    with tenant(world.id):
        erase_customers({anna: 1}, reason=ErasureReason.REQUESTED, actor=world.system, action_id=uuid7(), now=NOW)
        assert not Suppression.objects.for_partner(world.id).exists()
    with pytest.raises(CustomerErased):
        choose(world, anna, owner, offers="yes")


def test_staff_writes_down_what_it_was_told(world: World, owner: Person) -> None:
    at = f"/panel/{world.partner.slug}/customers/{public('cus', world.customer('Anna'))}/"
    said = {"offers": "yes", "tips": "no", "feedback": "unsaid", "source": "import", "note": "paper form of 2024"}
    owner.client().post(f"{at}mails/", said)
    [event] = events(world, "marketing.changed")
    assert event.data["source"] == Source.IMPORT
    assert "Offers: Wants them · Tips: Does not want them" in text(owner.client().get(at))


def test_the_list_is_searched_added_to_and_exported(world: World, owner: Person) -> None:
    at, client = f"/panel/{world.partner.slug}/settings/messages/suppressed/", owner.client()
    assert "No address is suppressed" in text(client.get(at))
    client.post(f"{at}add/", {"address": "=anna@example.com", "note": "told us"})
    client.post(f"{at}add/", {"address": "bo@example.com"})
    assert "bo@example.com" not in text(client.get(at, {"q": "=ANNA"}))
    assert "'=anna@example.com" in client.get(f"{at}export.csv").content.decode()
    rules = {"quiet_from": "21", "quiet_until": "8", "in_own_zone": "on", "per_minute": "60", "version": "0"}
    client.post(f"/panel/{world.partner.slug}/settings/messages/rules/", rules)
    assert len(events(world, "marketing_rules.changed")) == 1


def test_a_text_of_service_becomes_marketing_and_no_unknown_topic(world: World, owner: Person) -> None:
    said = {"title": "T", "language": "en", "subject": "S", "body": "B"}
    with pytest.raises(UnknownTopic):
        templates.create_text(**said, topic="spam", actor=owner.actor, now=NOW)
    id_ = templates.create_text(**said, actor=owner.actor, now=NOW)
    templates.describe_text(id_, topic="tips", actor=owner.actor, now=NOW)
    with tenant(world.id):
        assert OwnText.objects.for_partner(world.id).get(pk=id_).topic == "tips"


@pytest.mark.parametrize(
    ("code", "answer", "is_one"),
    [
        (550, "5.1.1 no such user", True),
        (550, "No such user here", True),
        (550, "5.7.1 message refused as spam", False),
        (552, "5.2.2 mailbox full", False),
        (551, "not local", True),
        (450, "4.1.1 greylisted", False),
        (554, "transaction failed", False),
    ],
)
def test_only_an_answer_about_the_address_is_a_bounce(code: int, answer: str, is_one: bool) -> None:
    assert is_bounce(code, answer) is is_one


def test_an_address_that_the_mail_server_does_not_know_is_put_on_the_list_once(
    world: World, owner: Person, office: PostOffice
) -> None:
    anna = world.customer("Anna")
    office.refuses = {world.read_customer(anna).email}
    offer(world, owner, anna)
    suspend(world, owner, anna)
    world.drain("mail")
    world.drain("mail", now=NOW + timedelta(minutes=2))
    with tenant(world.id):
        [listed] = Suppression.objects.for_partner(world.id)
    assert (listed.reason, listed.note) == ("hard_bounce", "550 No such mailbox")
    found = {mail.kind: mail for mail in mails(world, marketing=False)}
    assert found["customer_message"].left_out_because == "hard_bounce"
    assert (found["account_suspended"].state, found["account_suspended"].bounced_at) == ("queued", NOW)
    office.refuses = set()
    world.drain("mail", now=NOW + timedelta(hours=1))
    assert len(office.mails) == 1, "what has to be received is tried again"


SECRET = "post:office"


def told(secret: str = SECRET, **event: Any) -> Any:
    """What Postmark tells of a mail, as it does."""
    basic: dict[str, Any] = {"HTTP_AUTHORIZATION": f"Basic {b64encode(secret.encode()).decode()}"} if secret else {}
    return Client().post("/webhooks/mail/", json.dumps(event), content_type="application/json", **basic)


def bounce(world: World, message: Mail, **other: Any) -> dict[str, Any]:
    about = {"partner": world.partner.slug, "message": message.pk.hex}
    hard = {"RecordType": "Bounce", "Type": "HardBounce", "TypeCode": 1, "Details": "smtp;550 5.1.1 unknown"}
    return {"MessageID": "x", "ID": 1, "Email": message.to_address, "Metadata": about} | hard | other


@pytest.fixture
def provider(settings: Settings) -> None:
    settings.MAIL_PROVIDER, settings.ANYMAIL = "postmark", {"WEBHOOK_SECRET": SECRET}


def offered(world: World, owner: Person) -> Mail:
    offer(world, owner, world.customer("Anna"))
    world.drain("mail")
    [message] = mails(world)
    return message


def test_a_provider_tells_of_a_bounce_once_and_again(
    world: World, owner: Person, mailoutbox: list[Any], provider: None
) -> None:
    message = offered(world, owner)
    assert mailoutbox[0].metadata == {"partner": world.partner.slug, "message": message.pk.hex}
    for _ in range(3):
        assert told(**bounce(world, message)).status_code == 200
    assert len(events(world, "suppression.added")) == 1
    with tenant(world.id):
        [listed] = Suppression.objects.for_partner(world.id)
    assert listed.reason == "hard_bounce"
    assert mails(world)[0].bounced_at is not None


def test_a_complaint_ends_all_marketing_and_a_delivery_is_noted(
    world: World, owner: Person, mailoutbox: list[Any], provider: None
) -> None:
    message = offered(world, owner)
    told(**bounce(world, message, RecordType="Delivery", DeliveredAt="2026-03-15T11:00:00Z", Type="", TypeCode=0))
    told(**bounce(world, message, RecordType="SpamComplaint", Type="SpamComplaint", TypeCode=512))
    assert mails(world)[0].delivered_at is not None
    assert mails(world)[0].complained_at is not None
    assert set(_said(world, message.customer_id).values()) == {"no"}


def test_a_full_mailbox_marks_the_mail_and_lists_nobody(
    world: World, owner: Person, mailoutbox: list[Any], provider: None
) -> None:
    message = offered(world, owner)
    told(**bounce(world, message, Type="Blocked", TypeCode=100006))
    assert mails(world)[0].bounced_at is not None
    assert events(world, "suppression.added") == []


def test_whoever_has_no_secret_and_tells_of_nobodys_mail_changes_nothing(
    world: World, owner: Person, other_world: World, mailoutbox: list[Any], provider: None
) -> None:
    message = offered(world, owner)
    for secret in ("", "post:guess"):
        assert told(secret, **bounce(world, message)).status_code == 400
    for wrong in (
        {"partner": other_world.partner.slug, "message": message.pk.hex},
        {},
        {"partner": "x", "message": "y"},
    ):
        assert told(**bounce(world, message, Metadata=wrong)).status_code == 200
    for one in (world, other_world):
        assert events(one, "suppression.added") == []


def test_without_a_provider_or_a_secret_there_is_no_such_page(settings: Settings, db: None) -> None:
    assert told().status_code == 404
    settings.MAIL_PROVIDER, settings.ANYMAIL = "postmark", {}
    assert told().status_code == 404
