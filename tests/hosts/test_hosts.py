"""A partner's own host names: who may have one, what answers there, and what is never believed."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from partnerpanel.actions import hosts as door
from partnerpanel.events.models import Event
from partnerpanel.hosts import services
from partnerpanel.hosts.daily import check_hosts
from partnerpanel.hosts.dns import Proof
from partnerpanel.hosts.rules.names import InvalidHost, is_ours, normal
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.errors import Forbidden, NotFound
from partnerpanel.kernel.ids import public
from partnerpanel.portal.places import SESSION, cookie_name
from partnerpanel.tenancy.hosts import hosts_of
from partnerpanel.tenancy.models import Host
from partnerpanel.tenancy.scope import tenant
from tests.people import Person, Team
from tests.portal.guests import deliver, guest, token_in
from tests.threads import in_threads
from tests.world import World

pytestmark = pytest.mark.django_db
NAME, OTHER = "account.bakery.de", "account.mill.de"


class Records(dict[str, str]):
    """What the DNS has: the token of each name; "down" where no server answers."""

    def look(self, name: str, token: str) -> Proof:
        found = self.get(name)
        if found == "down":
            return Proof.UNANSWERED
        return Proof.THERE if found == token else Proof.MISSING


@pytest.fixture(autouse=True)
def dns(monkeypatch: pytest.MonkeyPatch) -> Records:
    cache.clear()
    records = Records()
    for where in ("partnerpanel.actions.hosts", "partnerpanel.hosts.daily"):
        monkeypatch.setattr(f"{where}.look_for", records.look)
    return records


def host(person: Person, name: str = NAME) -> Host:
    found = door.add(name, actor=person.actor, now=system_now())
    return door.host_named(person.partner.pk, found)


def proved(person: Person, dns: Records, name: str = NAME) -> Host:
    one = host(person, name)
    dns[one.name] = one.token
    door.check(one.pk, actor=person.actor, now=system_now())
    return door.host_named(person.partner.pk, one.pk)


def ask(path: str, name: str, **more: Any) -> Any:
    return Client().get(path, HTTP_HOST=name, **more)


# -- names ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Account.Bakery.DE.", "account.bakery.de"),
        (" account.bakery.de:8443 ", "account.bakery.de"),
        ("konto.bäckerei.de", "konto.xn--bckerei-5wa.de"),
        ("KONTO.BÄCKEREI.DE.:443", "konto.xn--bckerei-5wa.de"),
    ],
)
def test_a_name_has_one_form(text: str, expected: str) -> None:
    assert normal(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", ".", "bakery", "127.0.0.1", "[::1]", "::1", "a..de", "-a.de", "a_b.de", "a.localhost", "a.internal",
     "https://a.de", "a.de/x", "a.de@b.de", "x" * 64 + ".de", "a b.de", "a.de\n.example.org", "*.bakery.de"],
)  # fmt: skip
def test_what_is_no_name_is_refused(text: str) -> None:
    with pytest.raises(InvalidHost):
        normal(text)


def test_the_installations_own_names_are_refused(team: Team, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["panel.example.org", ".wild.example.org"]
    settings.PUBLIC_URL = "https://panel.example.com:8443"
    for name in ("panel.example.org", "wild.example.org", "a.wild.example.org", "PANEL.example.com."):
        with pytest.raises(InvalidHost):
            host(team.owner, name)
    assert not is_ours("panel.example.org.evil.de", settings.ALLOWED_HOSTS)


# -- proof ----------------------------------------------------------------------------------------------------------
def test_nothing_answers_before_the_proof_and_the_portal_after_it(team: Team, dns: Records) -> None:
    one = host(team.owner)
    assert ask("/sign-in/", NAME).status_code == 421
    with pytest.raises(door.NotProved):
        door.check(one.pk, actor=team.owner.actor, now=system_now())
    dns[NAME] = one.token
    door.check(one.pk, actor=team.owner.actor, now=system_now())
    assert ask("/sign-in/", NAME).status_code == 200
    for spelled in ("ACCOUNT.bakery.de", f"{NAME}.", f"{NAME}:8443"):
        assert ask("/sign-in/", spelled).status_code == 200, spelled


def test_one_host_belongs_to_one_partner(team: Team, other_team: Team, dns: Records) -> None:
    early = host(other_team.owner)
    proved(team.owner, dns)
    dns[NAME] = early.token
    with pytest.raises(services.HostTaken):
        door.check(early.pk, actor=other_team.owner.actor, now=system_now())
    door.remove(early.pk, actor=other_team.owner.actor, now=system_now())
    with pytest.raises(services.HostTaken):
        host(other_team.owner)


def test_a_record_that_was_left_behind_proves_nothing_for_the_next(team: Team, other_team: Team, dns: Records) -> None:
    one = proved(team.owner, dns)
    door.remove(one.pk, actor=team.owner.actor, now=system_now())
    assert ask("/sign-in/", NAME).status_code == 421
    again = host(other_team.owner)
    with pytest.raises(door.NotProved):
        door.check(again.pk, actor=other_team.owner.actor, now=system_now())
    back = host(team.owner)
    assert back.token != one.token
    with pytest.raises(door.NotProved):
        door.check(back.pk, actor=team.owner.actor, now=system_now())


@pytest.mark.django_db(transaction=True)
def test_two_partners_who_prove_at_once_do_not_both_get_it(team: Team, other_team: Team) -> None:
    wanted = [(one.owner.actor, host(one.owner).pk) for one in (team, other_team)]

    def prove(actor: Any, id_: Any) -> bool:
        try:
            with tenant(actor.partner_id):
                services.settle(id_, Proof.THERE, actor=actor, now=system_now(), on=system_now().date())
        except services.HostTaken:
            return False
        return True

    assert sorted(in_threads(*(partial(prove, *one) for one in wanted))) == [False, True]


def test_only_owners_and_admins_of_the_partner_touch_its_hosts(team: Team, other_team: Team, dns: Records) -> None:
    one = proved(team.owner, dns)
    for change in (door.check, door.make_primary, door.remove):
        with pytest.raises(Forbidden):
            change(one.pk, actor=team.read_only.actor, now=system_now())
        with pytest.raises(NotFound):
            change(one.pk, actor=other_team.owner.actor, now=system_now())
    with pytest.raises(Forbidden):
        door.add(OTHER, actor=team.read_only.actor, now=system_now())


def test_every_change_is_recorded_once(team: Team, dns: Records) -> None:
    one = proved(team.owner, dns)
    host(team.owner)
    door.check(one.pk, actor=team.owner.actor, now=system_now())
    second = proved(team.owner, dns, OTHER)
    door.make_primary(second.pk, actor=team.owner.actor, now=system_now())
    door.remove(second.pk, actor=team.owner.actor, now=system_now())
    with tenant(team.partner.pk):
        rows = Event.objects.filter(object_type="host", object_id=one.pk).order_by("sequence")
        assert list(rows.values_list("kind", flat=True)) == ["host.added", "host.proved"]
    assert [row.is_primary for row in hosts_of(team.partner.pk)] == [True]


def test_seven_days_without_proof_switch_it_off_and_staff_is_warned(
    team: Team, dns: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    proved(team.owner, dns)
    token, today = dns.pop(NAME), system_now()
    for day in range(7):
        monkeypatch.setattr("partnerpanel.hosts.daily.system_now", lambda day=day: today + timedelta(days=day))
        assert ask("/sign-in/", NAME).status_code == 200
        check_hosts()
        check_hosts()
    assert ask("/sign-in/", NAME).status_code == 421
    subjects = [one.subject for one in mail.outbox if team.owner.user.email in one.to]
    assert len(subjects) == 2
    assert "is switched off" in subjects[1]
    [row] = hosts_of(team.partner.pk)
    dns[NAME] = token
    door.check(row.pk, actor=team.owner.actor, now=system_now())
    assert ask("/sign-in/", NAME).status_code == 200


def test_name_servers_that_are_down_and_days_in_between_cost_nothing(
    team: Team, dns: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, today = proved(team.owner, dns), system_now()
    for day in range(20):
        monkeypatch.setattr("partnerpanel.hosts.daily.system_now", lambda day=day: today + timedelta(days=day))
        dns[NAME] = one.token if day % 6 == 5 else "down" if day % 2 else ""
        check_hosts()
    assert ask("/sign-in/", NAME).status_code == 200


# -- what answers there ---------------------------------------------------------------------------------------------
def test_the_portal_lies_at_the_root_and_links_stay_there(world: World, team: Team, dns: Records) -> None:
    proved(team.owner, dns)
    owner = guest(world, world.customer("Anna's Bakery"))
    client = owner.client()
    text = client.get("/", HTTP_HOST=NAME).content.decode()
    assert 'href="/payment/"' in text
    assert f"/p/{world.partner.slug}/" not in text
    assert Client().get("/payment/", HTTP_HOST=NAME).headers["Location"] == "/sign-in/?next=%2Fpayment%2F"


def test_neither_panel_nor_api_nor_another_portal_answers_there(
    world: World, other_team: Team, team: Team, dns: Records
) -> None:
    proved(team.owner, dns)
    staff, other = team.owner.client(), other_team.partner
    for path in (
        f"/panel/{world.partner.slug}/", "/api/v1/me", "/operator/", "/accounts/login/", "/inbox/", "/health",
        f"/p/{world.partner.slug}/sign-in/", f"/p/{other.slug}/sign-in/", f"/brand/{public('par', other.pk)}/look.css",
        f"/pay/{public('par', other.pk)}/", f"/webhooks/stripe/{public('par', world.id)}/",
    ):  # fmt: skip
        assert staff.get(path, HTTP_HOST=NAME).status_code == 404, path
    assert ask(f"/brand/{public('par', world.id)}/look.css", NAME).status_code == 200


def test_signing_in_there_begins_a_session_of_that_host_and_mails_lead_there(
    world: World, team: Team, dns: Records
) -> None:
    proved(team.owner, dns)
    world.customer("Anna's Bakery", email="anna@bakery.example")
    client = Client(enforce_csrf_checks=True)
    client.get("/sign-in/", HTTP_HOST=NAME)
    form = {"email": "anna@bakery.example", "csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    foreign = client.post("/sign-in/", form, HTTP_HOST=NAME, HTTP_ORIGIN=f"http://{OTHER}")
    assert foreign.status_code == 403
    answer = client.post("/sign-in/", form, HTTP_HOST=NAME, HTTP_ORIGIN=f"http://{NAME}")
    assert answer.headers["Location"] == "/sign-in/code/"
    (text,) = deliver(world)
    assert f"http://{NAME}/sign-in/link/#" in text
    late = Client()
    opened = late.post("/sign-in/link/", {"code": token_in(text)}, HTTP_HOST=NAME)
    assert opened.headers["Location"] == "/"
    cookie = late.cookies[cookie_name(SESSION, world.partner)]
    assert (cookie["path"], cookie["domain"]) == ("/", "")
    assert late.get("/", HTTP_HOST=NAME).status_code == 200


def test_another_partners_session_is_nothing_on_this_host(
    world: World, other_world: World, team: Team, dns: Records
) -> None:
    proved(team.owner, dns)
    stranger = guest(other_world, other_world.customer())
    client = stranger.client()
    client.cookies[cookie_name(SESSION, world.partner)] = stranger.token
    assert client.get("/", HTTP_HOST=NAME).headers["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("spoofed", ["evil.example.org", f"{NAME}@evil.de", "evil.de, " + NAME, "", "a" * 300])
def test_a_spoofed_host_is_misdirected(team: Team, dns: Records, spoofed: str) -> None:
    proved(team.owner, dns)
    assert ask("/sign-in/", spoofed).status_code == 421
    assert ask(f"/p/{team.partner.slug}/sign-in/", spoofed).status_code == 421


def test_a_forwarded_host_is_not_believed(team: Team, dns: Records) -> None:
    proved(team.owner, dns)
    assert ask("/sign-in/", "evil.example.org", HTTP_X_FORWARDED_HOST=NAME).status_code == 421
    seen = ask(f"/panel/{team.partner.slug}/", "testserver", HTTP_X_FORWARDED_HOST=NAME)
    assert seen.status_code == 302
    assert NAME not in seen.headers["Location"]


# -- certificates ---------------------------------------------------------------------------------------------------
def test_a_proxy_is_told_which_hosts_are_proved_and_nobody_else_is(team: Team, dns: Records, settings: Any) -> None:
    proved(team.owner, dns)
    host(team.owner, OTHER)
    asked = "/tls/ask?domain="
    assert ask(asked + NAME, "web:8000").status_code == 200
    for name in (OTHER, "evil.de", "testserver", "", "127.0.0.1"):
        assert ask(asked + name, "web:8000").status_code == 404, name
    outside = [{"HTTP_X_FORWARDED_FOR": "203.0.113.9"}, {"REMOTE_ADDR": "203.0.113.9"}, {"REMOTE_ADDR": "nonsense"}]
    for one in outside:
        assert ask(asked + NAME, "web:8000", **one).status_code == 404
    settings.HEALTH_TOKEN = "a token of the operator, long enough"
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {settings.HEALTH_TOKEN}"}
    assert ask(asked + NAME, "web:8000", REMOTE_ADDR="203.0.113.9", **bearer).status_code == 200


def test_a_proxy_that_asks_too_often_waits(team: Team, dns: Records) -> None:
    answers = {ask("/tls/ask?domain=evil.de", "web:8000").status_code for _ in range(121)}
    assert answers == {404, 429}


def test_the_page_shows_the_records_and_adds_a_host(team: Team, dns: Records) -> None:
    client, at = team.owner.client(), f"/panel/{team.partner.slug}/"
    client.post(f"{at}settings/domain/new/", {"name": "Account.Bakery.de"})
    [row] = hosts_of(team.partner.pk)
    text = client.get(f"{at}settings/domain/").content.decode()
    assert f"_partnerpanel.{NAME}" in text
    assert row.token in text
    refused = client.post(f"{at}hosts/{public('host', row.pk)}/check/")
    assert refused.status_code == 409
    assert "was not found" in refused.content.decode()
