"""Own series as programs see them."""

from __future__ import annotations

from collections.abc import Sequence

from rest_framework import serializers

from notifications.own_series.models import OwnSeries
from notifications.own_series.queries import counts_of
from notifications.own_series.rules import BEGUN_BY, STOPPED_BY, SeriesDraft
from partnerpanel.kernel.ids import public
from partnerpanel.wire import filters
from partnerpanel.wire.resources import Resource, Showing, Shown
from partnerpanel.wire.shapes import At, Flag, Shape, Whole, constant, counts, id_field, one_of
from partnerpanel.wire.values import instant

PREFIX = "ser"


class SeriesMailShape(Shape):
    """A template that is sent so many days after the series began."""

    days = Whole()
    template = serializers.CharField(help_text="The name of a template.")

    class Meta:
        ref_name = "SeriesMail"


class SeriesShape(Shape):
    """Mails that follow an event of a customer by days, until another one stops them."""

    id = id_field(PREFIX)
    object = constant("own_series")
    title = serializers.CharField()
    begun_by = one_of(BEGUN_BY)
    stopped_by = serializers.ListField(child=one_of(STOPPED_BY))
    mails = SeriesMailShape(many=True)
    plans = serializers.ListField(child=serializers.CharField(), help_text="Ids of plans; none means all.")
    only_served = Flag(help_text="Only while the service runs.")
    on = Flag(help_text="Whether anybody begins it, and gets what waits.")
    results = counts("How many of its mails wait, were told, or were stopped.")
    created_at = At()
    version = Whole(help_text="Counts its changes.")

    class Meta:
        ref_name = "OwnSeries"


def show(showing: Showing, rows: Sequence[OwnSeries]) -> list[Shown]:
    found = counts_of(showing.partner_id, [row.pk for row in rows])
    return [
        {
            "id": public(PREFIX, row.pk),
            "object": "own_series",
            "title": row.title,
            "begun_by": row.begun_by,
            "stopped_by": row.stopped_by,
            "mails": row.mails,
            "plans": [public("plan", id_) for id_ in SeriesDraft.read(row).plans],
            "only_served": row.only_served,
            "on": row.is_on,
            "results": {outcome.value: many for outcome, many in found[row.pk].items()},
            "created_at": instant(row.created_at),
            "version": row.version,
        }
        for row in rows
    ]


SERIES = Resource(
    name="series",
    kind="own_series",
    prefix=PREFIX,
    shape=SeriesShape,
    rows=OwnSeries.objects.for_partner,
    show=show,
    filters={
        "begun_by": filters.word("begun_by", BEGUN_BY),
        "on": filters.flag(lambda rows, yes: rows.filter(is_on=yes), "Whether it is on."),
    },
)
