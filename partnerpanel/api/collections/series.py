"""Series of the partner's own: made, changed, switched on and off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar
from uuid import UUID

from rest_framework import serializers

from notifications.own_series.queries import series_line
from notifications.own_series.rules import BEGUN_BY, LONGEST_DELAY, MOST_MAILS, STOPPED_BY, TITLE_LENGTH
from partnerpanel.actions import own_series
from partnerpanel.actions.own_series import SeriesDraft, SeriesMail
from partnerpanel.api.collections.making import Changing, Making
from partnerpanel.tenancy.scope import tenant
from partnerpanel.wire.shapes import Flag, PublicId, Shape, Text, Whole, one_of

READ, WRITE = "series:read", "series:write"
MOST_PLANS = 200


class SeriesMailInput(Shape):
    days = Whole(min_value=0, max_value=LONGEST_DELAY, help_text="0: at once; else at ten in the customer’s morning.")
    template = Text(max_length=60, help_text="The name of one of your further templates.")


class SeriesInput(Shape):
    """It is off until it is switched on."""

    example: ClassVar[Mapping[str, Any]] = {
        "title": "Tips",
        "begun_by": "subscription.started",
        "mails": [{"days": 3, "template": "own_0123456789abcdef0123456789abcdef"}],
    }

    title = Text(max_length=TITLE_LENGTH)
    begun_by = one_of(BEGUN_BY)
    mails = serializers.ListField(child=SeriesMailInput(), min_length=1, max_length=MOST_MAILS)
    stopped_by = serializers.ListField(child=one_of(STOPPED_BY), required=False, max_length=len(STOPPED_BY))
    plans = serializers.ListField(child=PublicId("plan"), required=False, max_length=MOST_PLANS)
    only_served = Flag(required=False)


class SeriesChange(SeriesInput):
    """The fields that change; `on` switches it."""

    title = Text(max_length=TITLE_LENGTH, required=False)
    begun_by = one_of(BEGUN_BY, required=False)
    mails = serializers.ListField(child=SeriesMailInput(), required=False, min_length=1, max_length=MOST_MAILS)
    on = Flag(required=False)


class SeriesList(Making):
    resource_name = "series"
    scopes: ClassVar[Mapping[str, str]] = {"GET": READ, "POST": WRITE}
    shape = SeriesInput

    def make(self, wanted: Mapping[str, Any]) -> UUID:
        draft = SeriesDraft(title=wanted["title"], begun_by=wanted["begun_by"], **_parts(wanted))
        return own_series.create_series(draft, actor=self.caller.actor, now=self.caller.now)


class Series(Changing):
    resource_name = "series"
    scopes: ClassVar[Mapping[str, str]] = {"GET": READ, "PATCH": WRITE}
    change_shape = SeriesChange

    def change(self, id_: UUID, wanted: Mapping[str, Any]) -> None:
        by: dict[str, Any] = {"actor": self.caller.actor, "now": self.caller.now}
        with tenant(self.caller.partner.pk):
            line = series_line(self.caller.partner.pk, id_)
        plain = {name: wanted[name] for name in ("title", "begun_by") if name in wanted}
        draft = replace(line.draft, **plain, **_parts(wanted))
        if draft != line.draft:
            own_series.change_series(id_, draft, version=line.version, **by)
        if "on" in wanted:
            own_series.switch_series(id_, on=wanted["on"], **by)


def _parts(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What was sent of the parts that are lists or a mark, as a draft has them."""
    found: dict[str, Any] = {}
    if "mails" in wanted:
        found["mails"] = tuple(SeriesMail(one["days"], one["template"]) for one in wanted["mails"])
    for name in ("stopped_by", "plans"):
        if name in wanted:
            found[name] = tuple(wanted[name])
    if "only_served" in wanted:
        found["only_served"] = wanted["only_served"]
    return found
