"""Which of the mails that are due are sent now: marketing is asked once more for whom it is, and what hour it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from notifications.marketing.queries import left_out, rules_of, zones_of_customers
from notifications.marketing.rules.reasons import LeftOut
from notifications.models import Message
from notifications.rules.states import MessageState
from notifications.turns import untried
from partnerpanel.tenancy.bulk import update_rows
from partnerpanel.tenancy.queries import partner_by_id


def sift(partner_id: UUID, due: Sequence[Message], now: datetime) -> tuple[list[Message], int]:
    """Of messages just taken in the open scope, those to be sent now, and how many are settled or wait longer.

    Without marketing among them it asks nothing.
    """
    marketing = [row for row in due if row.topic]
    if not marketing:
        return list(due), 0
    unwanted = _leave_out(partner_id, marketing, now)
    quiet = _postpone(partner_id, [row for row in marketing if row.pk not in unwanted], now)
    return [row for row in due if row.pk not in unwanted | quiet], len(unwanted) + len(quiet)


def _leave_out(partner_id: UUID, rows: Sequence[Message], now: datetime) -> set[UUID]:
    found: dict[UUID, LeftOut] = {}
    for topic in sorted({row.topic for row in rows}):
        of_topic = [row for row in rows if row.topic == topic]
        reasons = left_out(partner_id, {row.customer_id for row in of_topic}, topic)
        found |= {row.pk: reasons[row.customer_id] for row in of_topic if row.customer_id in reasons}
    columns = ["state", "left_out_because", "settled_at", "due_at", "leased_until"]
    values = [(id_, MessageState.LEFT_OUT.value, reason.value, now, None, None) for id_, reason in found.items()]
    update_rows(Message, partner_id=partner_id, columns=columns, rows=values)
    return set(found)


def _postpone(partner_id: UUID, rows: Sequence[Message], now: datetime) -> set[UUID]:
    rules = rules_of(partner_id)
    if not rows or rules.quiet.begins == rules.quiet.ends:
        return set()
    own = partner_by_id(partner_id).timezone
    zones = zones_of_customers(partner_id, {row.customer_id for row in rows}) if rules.in_own_zone else {}
    later = {}
    for row in rows:
        if until := rules.quiet.until(now, zones.get(row.customer_id, own)):
            later[row.pk] = until
    untried([row for row in rows if row.pk in later and row.leased_until is not None])
    update_rows(Message, partner_id=partner_id, columns=["due_at"], rows=list(later.items()))
    return set(later)
