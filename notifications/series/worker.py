"""Telling what is due of a series, if it still fits: in one transaction with its event, so that it is told once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from notifications.series.models import SeriesStep
from notifications.series.rules.steps import EVENTS, Outcome, Series, Standing, still_fits
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.ids import uuid7
from partnerpanel.offers.queries.staying import offer_to_stay
from partnerpanel.offers.services.making import make_offer
from partnerpanel.queues.rows import Batch
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.bulk import update_rows
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.standings import StandingLine, standings_of

BATCH = 100
KIND = "series_step"
_DUE = Batch(lambda: SeriesStep.objects.filter(outcome=Outcome.WAITING), limit=BATCH)


def drain_series(partner_id: UUID, now: datetime) -> int:
    """One batch; returns how many were settled."""
    actor = Actor.system(partner_id)
    with tenant(partner_id):
        rows = _DUE.lock(partner_id, now)
        found = standings_of(partner_id, {row.subscription_id for row in rows}) if rows else {}
        outcomes = {row.pk: _outcome(row, found.get(row.subscription_id), now=now) for row in rows}
        settled = [(id_, outcome.value, now, None) for id_, outcome in outcomes.items()]
        update_rows(SeriesStep, partner_id=partner_id, columns=["outcome", "settled_at", "due_at"], rows=settled)
        for row in rows:
            if outcomes[row.pk] is Outcome.TOLD:
                record([_draft(row, _offer(row, actor, now))], actor=actor, action_id=uuid7(), now=now)
    return len(rows)


def _outcome(row: SeriesStep, line: StandingLine | None, *, now: datetime) -> Outcome:
    if line is None or row.due_at is None:
        return Outcome.STOPPED
    standing = Standing(line.lifecycle, line.cancels, line.is_blocked)
    fits = still_fits(Series(row.series), standing, due_at=row.due_at, now=now)
    return Outcome.TOLD if fits else Outcome.STOPPED


def _offer(row: SeriesStep, actor: Actor, now: datetime) -> dict[str, str]:
    """The offer that a mail to somebody who leaves carries, made with it; nothing where no rule fits."""
    if row.series != Series.WINBACK:
        return {}
    found = offer_to_stay(actor.partner_id, row.subscription_id, now=now)
    if found is None:
        return {}
    rule, line, reason = found
    return {"offer": str(make_offer(rule, line, reason=reason, actor=actor, now=now))}


def _draft(row: SeriesStep, more: Mapping[str, str]) -> EventDraft:
    data = {"subscription": str(row.subscription_id), "series": row.series, "step": row.step, **more}
    return EventDraft(EVENTS[Series(row.series)][row.step], KIND, row.pk, 1, row.customer_id, data)
