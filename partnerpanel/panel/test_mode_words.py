"""The story of a test mode in sentences: what an event says beyond its kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from notifications.queries import MessageLine
from partnerpanel.kernel.clock import local_date
from partnerpanel.kernel.ids import public
from partnerpanel.kernel.money import Money
from partnerpanel.panel.money_words import DECLINES, SOURCES
from partnerpanel.panel.statuses import look
from partnerpanel.panel.story import ACCESS, KINDS
from partnerpanel.panel.templatetags.formats import day
from partnerpanel.story.told import Happening
from subscriptions.rules.states import HoldKind

DETAILED: dict[str, Any] = {
    "subscription.started": _("Subscription began: paid until %(until)s"),
    "subscription.restarted": _("Came back: paid until %(until)s"),
    "subscription.trial_started": _("Trial began, until %(until)s"),
    "subscription.first_payment_needed": _("Waits for the first payment until %(until)s"),
    "subscription.renewed": _("Renewed: term %(term)s, paid until %(until)s"),
    "subscription.payment_failed": _("Charge %(attempt)s declined: %(code)s"),
    "subscription.payment_needs_confirmation": _("Charge %(attempt)s waits for the customer’s confirmation"),
    "subscription.grace_started": _("Grace begins: full service until %(until)s"),
    "subscription.grace_started.limited": _("Grace begins: limited service until %(until)s"),
    "subscription.suspension_near": _("Last warning: suspended on %(until)s unless it is paid"),
    "subscription.grace_over": _("Grace is over: %(then)s"),
    "payment.received": _("Paid with %(how)s"),
    "policy.changed": _("A policy of its own"),
}
CONSEQUENCES: dict[str, Any] = {
    "suspend": _("the subscription is suspended"),
    "freeze": _("the whole account is frozen"),
    "downgrade_to_free": _("it goes on with the free plan"),
    "cancel": _("the subscription ends"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the story, as its template reads it."""

    text: str | Promise
    icon: str
    tone: str
    customer: str
    customer_id: str
    money: Money | None
    invoice: str
    invoice_id: str
    mails: tuple[MessageLine, ...]


def days_of(happenings: Sequence[Happening], *, zone: str) -> list[tuple[date, list[Line]]]:
    """The lines by local day."""
    by_day = groupby(happenings, key=lambda one: local_date(one.event.occurred_at, zone))
    return [(on, _lines(list(found))) for on, found in by_day]


def _lines(happenings: Sequence[Happening]) -> list[Line]:
    """The name of a customer stands over the first of the lines that follow each other about the same."""
    before = [None, *(one.event.customer_id for one in happenings)]
    return [_line(one, is_first=one.event.customer_id != last) for one, last in zip(happenings, before, strict=False)]


def _line(one: Happening, *, is_first: bool) -> Line:
    event, amount = one.event, one.amount
    text, icon, tone = _look(one)
    return Line(
        text,
        icon,
        tone,
        customer=one.customer if is_first else "",
        customer_id=public("cus", event.customer_id) if event.customer_id else "",
        money=amount.money if amount else None,
        invoice=amount.label if amount else "",
        invoice_id=public("inv", amount.invoice_id) if amount and amount.invoice_id else "",
        mails=one.mails,
    )


def _look(one: Happening) -> tuple[str | Promise, str, str]:
    event = one.event
    if event.kind == "subscription.access_changed":
        return ACCESS[event.data["access"][1]]
    nameless = (event.kind.replace(".", ": ").replace("_", " "), "activity", "gray")
    sentence, icon, tone = KINDS.get(event.kind, nameless)
    limited = f"{event.kind}.limited" if "limited" in event.data else event.kind
    detailed = DETAILED.get(limited, DETAILED.get(event.kind))
    if detailed:
        try:
            return str(detailed) % _said(one), icon, tone
        except KeyError:
            # An event of an older version says less.
            return sentence, icon, tone
    kinds = [*event.data.get("placed", []), *event.data.get("released", [])]
    holds = ", ".join(str(look(kind).text) for kind in kinds if kind != HoldKind.PROVISIONING)
    return (f"{sentence}: {holds}" if holds else sentence), icon, tone


def _said(one: Happening) -> dict[str, Any]:
    """What the event says, in the reader's words."""
    said = dict(one.event.data)
    if "until" in said:
        said["until"] = day(date.fromisoformat(said["until"]))
    if "code" in said:
        said["code"] = DECLINES.get(said["code"], str(said["code"]).replace("_", " "))
    if "then" in said:
        said["then"] = CONSEQUENCES.get(said["then"], said["then"])
    if one.amount:
        said["how"] = SOURCES.get(one.amount.how, one.amount.how)
    return said
