"""Recording what is used of allowances, each key once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.bulk import insert_rows, update_rows
from subscriptions.models import Subscription, UsageRecord, UsageTotal
from subscriptions.queries.meters import meters_of
from subscriptions.rules.meter import Counted, Meter, UsageWish
from subscriptions.rules.usage import AllowanceUse
from subscriptions.services.addons import move_addons

RECORD = ("subscription", "key", "allowance", "amount", "used_at", "term_number", "recorded_at")
TOTAL = ("used", "from_packs", "told_percent")


def record_usage(
    subscription_id: UUID,
    *,
    allowance: str,
    amount: int,
    key: str,
    used_at: datetime,
    actor: Actor,
    now: datetime,
) -> AllowanceUse:
    """Adds to what is used in the period of `used_at`, in the open scope, and returns how the allowance stands.

    The same record again changes nothing. What goes beyond the period's own is taken from packs, the oldest first.
    Raises NotFound, InvalidUsage, UsageKeyReused.
    """
    wish = UsageWish(subscription_id, allowance, amount, key, used_at)
    [result] = record_usages([wish], actor=actor, now=now)
    if isinstance(result, DomainError):
        raise result
    return result.use


def record_usages(wishes: Sequence[UsageWish], *, actor: Actor, now: datetime) -> list[Counted | DomainError]:
    """The same for many, in their order: for each how its allowance then stands, or why it was refused.

    A refused one takes no other down. Whoever reaches several levels at once is told of the highest. A constant
    number of queries.
    """
    meters = meters_of(actor.partner_id, wishes, lock=True)
    results = [_count(meters, wish, now) for wish in wishes]
    alerts = [(meter, alert) for meter in meters.values() for alert in meter.alerts()]
    drafts = []
    for meter, alert in alerts:
        meter.version += 1
        kind = "subscription.usage_alert"
        drafts.append(EventDraft(kind, "subscription", meter.id, meter.version, meter.customer_id, alert.data()))
    _write(actor.partner_id, meters.values(), now)
    versions = {meter.id: meter.version for meter, _alert in alerts}
    update_rows(Subscription, partner_id=actor.partner_id, columns=["version"], rows=versions.items())
    record(drafts, actor=actor, action_id=uuid7(), now=now)
    return results


def _count(meters: dict[UUID, Meter], wish: UsageWish, now: datetime) -> Counted | DomainError:
    meter = meters.get(wish.subscription_id)
    if meter is None:
        return NotFound("There is no such subscription.", field="subscription")
    try:
        return meter.count(wish, now=now)
    except DomainError as refusal:
        return refusal


def _write(partner_id: UUID, meters: Iterable[Meter], now: datetime) -> None:
    records, made, moved, packs = [], [], [], []
    for meter in meters:
        for wish, number in meter.new:
            records.append((meter.id, wish.key, wish.allowance, wish.amount, wish.used_at, number, now))
        for number, name in meter.touched:
            total = meter.totals[number, name]
            values = (total.used, total.from_packs, total.told)
            if total.id is None:
                made.append((meter.id, number, name, *values))
            else:
                moved.append((total.id, *values))
        packs += meter.pack_moves(now=now)
    insert_rows(UsageRecord, partner_id=partner_id, columns=RECORD, rows=records)
    named = ("subscription", "term_number", "allowance", *TOTAL)
    insert_rows(UsageTotal, partner_id=partner_id, columns=named, rows=made)
    update_rows(UsageTotal, partner_id=partner_id, columns=TOTAL, rows=moved)
    move_addons(partner_id, packs)
