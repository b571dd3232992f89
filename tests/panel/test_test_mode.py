"""The pages of the test mode: the way in, the clock, the story, an example and an empty beginning."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from partnerpanel.story import runs
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.models import Partner, Role
from partnerpanel.tenancy.services import create_twin
from tests.people import Person, Team

START = datetime(2026, 1, 31, 9, tzinfo=UTC)
EXAMPLE = {"card": "sandbox_declines_on_renewal", "preset": "standard"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def twin(team: Team) -> Partner:
    return create_twin(team.partner, now=START)


@pytest.fixture
def client(owner: Person) -> Client:
    return owner.client()


def at(partner: Partner, path: str = "") -> str:
    return f"/panel/{partner.slug}/test-mode/{path}"


def text_of(answer: Any) -> str:
    found: str = answer.content.decode()
    return found


def clock(twin: Partner) -> datetime | None:
    twin.refresh_from_db()
    return twin.test_clock_at


def test_an_owner_opens_it_and_stands_before_its_clock(owner: Person, client: Client) -> None:
    page = text_of(client.get(at(owner.partner)))
    assert "Open the test mode" in page
    answer = client.post(at(owner.partner, "open/"), follow=True)
    twin = Partner.objects.get(twin_of=owner.partner)
    assert answer.redirect_chain[-1][0] == at(twin)
    assert "Nothing has happened yet" in text_of(answer)
    assert "Nothing here reaches a real customer." in text_of(client.get(f"/panel/{twin.slug}/customers/"))
    assert "Nothing here reaches a real customer." not in text_of(client.get(f"/panel/{owner.partner.slug}/customers/"))


def test_who_may_not_open_it_is_told_whom_to_ask_and_may_look_once_it_is_there(team: Team) -> None:
    reader = team.read_only.client()
    assert "Ask an owner or admin" in text_of(reader.get(at(team.partner)))
    assert reader.post(at(team.partner, "open/")).status_code == 403
    twin = create_twin(team.partner, now=START)
    assert at(twin) in text_of(reader.get(at(team.partner)))
    page = text_of(reader.get(at(twin)))
    assert "Owners and admins move the clock." in page
    assert at(twin, "advance/") not in page
    for path in ("advance/", "go-on/", "stop/", "example/", "reset/"):
        assert reader.post(at(twin, path), {"by": "day"}).status_code == 403
    assert clock(twin) == START


def test_a_stranger_finds_no_test_mode(twin: Partner, stranger: Person) -> None:
    client = stranger.client()
    for path in ("", "example/", "reset/"):
        assert client.get(at(twin, path)).status_code == 404
    for path in ("open/", "advance/", "go-on/", "stop/", "example/", "reset/"):
        assert client.post(at(twin, path), {"by": "day", "typed": twin.slug, **EXAMPLE}).status_code == 404
    assert clock(twin) == START


def test_a_live_partner_refuses_what_only_a_test_mode_can_do(owner: Person, client: Client) -> None:
    for path in ("advance/", "go-on/", "stop/", "example/", "reset/"):
        answer = client.post(at(owner.partner, path), {"by": "day", "typed": owner.partner.slug, **EXAMPLE})
        assert answer.status_code == 422
        assert "Only the test mode has a clock" in text_of(answer)


def test_an_example_lives_and_its_story_is_read(twin: Partner, client: Client) -> None:
    assert client.post(at(twin, "example/"), EXAMPLE).status_code == 302
    client.post(at(twin, "advance/"), {"by": "two_years"})
    for _ in range(60):
        if clock(twin) == datetime(2028, 1, 31, 9, tzinfo=UTC):
            break
        client.post(at(twin, "go-on/"))
    assert clock(twin) == datetime(2028, 1, 31, 9, tzinfo=UTC)
    page = text_of(client.get(at(twin)))
    for said in ("Charge 1 declined: the account has too little money", "Grace begins: full service until", "€30.00"):
        assert said in page
    assert "Grace is over: the subscription is suspended" in page
    assert "/invoices/inv_" in page
    assert "/customers/cus_" in page
    assert "quote-mail-body" in page


@pytest.mark.parametrize(
    ("by", "stands"),
    [
        ("day", datetime(2026, 2, 1, 9, tzinfo=UTC)),
        ("week", datetime(2026, 2, 7, 9, tzinfo=UTC)),
        ("month", datetime(2026, 2, 28, 9, tzinfo=UTC)),
        ("year", datetime(2027, 1, 31, 9, tzinfo=UTC)),
    ],
)
def test_each_step_leads_where_it_says(twin: Partner, client: Client, by: str, stands: datetime) -> None:
    assert client.post(at(twin, "advance/"), {"by": by}).status_code == 302
    assert clock(twin) == stands


def test_a_step_over_a_change_of_summer_time_keeps_the_local_hour(team: Team, client: Client) -> None:
    twin = create_twin(team.partner, now=datetime(2026, 3, 28, 11, tzinfo=UTC))
    client.post(at(twin, "advance/"), {"by": "day"})
    assert clock(twin) == datetime(2026, 3, 29, 10, tzinfo=UTC)


def test_a_chosen_day_begins_at_local_midnight(twin: Partner, client: Client) -> None:
    client.post(at(twin, "advance/"), {"by": "to", "to": "2026-02-10"})
    assert clock(twin) == datetime(2026, 2, 9, 23, tzinfo=UTC)


def test_the_next_event_is_where_something_is_due(twin: Partner, client: Client) -> None:
    answer = client.post(at(twin, "advance/"), {"by": "next"})
    assert answer.status_code == 422
    assert "Nothing is due any more" in text_of(answer)
    client.post(at(twin, "example/"), EXAMPLE)
    assert client.post(at(twin, "advance/"), {"by": "next"}).status_code == 302
    reached = clock(twin)
    assert reached is not None
    assert START < reached < datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"by": "to", "to": "2026-01-30"}, "forward only"),
        ({"by": "to", "to": "2099-01-01"}, "ten years"),
        ({"by": "to", "to": "soon"}, "Choose a day such as"),
        ({"by": "to"}, "Choose the day"),
    ],
)
def test_a_wrong_day_is_refused_at_its_field(twin: Partner, client: Client, data: dict[str, str], said: str) -> None:
    answer = client.post(at(twin, "advance/"), data)
    assert answer.status_code == 422
    assert "id_to_error" in text_of(answer)
    assert said in text_of(answer)
    assert clock(twin) == START


@pytest.mark.parametrize("data", [{}, {"by": "century"}])
def test_an_unknown_step_is_refused(twin: Partner, client: Client, data: dict[str, str]) -> None:
    answer = client.post(at(twin, "advance/"), data)
    assert answer.status_code == 422
    assert "Choose how far the clock shall move." in text_of(answer)
    assert clock(twin) == START


def test_a_second_move_at_once_is_refused_in_a_sentence(twin: Partner, client: Client) -> None:
    runs.start_run(to=datetime(2026, 3, 1, tzinfo=UTC), actor=Actor.system(twin.pk))
    answer = client.post(at(twin, "advance/"), {"by": "day"})
    assert answer.status_code == 409
    assert "The clock is on its way already." in text_of(answer)
    assert "Stop here" in text_of(answer)
    client.post(at(twin, "stop/"))
    assert "Stop here" not in text_of(client.get(at(twin)))
    assert client.post(at(twin, "advance/"), {"by": "day"}).status_code == 302


def test_the_page_asks_on_until_the_clock_is_there(twin: Partner, client: Client) -> None:
    runs.start_run(to=datetime(2026, 3, 1, tzinfo=UTC), actor=Actor.system(twin.pk))
    assert f'hx-post="{at(twin, "go-on/")}"' in text_of(client.get(at(twin)))
    answer = client.post(at(twin, "go-on/"), headers={"HX-Request": "true"})
    assert answer.headers["HX-Refresh"] == "true"
    assert "hx-post" not in text_of(answer)
    assert clock(twin) == datetime(2026, 3, 1, tzinfo=UTC)


def test_the_story_is_narrowed_to_a_customer_and_widened_to_the_beginning(twin: Partner, client: Client) -> None:
    client.post(at(twin, "example/"), EXAMPLE)
    client.post(at(twin, "example/"), {"card": "sandbox_ok", "preset": "lenient"})
    client.post(at(twin, "advance/"), {"by": "month"})
    client.post(at(twin, "advance/"), {"by": "day"})
    assert "Customer created" not in text_of(client.get(at(twin)))
    page = text_of(client.get(at(twin) + "?of=all"))
    assert page.count("Customer created") == 2
    customer = page.split("customer=")[1].split('"')[0]
    narrowed = text_of(client.get(f"{at(twin)}?of=all&customer={customer}"))
    assert narrowed.count("Customer created") == 1
    assert "Everybody" in narrowed
    for damaged in ("?customer=cus_nobody", "?after=x", "?of=else", "?customer=%00"):
        assert client.get(at(twin) + damaged).status_code == 200


@pytest.mark.parametrize("wrong", [{"card": "sandbox_gold", "preset": "standard"}, {"card": "none", "preset": "x"}, {}])
def test_a_wrong_example_is_refused(twin: Partner, client: Client, wrong: dict[str, str]) -> None:
    assert client.post(at(twin, "example/"), wrong).status_code == 422
    assert "Customer created" not in text_of(client.get(at(twin)))


def test_emptying_needs_the_name_and_leaves_nothing(twin: Partner, client: Client) -> None:
    client.post(at(twin, "example/"), EXAMPLE)
    assert twin.slug in text_of(client.get(at(twin, "reset/")))
    answer = client.post(at(twin, "reset/"), {"typed": "eastwind"})
    assert answer.status_code == 422
    assert "id_typed_error" in text_of(answer)
    assert "Customer created" in text_of(client.get(at(twin)))
    assert client.post(at(twin, "reset/"), {"typed": twin.slug}).status_code == 302
    assert "Nothing has happened yet" in text_of(client.get(at(twin)))


def test_an_admin_may_what_an_owner_may(team: Team, twin: Partner) -> None:
    client = team[Role.ADMIN].client()
    assert client.post(at(twin, "advance/"), {"by": "day"}).status_code == 302
    assert clock(twin) == datetime(2026, 2, 1, 9, tzinfo=UTC)
