"""What was found last, for the partner's Home."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.utils.functional import Promise

from partnerpanel.invariants.models import Finding
from partnerpanel.invariants.registry import Invariant, known


@dataclass(frozen=True, slots=True)
class Found:
    """An invariant that does not hold, and the first rows that break it. `many`: there are more than are shown."""

    name: str
    sentence: str | Promise
    remedy: str | Promise
    rows: Sequence[Finding]
    count: int


def findings(partner_id: UUID, *, shown: int = 5) -> list[Found]:
    """By name, in the open scope; without those whose rows have a list of their own."""
    rows = Finding.objects.for_partner(partner_id).order_by("invariant", "found_at", "object")
    found = []
    for name, group in groupby(rows, key=lambda row: row.invariant):
        invariant, its_rows = known(name), list(group)
        if isinstance(invariant, Invariant) and not invariant.has_page:
            found.append(Found(name, invariant.sentence, invariant.remedy, its_rows[:shown], len(its_rows)))
    return found
