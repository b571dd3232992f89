"""The log of all of a partner's messages, and why a customer did or did not get one; in the open scope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from customers.queries.facts import identities
from notifications.campaigns.models import Campaign
from notifications.marketing.queries import left_out, rules_of
from notifications.marketing.rules.reasons import LeftOut
from notifications.marketing.rules.topics import OF_KIND
from notifications.models import Message
from notifications.queries import MessageLine, message_line
from notifications.rules.kinds import MessageKind
from notifications.rules.states import MessageState
from notifications.rules.why import Facts, Series, Verdict, verdicts
from notifications.series.models import SeriesStep
from notifications.series.rules.steps import EVENTS
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.paging import Page
from partnerpanel.policy.queries import Target, resolve
from partnerpanel.tenancy import keyset
from partnerpanel.tenancy.queries import partner_by_id

# Mails whose days the policy names.
REMINDERS = (MessageKind.RENEWAL_NEAR, MessageKind.TRIAL_ENDING)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the log is narrowed to; what is None or empty is not asked for."""

    state: str = ""
    kind: str = ""
    customer_id: UUID | None = None
    campaign_id: UUID | None = None


def message_page(partner_id: UUID, wanted: Wanted, *, cursor: str | None, limit: int = 50) -> Page[Message]:
    """With their customers, the newest first. Raises InvalidCursor, NotFound for a campaign of nobody."""
    rows = Message.objects.for_partner(partner_id).select_related("customer")
    if wanted.state in set(MessageState):
        rows = rows.filter(state=wanted.state)
    if wanted.kind in set(MessageKind):
        rows = rows.filter(kind=wanted.kind)
    if wanted.customer_id is not None:
        rows = rows.filter(customer=wanted.customer_id)
    if wanted.campaign_id is not None:
        rows = rows.filter(event=_campaign(partner_id, wanted.campaign_id).event_id)
    return keyset.page(rows, key="queued_at", descending=True, cursor=cursor, limit=limit)


def why_kind(partner_id: UUID, customer_id: UUID, kind: MessageKind, *, now: datetime) -> list[Verdict]:
    """What the rules say of a kind of mail to this customer. Raises NotFound."""
    topic = OF_KIND[kind].value if kind in OF_KIND else ""
    rows = Message.objects.for_partner(partner_id).filter(customer=customer_id, kind=kind)
    facts = _facts(partner_id, customer_id, rows, topic, now=now)
    return verdicts(
        Facts(
            **facts,
            series=_series(partner_id, customer_id, kind),
            is_without_days=_is_without_days(partner_id, customer_id, kind),
        )
    )


def why_campaign(partner_id: UUID, customer_id: UUID, campaign_id: UUID, *, now: datetime) -> list[Verdict]:
    """The same of one campaign. Raises NotFound."""
    row = _campaign(partner_id, campaign_id)
    rows = Message.objects.for_partner(partner_id).filter(customer=customer_id, event=row.event_id)
    facts = _facts(partner_id, customer_id, rows, row.topic, now=now)
    return verdicts(Facts(**facts, campaign=row.state, campaign_due_at=row.due_at))


def _facts(partner_id: UUID, customer_id: UUID, rows: Any, topic: str, *, now: datetime) -> dict[str, Any]:
    customer = identities(partner_id, [customer_id]).get(customer_id)
    if customer is None:
        raise NotFound("There is no such customer.", field="customer")
    newest = rows.order_by("-queued_at", "-id").first()
    rules = rules_of(partner_id)
    zone = customer.timezone if rules.in_own_zone else partner_by_id(partner_id).timezone
    reason: LeftOut | None = left_out(partner_id, [customer_id], topic).get(customer_id)
    return {
        "newest": _told(message_line(newest)) if newest is not None else None,
        "left_out": reason,
        "quiet_until": rules.quiet.until(now, zone) if topic else None,
    }


def _told(line: MessageLine) -> tuple[MessageState, datetime | None, LeftOut | None, datetime | None]:
    at = line.sent_at or line.due_at or line.queued_at
    return line.state, at, line.left_out, line.bounced_at


def _series(partner_id: UUID, customer_id: UUID, kind: MessageKind) -> Series | None:
    """Where the newest step of a series stands that this kind tells; None for what is of none."""
    for series, kinds in EVENTS.items():
        for step, event in enumerate(kinds):
            if event == f"series.{kind.value.removeprefix('subscription_')}":
                rows = SeriesStep.objects.for_partner(partner_id).filter(
                    customer=customer_id, series=series.value, step=step
                )
                row = rows.order_by("-id").first()
                return Series(row.outcome, row.due_at or row.settled_at) if row else Series("", None)
    return None


def _is_without_days(partner_id: UUID, customer_id: UUID, kind: MessageKind) -> bool:
    if kind not in REMINDERS:
        return False
    [found] = resolve(partner_id, [Target(customer_id=customer_id)])
    days = found.policy.renewal
    return not days.reminders_days and not days.reminders_days_yearly


def _campaign(partner_id: UUID, campaign_id: UUID) -> Campaign:
    row = Campaign.objects.for_partner(partner_id).filter(pk=campaign_id).first()
    if row is None:
        raise NotFound("There is no such campaign.", field="campaign")
    return row
