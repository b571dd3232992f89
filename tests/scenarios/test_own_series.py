"""Series that a partner makes: begun by what happens, told on their days, stopped by what happens next."""

from __future__ import annotations

from typing import Any

import pytest

from notifications.models import OwnSeriesMail
from notifications.own_series.consumer import handle
from notifications.own_series.rules import InvalidSeries, SeriesDraft, SeriesMail
from notifications.own_series.services import change, create, switch
from notifications.owned.queries import further_texts
from notifications.owned.services import create_text, describe_text
from partnerpanel.events.models import Event
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.scope import tenant
from tests.scenarios.story import Story

WRITTEN = "customer_message"
# So that no welcome comes between.
LATER = [0, 70, 80, 90]


def by(story: Story) -> dict[str, Any]:
    return {"actor": Actor.system(story.twin.pk), "now": story.now}


def text(story: Story, title: str = "Ask how it goes") -> str:
    """A text of the partner, by its name."""
    with tenant(story.twin.pk):
        said: dict[str, Any] = {"subject": f"{title}, {{{{ customer.name }}}}", "body": "Hello {{ customer.name }}"}
        id_ = create_text(title=title, topic="", language="en", **said, **by(story))
        return next(one.name for one in further_texts(story.twin.pk) if one.id == id_)


def series(story: Story, *days: int, begun_by: str = "subscription.started", on: bool = True, **other: Any) -> Any:
    """A series with a mail on each of these days."""
    name = text(story)
    with tenant(story.twin.pk):
        mails = tuple(SeriesMail(one, name) for one in days)
        made = create(SeriesDraft("How it goes", begun_by, mails, **other), **by(story))
        switch(made, on=on, **by(story))
    return made


def outcomes(story: Story) -> list[str]:
    with tenant(story.twin.pk):
        rows = OwnSeriesMail.objects.for_partner(story.twin.pk).order_by("position")
        return list(rows.values_list("outcome", flat=True))


def test_its_mails_are_told_on_their_days_at_ten(story: Story) -> None:
    story.on("2026-01-31").policy(welcome__days=LATER)
    series(story, 2, 5)
    story.subscribes()
    story.on("2026-02-02", hours=9).expects(mails=[])
    story.on("2026-02-02", hours=10).expects(mails=[WRITTEN])
    story.on("2026-02-04", hours=23).expects(mails=[])
    story.on("2026-02-05", hours=11).expects(mails=[WRITTEN])
    assert outcomes(story) == ["told", "told"]


def test_a_mail_of_day_0_goes_out_at_once(story: Story) -> None:
    story.on("2026-01-31").policy(welcome__days=LATER).subscribes()
    story.on("2026-02-10")
    series(story, 0, begun_by="subscription.cancelled")
    story.cancels()
    story.on("2026-02-10", hours=23)
    assert outcomes(story) == ["told"]


def test_what_stops_it_stops_what_waits(story: Story) -> None:
    story.on("2026-01-31").policy(welcome__days=LATER)
    series(story, 1, 20, stopped_by=("subscription.cancelled",))
    story.subscribes()
    story.on("2026-02-03")
    story.cancels()
    story.on("2026-02-25", hours=11)
    assert outcomes(story) == ["told", "stopped"]


def test_only_while_the_service_runs(story: Story) -> None:
    story.on("2026-01-31").policy(welcome__days=LATER)
    series(story, 1, 3, only_served=True)
    story.subscribes()
    story.on("2026-02-02").suspends()
    story.on("2026-02-04", hours=11)
    assert outcomes(story) == ["told", "stopped"]


def test_of_another_plan_it_does_not_begin(story: Story) -> None:
    story.on("2026-01-31").policy(welcome__days=LATER).subscribes()
    with tenant(story.twin.pk):
        event = Event.objects.for_partner(story.twin.pk).get(kind="subscription.started")
    made = series(story, 1)
    with tenant(story.twin.pk):
        row = SeriesDraft("How it goes", "subscription.started", (SeriesMail(1, text_of(story)),))
        with pytest.raises(NotFound, match="no such plan"):
            change(made, SeriesDraft(**{**fields(row), "plans": (uuid7(),)}), version=None, **by(story))
        handle([event], story.now)
        handle([event], story.now)
    assert outcomes(story) == ["waiting"]


def text_of(story: Story) -> str:
    return further_texts(story.twin.pk)[0].name


def fields(draft: SeriesDraft) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in draft.__slots__}


def test_off_it_begins_for_nobody_and_sends_nothing_that_waits(story: Story) -> None:
    story.on("2026-01-31").policy(welcome__days=LATER)
    made = series(story, 2)
    story.subscribes()
    with tenant(story.twin.pk):
        switch(made, on=False, **by(story))
    story.on("2026-02-03")
    assert outcomes(story) == ["stopped"]


def test_an_archived_text_is_sent_to_nobody_any_more(story: Story) -> None:
    story.on("2026-01-31").policy(welcome__days=LATER)
    series(story, 2)
    story.subscribes()
    with tenant(story.twin.pk):
        [one] = further_texts(story.twin.pk)
        assert one.id is not None
        describe_text(one.id, archived=True, version=None, **by(story))
    story.on("2026-02-03")
    assert outcomes(story) == ["stopped"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": " "}, "title"),
        ({"begun_by": "subscription.renewed"}, "begun_by"),
        ({"stopped_by": ("subscription.renewed",)}, "stopped_by"),
        ({"begun_by": "subscription.cancelled", "stopped_by": ("subscription.cancelled",)}, "stopped_by"),
        ({"mails": ()}, "mails"),
        ({"mails": (SeriesMail(366, "own_x"),)}, "mails"),
        ({"mails": (SeriesMail(1, "own_x"), SeriesMail(1, "own_y"))}, "mails"),
        ({"mails": (SeriesMail(1, "own_of_nobody"),)}, "mails"),
    ],
)
def test_what_is_wrong_is_named(story: Story, wrong: dict[str, Any], field: str) -> None:
    right = {"title": "One", "begun_by": "subscription.started", "mails": (SeriesMail(1, text(story)),)}
    with tenant(story.twin.pk), pytest.raises(InvalidSeries) as refused:
        create(SeriesDraft(**{**right, **wrong}), **by(story))
    assert refused.value.field == field
