"""What the partner's people are told of, how soon, and what a role hears of where nobody chose otherwise. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum

from partnerpanel.kernel.clock import local_date, start_of_day

# Local hour of the daily mail, and how long alerts are collected before they go out in one mail.
HOUR = timedelta(hours=8)
COLLECTS = timedelta(minutes=2)


class Topic(StrEnum):
    PAYMENTS = "payments"
    DISPUTES = "disputes"
    SERVICE = "service"
    TICKETS = "tickets"
    WORK = "work"


class How(StrEnum):
    """`daily` is a mail in the morning, where there is anything to tell."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    NOT = "not"


class AlertState(StrEnum):
    """`unknown`: it may have arrived, so it is not sent again by itself."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"


# What can be told at once, and by which events; service accounts and parked work have none of their own, and of what
# waits for a person only an address that mails came from does.
TOLD_BY: Mapping[str, Topic] = {
    "subscription.payment_failed": Topic.PAYMENTS,
    "subscription.suspension_near": Topic.PAYMENTS,
    "mail_sender.broken": Topic.WORK,
    "dispute.opened": Topic.DISPUTES,
    "dispute.lost": Topic.DISPUTES,
    "ticket.opened": Topic.TICKETS,
    "ticket.replied": Topic.TICKETS,
}
AT_ONCE = frozenset(TOLD_BY.values())

_ALL_DAILY = dict.fromkeys(Topic, How.DAILY)
_BY_ROLE: Mapping[str, Mapping[Topic, How]] = {
    "owner": {**_ALL_DAILY, Topic.DISPUTES: How.AT_ONCE},
    "admin": {**_ALL_DAILY, Topic.DISPUTES: How.AT_ONCE},
    "billing": {Topic.PAYMENTS: How.DAILY, Topic.DISPUTES: How.AT_ONCE},
    "support": {Topic.SERVICE: How.DAILY, Topic.TICKETS: How.DAILY},
}


def choices(wanted: Mapping[str, str], *, role: str) -> dict[Topic, How]:
    """What a person hears of: what they chose, else what their role says."""
    usual = _BY_ROLE.get(role, {})
    return {topic: How(wanted[topic]) if topic in wanted else usual.get(topic, How.NOT) for topic in Topic}


def next_morning(now: datetime, zone: str, *, told_on: date | None) -> datetime:
    """When the next daily mail is due: this morning, or the next where this one was told. A late one is made up."""
    today = local_date(now, zone)
    on = today if told_on is None or told_on < today else today + timedelta(days=1)
    return start_of_day(on, zone) + HOUR
