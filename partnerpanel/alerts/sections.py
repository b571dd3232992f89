"""What needs doing at a partner, by topic, in words: the same lists as on Home, shorter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from babel import Locale
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.queries.attention import attention
from billing.queries.returns import open_disputes
from billing.rules.formats import date_text, money_text
from customers.queries.facts import identities
from partnerpanel.alerts.rules import Topic
from partnerpanel.events.models import Event
from partnerpanel.invariants.queries import findings
from partnerpanel.queues.parked import desks
from partnerpanel.support.queries import counts, tickets
from partnerpanel.support.rules import TicketState
from partnerpanel.tenancy.mail_senders import broken_sender
from partnerpanel.tenancy.models import Partner
from subscriptions.queries.overview import parked_accounts

# So many lines of a topic; a list counts no further than the other.
SHOWN, COUNTED = 5, 100


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its lines; `more` are not shown, and `url` is where everything is."""

    title: str
    lines: Sequence[str]
    more: int
    url: str


def sections(partner: Partner, topics: Iterable[Topic], *, locale: Locale, now: datetime) -> list[Section]:
    """In the open scope, in the language in force; topics with nothing to do are left out."""
    found = [_OF[topic](partner, locale, now) for topic in topics]
    return [one for one in found if one is not None]


def told_at_once(partner: Partner, events: Sequence[Event]) -> Section:
    """What happened just now, in the open scope."""
    names = identities(partner.pk, {event.customer_id for event in events if event.customer_id})
    lines = []
    for event in events:
        customer = names.get(event.customer_id) if event.customer_id else None
        lines.append(_said(event.kind) % {"customer": customer.name if customer and customer.name else _("A customer")})
    return Section(_("Just now"), lines[:COUNTED], max(0, len(lines) - COUNTED), _page("home", partner))


def _said(kind: str) -> str:
    return {
        "mail_sender.broken": _("Your mails no longer come from your own address: its DNS records changed."),
        "subscription.payment_failed": _("A payment of %(customer)s failed."),
        "subscription.suspension_near": _("%(customer)s is suspended tomorrow unless the renewal is paid."),
        "dispute.opened": _("%(customer)s disputes a payment."),
        "dispute.lost": _("A dispute with %(customer)s is lost."),
        "ticket.opened": _("%(customer)s asks for support."),
        "ticket.replied": _("%(customer)s answered in a ticket."),
    }[kind]


def _payments(partner: Partner, locale: Locale, now: datetime) -> Section | None:
    found = attention(partner.pk, now=now, limit=COUNTED)
    lines = [
        _("%(customer)s, %(plan)s: %(due)s, grace ends on %(day)s")
        % {
            "customer": one.customer_name,
            "plan": one.plan_name,
            "due": money_text(one.due, locale) if one.due else "",
            "day": date_text(one.deadline_on, locale),
        }
        for one in found.ending
    ]
    lines += [
        _("%(customer)s, %(plan)s: %(due)s, failing since %(day)s")
        % {
            "customer": one.customer_name,
            "plan": one.plan_name,
            "due": money_text(one.due, locale) if one.due else "",
            "day": date_text(one.first_on, locale),
        }
        for one in found.failing
    ]
    lines += [
        _("%(customer)s: a charge of %(amount)s is being checked")
        % {"customer": one.customer_name, "amount": money_text(one.amount, locale)}
        for one in found.doubted
    ]
    return _section(_("Failing payments"), lines, _page("home", partner))


def _disputes(partner: Partner, locale: Locale, _now: datetime) -> Section | None:
    lines = [
        _("%(customer)s: %(amount)s, evidence until %(day)s")
        % {
            "customer": one.customer_name,
            "amount": money_text(one.amount, locale),
            "day": date_text(one.evidence_due_on, locale) if one.evidence_due_on else "–",
        }
        for one in open_disputes(partner.pk, limit=COUNTED)
    ]
    return _section(_("Disputes that need an answer"), lines, _page("home", partner))


def _service(partner: Partner, _locale: Locale, _now: datetime) -> Section | None:
    lines = [f"{one.customer_name}: {one.username}" for one in parked_accounts(partner.pk, limit=COUNTED)]
    return _section(_("Service accounts that are not as they should be"), lines, _page("home", partner))


def _tickets(partner: Partner, _locale: Locale, _now: datetime) -> Section | None:
    number = counts(partner.pk)[TicketState.OPEN]
    lines = [f"{one.customer_name}: {one.subject}" for one in tickets(partner.pk, TicketState.OPEN, limit=SHOWN)]
    return _section(_("Tickets that wait for an answer"), lines, _page("tickets", partner), number=number)


def _work(partner: Partner, _locale: Locale, _now: datetime) -> Section | None:
    parked = sum(len(desk.waiting(partner.pk, COUNTED)) for desk in desks())
    lines = (
        [
            ngettext(
                "%(n)s piece of work stopped and waits for a person.",
                "%(n)s pieces of work stopped and wait for a person.",
                parked,
            )
            % {"n": parked}
        ]
        if parked
        else []
    )
    lines += [str(one.sentence) for one in findings(partner.pk)]
    if sender := broken_sender(partner.pk):
        lines.append(
            _("Mails no longer come from %(address)s, as its DNS records changed. See Settings › Sender.")
            % {"address": sender.address}
        )
    return _section(_("Work that waits for a person"), lines, _page("home", partner))


_OF: Mapping[Topic, Callable[[Partner, Locale, datetime], Section | None]] = {
    Topic.PAYMENTS: _payments,
    Topic.DISPUTES: _disputes,
    Topic.SERVICE: _service,
    Topic.TICKETS: _tickets,
    Topic.WORK: _work,
}


def _section(title: str, lines: Sequence[str], url: str, *, number: int | None = None) -> Section | None:
    total = len(lines) if number is None else number
    return Section(f"{title} ({total})", lines[:SHOWN], max(0, total - SHOWN), url) if lines else None


def _page(name: str, partner: Partner) -> str:
    return f"{settings.PUBLIC_URL}{reverse(name, args=[partner.slug])}"
