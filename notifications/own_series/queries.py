"""Series as the panel shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from notifications.own_series.models import OwnSeries, OwnSeriesMail
from notifications.own_series.rules import SeriesDraft
from notifications.series.rules.steps import Outcome
from partnerpanel.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class SeriesLine:
    """A series, and how many of its mails wait, were told, or were stopped."""

    id: UUID
    draft: SeriesDraft
    is_on: bool
    version: int
    counts: Mapping[Outcome, int]


def all_series(partner_id: UUID) -> list[SeriesLine]:
    """The newest first, in the open scope."""
    rows = list(OwnSeries.objects.for_partner(partner_id).order_by("-created_at", "-id"))
    counts = counts_of(partner_id, [row.pk for row in rows])
    return [SeriesLine(row.pk, SeriesDraft.read(row), row.is_on, row.version, counts[row.pk]) for row in rows]


def counts_of(partner_id: UUID, series_ids: Sequence[UUID]) -> dict[UUID, dict[Outcome, int]]:
    """What became of the mails of each, in one query."""
    grouped = OwnSeriesMail.objects.for_partner(partner_id).filter(series__in=series_ids)
    counted = grouped.order_by().values_list("series", "outcome").annotate(Count("pk"))
    found = {(id_, outcome): many for id_, outcome, many in counted}
    return {id_: {one: found.get((id_, one.value), 0) for one in Outcome} for id_ in series_ids}


def series_line(partner_id: UUID, series_id: UUID) -> SeriesLine:
    """Raises NotFound alike for nobody's and for another partner's."""
    for line in all_series(partner_id):
        if line.id == series_id:
            return line
    raise NotFound("There is no such series.", field="series")
