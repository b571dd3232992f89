"""What waits for a person, in words: what happened, and what to do before it is tried again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from customers.queries.facts import identities
from partnerpanel.actions.retry import NEEDED
from partnerpanel.kernel.ids import public
from partnerpanel.panel.job_words import TITLES
from partnerpanel.queues.parked import Desk, ParkedLine, desks
from partnerpanel.queues.registry import queue_named

SHOWN = 20
# queue -> heading, what happened, what to do. Service accounts and charges have lists of their own.
WORDS: dict[str, tuple[str | Promise, str | Promise, str | Promise]] = {
    "subscriptions": (
        _("Subscriptions that need a person"),
        _("The next step of these failed five times. Nobody is charged and nothing moves until it succeeds."),
        _("Repair what the reason names, then try again."),
    ),
    "refunds": (
        _("Refunds that need a person"),
        _("The gateway gives no answer about these, so nobody knows whether the customer has the money."),
        _("Look them up at the gateway, then try again: nothing is paid out twice."),
    ),
    "news": (
        _("News of the gateway that need a person"),
        _("The gateway told of these, and nothing could be made of it five times. The nightly comparison looks, too."),
        _("Look them up at the gateway, then try again: nothing is booked twice."),
    ),
    "checkouts": (
        _("Orders that need a person"),
        _("The next step of these orders failed five times. Nothing is charged twice, and nothing is lost."),
        _("Repair what the reason names, then try again."),
    ),
    "outbox": (
        _("Changes that were not passed on"),
        _("These changes were made, but mails, services or figures have not heard of them."),
        _("Try again; if it fails again, show the reason to whoever runs this installation."),
    ),
    "mail": (
        _("Mails that were not sent"),
        _("The mail server refused these five times; the customer has not been told."),
        _("Correct the address or have the mail server looked at, then try again."),
    ),
    "retention": (
        _("Personal data that was not erased"),
        _("The days for which it is kept are over, and erasing it failed again and again. It is still there."),
        _("Try again; if it fails again, show the reason to whoever runs this installation."),
    ),
    "bulk": (
        _("Bulk jobs that stopped"),
        _("These failed again and again. What is done stays done; the rest has not begun."),
        _("Try again; it goes on where it stopped."),
    ),
}


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A row for Home; `id` is public, `name` the customer's, empty where it concerns none."""

    id: str
    customer_id: UUID | None
    name: str
    about: str
    line: ParkedLine


@dataclass(frozen=True, slots=True)
class WaitingCard:
    """A queue's rows; `route` is where one is tried again, `permission` what that needs."""

    queue: str
    title: str | Promise
    happened: str | Promise
    remedy: str | Promise
    route: str
    permission: str
    lines: Sequence[WaitingLine]


def waiting_cards(partner_id: UUID) -> list[WaitingCard]:
    """In the open scope; queues with nothing parked are left out."""
    found = {desk: desk.waiting(partner_id, SHOWN) for desk in desks() if desk.queue in WORDS}
    customers = {line.customer_id for lines in found.values() for line in lines if line.customer_id}
    names = {id_: one.name for id_, one in identities(partner_id, customers).items()} if customers else {}
    return [_card(desk, lines, names) for desk, lines in found.items() if lines]


def _card(desk: Desk, lines: Sequence[ParkedLine], names: dict[UUID, str]) -> WaitingCard:
    title, happened, remedy = WORDS[desk.queue]
    prefix = queue_named(desk.queue).prefix
    shown = [
        WaitingLine(
            public(prefix, line.id),
            line.customer_id,
            names.get(line.customer_id, "") if line.customer_id else "",
            str(TITLES.get(line.about, line.about)),
            line,
        )
        for line in lines
    ]
    return WaitingCard(desk.queue, title, happened, remedy, f"retry-{desk.queue}", NEEDED[desk.queue].value, shown)
