"""Giving a campaign's recipients their turn, no more in a minute than the partner's rules allow.

The campaign is locked meanwhile, and so it is when somebody stops it: what has no turn by then gets none. A message
that has its turn is sent by the queue of mails, which sends each at most once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from notifications.campaigns.models import Campaign
from notifications.campaigns.rules.states import CampaignState
from notifications.campaigns.services import KIND
from notifications.marketing.models import MarketingRules
from notifications.marketing.queries import rules_of
from notifications.marketing.services.set_rules import locked_rules
from notifications.models import Message
from notifications.rules.states import MessageState
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.ids import uuid7
from partnerpanel.queues.rows import Batch
from partnerpanel.queues.wake import wake
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.queries import partner_by_id
from partnerpanel.tenancy.scope import tenant

WORKING = (CampaignState.SCHEDULED, CampaignState.SENDING)
_DUE = Batch(lambda: Campaign.objects.filter(state__in=WORKING), limit=1)
MINUTE = timedelta(minutes=1)


def drain_campaigns(partner_id: UUID, now: datetime) -> int:
    """One share of the campaign that is longest due."""
    actor = Actor.system(partner_id)
    with tenant(partner_id):
        rows = _DUE.lock(partner_id, now)
        for row in rows:
            if row.state == CampaignState.SCHEDULED:
                row.state, row.started_at = CampaignState.SENDING, now
                _tell(row, "started", actor, now)
            row.due_at = _hand_over(row, actor, now) or _wait(row, now)
            if row.due_at is None:
                row.state, row.finished_at = CampaignState.DONE, now
                _tell(row, "finished", actor, now)
            row.save(update_fields=["state", "started_at", "finished_at", "due_at", "version"])
    return len(rows)


def _hand_over(row: Campaign, actor: Actor, now: datetime) -> datetime | None:
    """When there is more to hand over; None where everybody has had a turn."""
    held = Message.objects.for_partner(row.partner_id).filter(event=row.event_id, state=MessageState.HELD)
    if not held.exists():
        return None
    window = _window(locked_rules(actor, now), now)
    quiet = _quiet_until(row, held, now)
    awake = held.exclude(customer__timezone__in=sorted(quiet)) if quiet else held
    ids = list(awake.order_by("id").values_list("pk", flat=True)[: max(window.per_minute - window.window_sent, 0)])
    if ids:
        turn = Message.objects.for_partner(row.partner_id).filter(pk__in=ids, state=MessageState.HELD)
        window.window_sent += turn.update(state=MessageState.QUEUED, due_at=now, queued_at=now)
        wake("mail", row.partner_id)
    window.save(update_fields=["window_at", "window_sent"])
    if not held.exists():
        return now + MINUTE
    next_window = (window.window_at or now) + MINUTE
    all_quiet = bool(quiet) and not awake.exists()
    return max(next_window, min(quiet.values())) if all_quiet else next_window


def _window(row: MarketingRules, now: datetime) -> MarketingRules:
    """The running minute, or a new one."""
    if row.window_at is None or not row.window_at <= now < row.window_at + MINUTE:
        row.window_at, row.window_sent = now, 0
    return row


def _quiet_until(row: Campaign, held: Any, now: datetime) -> dict[str, datetime]:
    """By zone of the recipients, when its quiet hours end; only zones in which it is quiet now."""
    rules = rules_of(row.partner_id)
    if not row.topic or rules.quiet.begins == rules.quiet.ends:
        return {}
    own = partner_by_id(row.partner_id).timezone
    zones = held.order_by().values_list("customer__timezone", flat=True).distinct()
    found = {zone: rules.quiet.until(now, zone if rules.in_own_zone else own) for zone in zones}
    return {zone: until for zone, until in found.items() if until is not None}


def _wait(row: Campaign, now: datetime) -> datetime | None:
    """While mails are on their way it is not done."""
    under_way = [MessageState.QUEUED, MessageState.SENDING]
    rows = Message.objects.for_partner(row.partner_id).filter(event=row.event_id, state__in=under_way)
    return now + MINUTE if rows.exists() else None


def _tell(row: Campaign, what: str, actor: Actor, now: datetime) -> None:
    row.version += 1
    draft = EventDraft(f"{KIND}.{what}", KIND, row.pk, row.version)
    record([draft], actor=actor, action_id=uuid7(), now=now)
