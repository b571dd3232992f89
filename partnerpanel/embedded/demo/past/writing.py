"""Writing the past of a new partner, from its first day to now, and opening it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from dateutil.relativedelta import relativedelta

from partnerpanel.embedded.demo.office import Office
from partnerpanel.embedded.demo.past.lives import lives_of
from partnerpanel.embedded.demo.past.living import Past
from partnerpanel.embedded.demo.past.register import Register
from partnerpanel.embedded.demo.shapes import Blueprint
from partnerpanel.kernel.clock import local_date, start_of_day


@dataclass(frozen=True, slots=True)
class Span:
    """How far back a past goes, and the seed that its chances are drawn from."""

    months: int
    seed: str

    def first_day(self, now: datetime, zone: str) -> datetime:
        return start_of_day(local_date(now, zone) - relativedelta(months=self.months), zone)


def write_past(office: Office, blueprint: Blueprint, plans: Mapping[str, UUID], span: Span, *, until: datetime) -> Past:
    """Lives until then, with these plans. The partner's clock stands at the first day: see `begin_past`."""
    zone = blueprint.timezone
    first = local_date(span.first_day(until, zone), zone)
    days = (local_date(until, zone) - first) // timedelta(days=1)
    lives = {life.number: life for life in lives_of(blueprint, seed=span.seed, days=days)}
    register = Register(office, {idea.name: idea for idea in blueprint.plans}, plans, lives)
    past = Past(register, first, until, span.seed)
    past.live()
    return past
