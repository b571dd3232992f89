"""Tickets: their states, and what can be written."""

from __future__ import annotations

from enum import StrEnum

from partnerpanel.kernel.errors import Conflict, DomainError

SUBJECT_LENGTH, TEXT_LENGTH = 200, 10_000
# More than that nobody has to ask at once.
MOST_OPEN = 20


class TicketState(StrEnum):
    """`open` waits for the partner, `answered` for the customer; writing to one that is `closed` opens it again."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


class Topic(StrEnum):
    """What it is about. `erasure` is somebody's wish that what is known of them be erased."""

    GENERAL = "general"
    BILLING = "billing"
    TECHNICAL = "technical"
    ERASURE = "erasure"


class Side(StrEnum):
    """Who writes: the customer, or the partner's people."""

    CUSTOMER = "customer"
    STAFF = "staff"


class InvalidTicket(DomainError):
    """A ticket or reply that lacks its words, or has too many; `field` names which."""

    code = "invalid_ticket"


class TooManyTickets(Conflict):
    """The customer has as many open tickets as one can have."""

    code = "too_many_tickets"


class ClosedAlready(Conflict):
    """The ticket is closed already."""

    code = "ticket_closed_already"


# What is recorded of a ticket that somebody opened, and of a reply, by who did it.
OPENED = {Side.CUSTOMER: "ticket.opened", Side.STAFF: "ticket.opened_by_staff"}
REPLIED = {Side.CUSTOMER: "ticket.replied", Side.STAFF: "ticket.answered"}
CLOSED = {Side.CUSTOMER: "ticket.closed", Side.STAFF: "ticket.closed_by_staff"}


def state_after(side: Side) -> TicketState:
    """A reply is the other side's turn."""
    return TicketState.OPEN if side is Side.CUSTOMER else TicketState.ANSWERED


def checked_subject(text: str) -> str:
    """On one line. Raises InvalidTicket."""
    subject = " ".join(text.split())
    if not 1 <= len(subject) <= SUBJECT_LENGTH or "\x00" in subject:
        raise InvalidTicket("A subject has 1 to 200 letters.", field="subject")
    return subject


def checked_text(text: str) -> str:
    """Trimmed, with plain line ends. Raises InvalidTicket."""
    words = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not 1 <= len(words) <= TEXT_LENGTH or "\x00" in words:
        raise InvalidTicket("A message has 1 to 10,000 letters.", field="text")
    return words
