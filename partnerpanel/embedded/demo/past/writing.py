"""Writing the past of a new partner, from its first day to now, and opening it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from dateutil.relativedelta import relativedelta

from partnerpanel.embedded.demo.office import Office
from partnerpanel.embedded.demo.past.lives import OFFICE_EVERY, Stage, lives_of
from partnerpanel.embedded.demo.past.living import Past
from partnerpanel.embedded.demo.past.register import Register
from partnerpanel.embedded.demo.shapes import Blueprint
from partnerpanel.kernel.clock import local_date, start_of_day


@dataclass(frozen=True, slots=True)
class Span:
    """How far back a past goes, and the seed that its chances are drawn from.

    With `comes`, customers come on these days of the month alone, so that few days have many renewals. What they do is
    so many `times` as likely as with a firm that one knows, for a past of few in which else nothing would happen.
    """

    months: int
    seed: str
    comes: frozenset[int] = frozenset()
    times: int = 1

    def first_day(self, now: datetime, zone: str) -> datetime:
        return start_of_day(local_date(now, zone) - relativedelta(months=self.months), zone)


def write_past(
    office: Office,
    blueprint: Blueprint,
    plans: Mapping[str, UUID],
    span: Span,
    *,
    numbers: range,
    until: datetime,
    taken: Collection[str] = (),
) -> Past:
    """Lives until then, with these plans, customers of these numbers, and addresses that are not among those `taken`.

    The partner's clock stands at the first day: see `begin_past`.
    """
    zone = blueprint.timezone
    first = local_date(span.first_day(until, zone), zone)
    days = (local_date(until, zone) - first) // timedelta(days=1)
    comes = [day for day in range(days) if (first + timedelta(days=day)).day in span.comes]
    comes = [0, *comes] if span.comes else list(range(0, days, OFFICE_EVERY))
    stage = Stage(days, tuple(comes), span.times)
    found = lives_of(blueprint, numbers, stage, seed=span.seed, taken=taken)
    lives = {life.number: life for life in found}
    register = Register(office, {idea.name: idea for idea in blueprint.plans}, plans, lives)
    past = Past(register, first, until, span.seed)
    past.live()
    return past
