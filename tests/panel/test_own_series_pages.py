"""Series of one's own in the panel: made, switched on, changed; whoever may run campaigns."""

from __future__ import annotations

from typing import Any

import pytest

from notifications.own_series.queries import SeriesLine, all_series
from notifications.owned.queries import further_texts
from partnerpanel.actions.templates import create_text
from partnerpanel.kernel.ids import public
from partnerpanel.tenancy.scope import tenant
from tests.people import Person, Team
from tests.world import NOW, World

pytestmark = pytest.mark.django_db(transaction=True)


def at(world: World, rest: str = "") -> str:
    return f"/panel/{world.partner.slug}/series/{rest}"


def wanted(world: World, owner: Person, **other: Any) -> dict[str, Any]:
    create_text(title="A tip", language="en", subject="A tip", body="Hello", actor=owner.actor, now=NOW)
    with tenant(world.id):
        name = further_texts(world.id)[0].name
    return {"title": "Tips", "begun_by": "subscription.started", "days_1": "3", "template_1": name, **other}


def lines(world: World) -> list[SeriesLine]:
    with tenant(world.id):
        return all_series(world.id)


def test_a_series_is_made_off_and_switched_on(world: World, owner: Person) -> None:
    client = owner.client()
    assert client.post(at(world, "new/"), wanted(world, owner, stopped_by=["payment.received"])).status_code == 302
    [line] = lines(world)
    assert (line.draft.title, line.draft.stopped_by, line.is_on) == ("Tips", ("payment.received",), False)
    one = public("ser", line.id)
    assert client.post(at(world, f"{one}/on/"), {}).status_code == 302
    assert "A subscription begins: 1 mail, on day 3" in client.get(at(world)).content.decode()
    assert lines(world)[0].is_on
    client.post(at(world, f"{one}/off/"), {})
    assert not lines(world)[0].is_on


def test_what_is_missing_is_named_and_nothing_is_made(world: World, owner: Person) -> None:
    answer = owner.client().post(at(world, "new/"), wanted(world, owner, days_2="5"))
    assert answer.status_code == 422
    assert "Choose a template." in answer.content.decode()
    same = owner.client().post(at(world, "new/"), wanted(world, owner, days_2="3", template_2=""))
    assert same.status_code == 422
    assert lines(world) == []


def test_of_two_who_change_it_the_later_is_told(world: World, owner: Person) -> None:
    fields = wanted(world, owner)
    owner.client().post(at(world, "new/"), fields)
    [line] = lines(world)
    edit = at(world, f"{public('ser', line.id)}/edit/")
    assert owner.client().post(edit, {**fields, "title": "First", "version": line.version}).status_code == 302
    assert owner.client().post(edit, {**fields, "title": "Second", "version": line.version}).status_code == 409
    assert lines(world)[0].draft.title == "First"


def test_who_only_reads_makes_none(world: World, team: Team) -> None:
    assert team.read_only.client().post(at(world, "new/"), wanted(world, team.owner)).status_code == 403
    assert lines(world) == []
