"""Two years of a subscription, told: by command, on a clock that nobody has to wait for."""

from __future__ import annotations

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.story.begin import Scene, begin
from partnerpanel.story.queries import StoryEntry, story_of
from partnerpanel.story.words import sentence
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.models import Partner
from partnerpanel.tenancy.scope import tenant
from partnerpanel.tenancy.services import create_twin
from tests.people import Team

START = datetime(2026, 1, 31, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def twin(team: Team) -> Partner:
    return create_twin(team.partner, now=START)


def told(**options: object) -> str:
    out = StringIO()
    call_command("story", stdout=out, **options)
    return out.getvalue()


def test_two_years_with_a_card_that_works_are_twenty_four_payments(twin: Partner) -> None:
    said = told(partner=twin.slug, months=24)
    assert said.count("paid with") == 24
    assert "2026-02-28" in said  # the anchor stays the 31st
    assert "2026-03-31" in said
    assert said.count("30.00 EUR") >= 24
    assert "declined" not in said
    twin.refresh_from_db()
    assert twin.test_clock_at == datetime(2028, 1, 31, 9, tzinfo=UTC)


def test_a_card_that_is_declined_on_renewal_ends_in_a_suspension(twin: Partner) -> None:
    said = told(partner=twin.slug, months=3, card="sandbox_declines_on_renewal")
    order = ["paid with", "charge 1 declined", "charge 4 declined", "grace begins", "last warning", "grace is over"]
    places = [said.index(one) for one in order]
    assert places == sorted(places)
    assert "2026-03-31" in said
    assert "2026-04-07" in said  # seven days after the first charge that failed


def test_the_extended_policy_freezes_the_whole_account(twin: Partner) -> None:
    said = told(partner=twin.slug, months=2, card="sandbox_soft_decline", preset="extended")
    assert said.index("account suspended") > said.index("grace is over: freeze")
    assert "2026-03-15" in said


def test_a_fresh_test_mode_is_made_where_none_is_named() -> None:
    assert "paid with" in told(months=2)
    assert Partner.objects.filter(slug__startswith="story-", twin_of__isnull=False).count() == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"partner": "nobody-test"}, "no test mode"),
        ({"months": 0}, "from 1 to 120"),
        ({"card": "sandbox_gold"}, "has no payment method"),
        ({"preset": "generous"}, "A preset is one of"),
    ],
)
def test_wrong_wishes_are_refused_in_words(twin: Partner, wrong: dict[str, object], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        told(**{"partner": twin.slug, "months": 1} | wrong)


def test_the_clock_is_moved_by_command_forward_alone(twin: Partner) -> None:
    begin(twin, Scene("sandbox_ok", "standard"), actor=Actor.system(twin.pk))
    out = StringIO()
    call_command("advance_clock", partner=twin.slug, to="2026-03-01T00:00:00Z", stdout=out)
    assert f"The clock of {twin.slug} stands at 2026-03-01" in out.getvalue()
    for to, said in {
        "2026-02-01T00:00:00Z": "forward only",
        "2026-04-01": "needs its zone",
        "soon": "is written like",
    }.items():
        with pytest.raises(CommandError, match=said):
            call_command("advance_clock", partner=twin.slug, to=to)


def test_a_story_is_of_this_partner_alone(twin: Partner, other_team: Team) -> None:
    subscription = begin(twin, Scene("none", "standard"), actor=Actor.system(twin.pk))
    for partner_id, id_ in ((other_team.partner.pk, subscription), (twin.pk, uuid7())):
        with tenant(partner_id), pytest.raises(NotFound):
            story_of(partner_id, id_, START)


def test_a_kind_without_words_says_its_name() -> None:
    assert sentence(StoryEntry(START, "ticket.opened_again")) == "ticket: opened again"
