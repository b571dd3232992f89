"""Mails come from the partner's own address while the DNS says that they may, and not a mail longer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from pytest_django import Settings

from partnerpanel.actions import mail_sender as door
from partnerpanel.actions.suspend import Suspend
from partnerpanel.actions.verb import Target
from partnerpanel.alerts.tasks import begin_everybodys
from partnerpanel.events.models import Event
from partnerpanel.hosts.senders import services
from partnerpanel.hosts.senders.daily import check_senders
from partnerpanel.hosts.senders.rules.records import Finding, Found, Record
from partnerpanel.hosts.senders.setup import platform_address, setup
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.errors import Forbidden, NotFound
from partnerpanel.tenancy.mail_senders import mail_sender
from partnerpanel.tenancy.models import MailSender
from partnerpanel.tenancy.scope import tenant
from subscriptions.rules.states import HoldKind
from tests.actions.carry_out import carry_out
from tests.api.program import make_program
from tests.hosts.zone import Zone
from tests.people import Person, Team
from tests.post_office import PostOffice
from tests.threads import in_threads
from tests.world import NOW, World

pytestmark = pytest.mark.django_db
ADDRESS, DOMAIN = "billing@bakery.de", "bakery.de"
RIGHT = {Record.OWNERSHIP: Found(Finding.RIGHT), Record.DKIM: Found(Finding.RIGHT)}


@pytest.fixture(autouse=True)
def dns(monkeypatch: pytest.MonkeyPatch) -> Zone:
    cache.clear()
    zone = Zone()
    zone.put(monkeypatch)
    return zone


@pytest.fixture
def office(settings: Settings) -> Iterator[PostOffice]:
    with PostOffice() as office:
        office.serve(settings)
        yield office


def held(person: Person) -> MailSender:
    found = mail_sender(person.partner.pk)
    assert found is not None
    return found


def wished(person: Person, address: str = ADDRESS) -> MailSender:
    door.set_address(address, actor=person.actor, now=system_now())
    return held(person)


def check(person: Person) -> MailSender:
    return door.check(actor=person.actor, now=system_now())


def proved(person: Person, dns: Zone, *without: Record) -> MailSender:
    dns.set_records(wished(person), *without)
    return check(person)


def kinds(person: Person) -> list[str]:
    with tenant(person.partner.pk):
        rows = Event.objects.filter(object_type="mail_sender").order_by("id")
        return [kind.partition(".")[2] for kind in rows.values_list("kind", flat=True)]


def send(world: World, owner: Person, office: PostOffice) -> tuple[str, str, str]:
    """Name and address that a mail to a customer comes from, and where its answer goes."""
    customer = world.customer("Anna Berger")
    carry_out(Suspend((Target(customer),), HoldKind.MANUAL, "unpaid"), owner)
    world.drain("outbox", "mail")
    mail = office.mails[-1]
    return mail["From"].addresses[0].display_name, mail["From"].addresses[0].addr_spec, str(mail["Reply-To"])


# -- where mails come from ------------------------------------------------------------------------------------------
def test_mails_come_from_the_own_address_once_it_is_proved_and_from_ours_when_it_breaks(
    world: World, owner: Person, dns: Zone, office: PostOffice
) -> None:
    dns.set_records(wished(owner))
    name, before, answer = send(world, owner, office)
    assert (name, before) == ("Eastwind", platform_address())
    check(owner)
    assert send(world, owner, office) == (name, ADDRESS, answer)
    assert world.partner.support_email in answer
    dns.forget()
    assert check_senders() == 0
    assert send(world, owner, office) == (name, platform_address(), answer)
    assert kinds(owner) == ["set", "proved", "broken"]


def test_no_query_is_added_to_what_reads_the_brand(world: World, owner: Person, dns: Zone) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from partnerpanel.brand.queries import partner_and_brand

    proved(owner, dns)
    with tenant(world.id):
        partner_and_brand(world.id)
        with CaptureQueriesContext(connection) as asked:
            _partner, line = partner_and_brand(world.id)
    assert (len(asked), line.mails_from) == (1, ADDRESS)


@pytest.mark.parametrize(
    ("without", "is_proved"),
    [
        ((), True),
        ((Record.SPF,), True),
        ((Record.DKIM,), True),
        ((Record.DMARC,), True),
        ((Record.SPF, Record.DKIM), False),
        ((Record.OWNERSHIP,), False),
    ],
)
def test_ownership_and_spf_or_dkim_are_needed(
    owner: Person, dns: Zone, without: tuple[Record, ...], is_proved: bool
) -> None:
    assert (proved(owner, dns, *without).proved_at is not None) is is_proved


def test_a_name_server_that_is_silent_changes_nothing(owner: Person, dns: Zone) -> None:
    before = proved(owner, dns)
    dns.silent.add("*")
    check_senders()
    after = held(owner)
    assert (after.proved_at, after.found, after.looked_at) == (before.proved_at, before.found, before.looked_at)
    dns.silent = {f"panel._domainkey.{DOMAIN}"}
    dns.texts[DOMAIN] = ["v=spf1 -all"]
    check_senders()
    after = held(owner)
    assert after.proved_at is not None, "DKIM was right when it was heard of last"
    assert after.found["spf"]["finding"] == "other"


def test_what_comes_back_is_proved_again_by_itself(owner: Person, dns: Zone) -> None:
    proved(owner, dns)
    dns.forget()
    check_senders()
    assert held(owner).broken_at is not None
    dns.set_records(held(owner))
    assert check_senders() == 1
    after = held(owner)
    assert after.proved_at is not None
    assert after.broken_at is None
    assert kinds(owner) == ["set", "proved", "broken", "proved"]


# -- whose domain ---------------------------------------------------------------------------------------------------
def test_a_domain_is_proved_at_one_partner_and_by_its_own_token(team: Team, other_team: Team, dns: Zone) -> None:
    early = wished(other_team.owner, "info@bakery.de")
    proved(team.owner, dns)
    assert early.token != held(team.owner).token
    assert check(other_team.owner).found["ownership"]["finding"] == "other"
    dns.texts[f"_partnerpanel.{DOMAIN}"].append(early.token)
    with pytest.raises(services.SenderTaken):
        check(other_team.owner)
    door.give_up(actor=other_team.owner.actor, now=system_now())
    with pytest.raises(services.SenderTaken):
        wished(other_team.owner, "info@bakery.de")
    wished(other_team.owner, "info@mail.bakery.de")


@pytest.mark.django_db(transaction=True)
def test_two_partners_who_prove_at_once_do_not_both_get_it(team: Team, other_team: Team) -> None:
    ids = [(one.owner.actor, wished(one.owner).pk) for one in (team, other_team)]

    def prove(actor: Any, id_: Any) -> bool:
        try:
            with tenant(actor.partner_id):
                services.settle(id_, RIGHT, setup=setup(), actor=actor, now=system_now())
        except services.SenderTaken:
            return False
        return True

    assert sorted(in_threads(*(partial(prove, *one) for one in ids))) == [False, True]


@pytest.mark.django_db(transaction=True)
def test_one_who_asks_twice_at_once_sets_one_and_proves_it_once(team: Team, dns: Zone) -> None:
    actor = team.owner.actor
    in_threads(*[partial(door.set_address, ADDRESS, actor=actor, now=NOW)] * 2)
    dns.set_records(held(team.owner))
    in_threads(*[partial(door.check, actor=actor, now=NOW)] * 2)
    assert kinds(team.owner) == ["set", "proved"]


def test_another_address_of_the_domain_stays_proved_and_another_domain_is_not(owner: Person, dns: Zone) -> None:
    first = proved(owner, dns)
    same = wished(owner, "office@bakery.de")
    assert (same.pk, same.token, same.proved_at) == (first.pk, first.token, first.proved_at)
    other = wished(owner, "office@mill.de")
    assert other.token != first.token
    assert other.proved_at is None
    assert kinds(owner) == ["set", "proved", "set", "removed", "set"]


# -- who may --------------------------------------------------------------------------------------------------------
def test_only_owners_and_admins_of_the_partner_touch_it(team: Team, other_team: Team, dns: Zone) -> None:
    proved(team.owner, dns)
    reads = team.read_only.actor
    for change in (door.check, door.give_up, partial(door.set_address, ADDRESS)):
        with pytest.raises(Forbidden):
            change(actor=reads, now=NOW)
    for change in (door.check, door.give_up):
        with pytest.raises(NotFound):
            change(actor=other_team.owner.actor, now=NOW)
    assert held(team.owner).proved_at is not None


def test_the_dns_is_asked_ten_times_and_then_waits(owner: Person, dns: Zone) -> None:
    wished(owner)
    for _ in range(door.MOST_LOOKS):
        check(owner)
    asked = len(dns.asked)
    with pytest.raises(door.LookedTooOften):
        check(owner)
    assert len(dns.asked) == asked


def test_an_installation_that_signs_for_nobody_takes_no_address(owner: Person, settings: Settings) -> None:
    settings.MAIL_DKIM_SELECTOR = settings.MAIL_DKIM_KEY = ""
    settings.MAIL_PROVIDER = "postmark"
    with pytest.raises(door.NoOwnSenders):
        wished(owner)


# -- who hears of it ------------------------------------------------------------------------------------------------
def test_in_the_morning_the_owner_hears_that_it_broke(
    world: World, owner: Person, dns: Zone, office: PostOffice
) -> None:
    with time_machine.travel(NOW.replace(hour=20), tick=False) as clock:
        begin_everybodys()
        proved(owner, dns)
        dns.forget()
        check_senders()
        world.drain("outbox")
        clock.move_to(NOW.replace(hour=8, minute=1) + timedelta(days=1))
        world.drain("alerts", now=system_now())
    [mail] = [one for one in office.mails if owner.user.email in str(one["To"])]
    body = mail.get_body(("plain",))
    assert body is not None
    assert f"Mails no longer come from {ADDRESS}" in body.get_content()


# -- pages and programs ---------------------------------------------------------------------------------------------
def test_the_page_shows_what_to_set_and_what_was_found(world: World, owner: Person, dns: Zone) -> None:
    world.customer()
    client, at = owner.client(), f"/panel/{owner.partner.slug}/settings/sender/"
    assert "Use your own address" in client.get(at).content.decode()
    client.post(f"{at}edit/", {"address": ADDRESS})
    dns.texts[DOMAIN] = ["v=spf1 include:other.de -all"]
    client.post(f"{at}check/")
    text = client.get(at).content.decode()
    for said in (
        held(owner).token, f"_partnerpanel.{DOMAIN}", f"panel._domainkey.{DOMAIN}", "panel._domainkey.panel.example",
        "v=spf1 include:other.de include:spf.panel.example -all", "v=DMARC1; p=none", "does not include us",
    ):  # fmt: skip
        assert said in text, said
    dns.set_records(held(owner))
    client.post(f"{at}check/")
    assert f"Mails come from <strong>{ADDRESS}</strong>" in client.get(at).content.decode()
    dns.forget()
    check_senders()
    assert "Mails come from our address again" in client.get(at).content.decode()
    assert "Mails no longer come from your own address" in client.get(f"/panel/{owner.partner.slug}/").content.decode()
    client.post(f"{at}remove/")
    assert mail_sender(owner.partner.pk) is None


def test_a_refused_address_stands_at_its_field(owner: Person) -> None:
    at = f"/panel/{owner.partner.slug}/settings/sender/edit/"
    answer = owner.client().post(at, {"address": "billing@bakery.de\nBcc: all@bakery.de"})
    assert answer.status_code == 422
    assert "Write an address such as" in answer.content.decode()


def test_a_program_sets_looks_and_gives_up(owner: Person, other_team: Team, dns: Zone) -> None:
    program = make_program(owner)
    assert program.get("/mail_sender").ok()["address"] is None
    assert program.post("/mail_sender", {"address": "x"}).code == "invalid_sender"
    made = program.post("/mail_sender", {"address": ADDRESS}).ok()
    assert {one["record"] for one in made["records"]} == {"ownership", "spf", "dkim", "dmarc"}
    assert made["mails_come_from"] == platform_address()
    dns.set_records(held(owner))
    found = program.post("/mail_sender/check").ok()
    assert found["mails_come_from"] == ADDRESS
    assert {one["finding"] for one in found["records"]} == {"right", "asks_nothing"}
    assert make_program(other_team.owner).get("/mail_sender").ok()["address"] is None
    assert program.send("DELETE", "/mail_sender").status == 204
    assert program.send("DELETE", "/mail_sender").status == 404
