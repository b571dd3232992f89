"""Telling what is due of a series, if it still fits: in one transaction with its event, so that it is told once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from customers.queries.facts import identities
from notifications.own_series.models import OwnSeriesMail
from notifications.own_series.rules import SeriesDraft, Standing, fits
from notifications.owned.wording import Wording, wording_of
from notifications.series.rules.steps import Outcome
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.errors import DomainError
from partnerpanel.kernel.ids import uuid7
from partnerpanel.queues.rows import Batch
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.bulk import update_rows
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.standings import standings_of

BATCH = 100
WRITTEN = "customer_message"
_DUE = Batch(lambda: OwnSeriesMail.objects.filter(outcome=Outcome.WAITING).select_related("series"), limit=BATCH)


def drain_own_series(partner_id: UUID, now: datetime) -> int:
    """One batch; returns how many were settled. What a customer gets of it decides the rules of marketing."""
    actor = Actor.system(partner_id)
    with tenant(partner_id):
        rows = _DUE.lock(partner_id, now)
        lines = standings_of(partner_id, {row.subscription_id for row in rows if row.subscription_id}) if rows else {}
        people = identities(partner_id, {row.customer_id for row in rows}) if rows else {}
        texts: dict[str, Wording | None] = {}
        settled = []
        for row in rows:
            line = lines.get(row.subscription_id) if row.subscription_id else None
            standing = Standing(line.plan_id, line.lifecycle, line.is_blocked) if line else Standing()
            draft = SeriesDraft.read(row.series)
            wording = texts.setdefault(row.template, _wording(partner_id, row.template))
            is_told = (
                row.series.is_on
                and row.due_at is not None
                and wording is not None
                and bool(people[row.customer_id].email)
                and fits(draft, standing, due_at=row.due_at, now=now)
            )
            if is_told and wording:
                record([_draft(row, wording)], actor=actor, action_id=uuid7(), now=now)
            settled.append((row.pk, (Outcome.TOLD if is_told else Outcome.STOPPED).value, now, None))
        update_rows(OwnSeriesMail, partner_id=partner_id, columns=["outcome", "settled_at", "due_at"], rows=settled)
    return len(rows)


def _wording(partner_id: UUID, template: str) -> Wording | None:
    """None for a text that was archived since."""
    try:
        return wording_of(partner_id, template=template, subject="", body="")
    except DomainError:
        return None


def _draft(row: OwnSeriesMail, wording: Wording) -> EventDraft:
    data = {
        "template": wording.name,
        "series": str(row.series_id),
        **({"topic": wording.topic} if wording.topic else {}),
    }
    return EventDraft(f"{WRITTEN}.written", WRITTEN, uuid7(), 1, row.customer_id, data, wording.words)
