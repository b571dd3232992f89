"""What may begin and stop a series, and when each of its mails is due. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from notifications.series.rules.steps import STALE, morning_after
from partnerpanel.kernel.errors import DomainError
from subscriptions.rules.states import Lifecycle

TITLE_LENGTH, MOST_MAILS, LONGEST_DELAY, MOST_SERIES = 80, 5, 365, 50
BEGUN_BY = (
    "customer.created",
    "subscription.started",
    "subscription.trial_started",
    "subscription.plan_changed",
    "subscription.payment_failed",
    "subscription.cancelled",
    "subscription.kept",
    "subscription.paused",
    "subscription.resumed",
    "subscription.ended",
    "ticket.closed",
)
STOPPED_BY = (
    "subscription.started",
    "subscription.plan_changed",
    "subscription.cancelled",
    "subscription.kept",
    "subscription.ended",
    "subscription.suspended",
    "payment.received",
    "ticket.opened",
)
# Whatever the series says.
ALWAYS_STOPPED_BY = frozenset({"customer.banned", "customer.erased"})
HEARD = frozenset({*BEGUN_BY, *STOPPED_BY, *ALWAYS_STOPPED_BY})


class InvalidSeries(DomainError):
    """A part of a series that is not as it must be."""

    code = "invalid_series"


@dataclass(frozen=True, slots=True)
class SeriesMail:
    """A text that is sent so many days after the series began; on the same day at once."""

    days: int
    template: str


@dataclass(frozen=True, slots=True)
class SeriesDraft:
    """What a series is. Without `plans` every plan counts; `only_served` leaves out whose service does not run."""

    title: str
    begun_by: str
    mails: tuple[SeriesMail, ...]
    stopped_by: tuple[str, ...] = ()
    plans: tuple[UUID, ...] = ()
    only_served: bool = False

    @classmethod
    def read(cls, row: Any) -> Self:
        """As it is stored."""
        return cls(
            row.title,
            row.begun_by,
            tuple(SeriesMail(one["days"], one["template"]) for one in row.mails),
            tuple(row.stopped_by),
            tuple(map(UUID, row.plans)),
            row.only_served,
        )

    def stored(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "begun_by": self.begun_by,
            "mails": [{"days": one.days, "template": one.template} for one in self.mails],
            "stopped_by": list(self.stopped_by),
            "plans": [str(id_) for id_ in self.plans],
            "only_served": self.only_served,
        }


def checked(draft: SeriesDraft) -> SeriesDraft:
    """With its title on one line and its mails in the order of their days. Raises InvalidSeries naming the field."""
    title = " ".join(draft.title.split())
    if not 0 < len(title) <= TITLE_LENGTH:
        raise InvalidSeries(f"A series has a title of at most {TITLE_LENGTH} letters.", field="title")
    if draft.begun_by not in BEGUN_BY:
        raise InvalidSeries("No series begins with this.", field="begun_by")
    if set(draft.stopped_by) - set(STOPPED_BY):
        raise InvalidSeries("No series is stopped by this.", field="stopped_by")
    if draft.begun_by in draft.stopped_by:
        raise InvalidSeries("What begins a series cannot stop it.", field="stopped_by")
    if not 1 <= len(draft.mails) <= MOST_MAILS:
        raise InvalidSeries(f"A series has 1 to {MOST_MAILS} mails.", field="mails")
    if any(not 0 <= one.days <= LONGEST_DELAY for one in draft.mails):
        raise InvalidSeries(f"A mail is sent 0 to {LONGEST_DELAY} days later.", field="mails")
    if len({one.days for one in draft.mails}) < len(draft.mails):
        raise InvalidSeries("Two mails of a series are sent on different days.", field="mails")
    mails = tuple(sorted(draft.mails, key=lambda one: one.days))
    return SeriesDraft(title, draft.begun_by, mails, draft.stopped_by, draft.plans, draft.only_served)


def due_of(days: int, *, begun_at: datetime, zone: str) -> datetime:
    """At once on the same day, else at ten in the customer's morning."""
    if not days:
        return begun_at
    return morning_after(begun_at, days, zone=zone)


@dataclass(frozen=True, slots=True)
class Standing:
    """The subscription that the series is about, as a mail looks at it; none where it is about a customer."""

    plan_id: UUID | None = None
    lifecycle: Lifecycle | None = None
    is_blocked: bool = False


def fits(draft: SeriesDraft, standing: Standing, *, due_at: datetime, now: datetime) -> bool:
    """Whether a mail whose day has come is still to be sent."""
    if now - due_at > STALE:
        return False
    if draft.plans and standing.plan_id not in draft.plans:
        return False
    serves = standing.lifecycle in (Lifecycle.TRIALING, Lifecycle.ACTIVE) and not standing.is_blocked
    return serves or not draft.only_served
