"""What the billing engine writes of subscriptions: terms, and the columns that its steps move."""

from __future__ import annotations

from collections.abc import Collection as Many
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from partnerpanel.kernel.period import Period
from partnerpanel.tenancy.bulk import insert_rows, update_rows
from subscriptions.models import Subscription, Term
from subscriptions.services.standing import refresh_standings

TERM = ("subscription", "number", "starts_on", "ends_on", "starts_at", "ends_at", "granted_days", "granted_for")


MOVED = ("starts_on", "ends_on", "starts_at", "ends_at", "granted_days", "granted_for")


@dataclass(frozen=True, slots=True)
class NewTerm:
    """The next term of a subscription. Its number is taken once and for all."""

    subscription_id: UUID
    zone: str
    number: int
    period: Period
    granted_days: int = 0
    granted_for: str = ""


@dataclass(frozen=True, slots=True)
class MovedTerm:
    """A term whose dates move; `granted_days` are added to those it was given before."""

    subscription_id: UUID
    zone: str
    number: int
    period: Period
    granted_days: int = 0
    granted_for: str = ""


def move_terms(partner_id: UUID, terms: Sequence[MovedTerm]) -> None:
    """Moves the dates of terms of locked subscriptions; their numbers never change."""
    if not terms:
        return
    found = Term.objects.for_partner(partner_id).filter(
        subscription__among=[one.subscription_id for one in terms], number__in={one.number for one in terms}
    )
    columns = ("subscription_id", "number", "pk", "granted_days", "granted_for")
    now = {(subscription, number): row for subscription, number, *row in found.values_list(*columns)}
    rows = []
    for term in terms:
        id_, granted_days, granted_for = now[term.subscription_id, term.number]
        starts_at, ends_at = term.period.instants(term.zone)
        dates = (term.period.starts_on, term.period.ends_on, starts_at, ends_at)
        rows.append((id_, *dates, granted_days + term.granted_days, term.granted_for or granted_for))
    update_rows(Term, partner_id=partner_id, columns=MOVED, rows=rows)


def open_terms(partner_id: UUID, terms: Sequence[NewTerm]) -> None:
    """Writes the terms in the open scope. Raises IntegrityError for a number that is taken."""
    rows = []
    for term in terms:
        starts_at, ends_at = term.period.instants(term.zone)
        rows.append(
            (
                term.subscription_id,
                term.number,
                term.period.starts_on,
                term.period.ends_on,
                starts_at,
                ends_at,
                term.granted_days,
                term.granted_for,
            )
        )
    insert_rows(Term, partner_id=partner_id, columns=TERM, rows=rows)


def move(partner_id: UUID, changes: Mapping[UUID, Mapping[str, Any]]) -> None:
    """Writes columns of locked subscriptions, those with the same columns in one statement."""
    groups: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
    for subscription_id, values in changes.items():
        columns = tuple(sorted(values))
        groups.setdefault(columns, []).append((subscription_id, *(values[name] for name in columns)))
    for columns, rows in groups.items():
        update_rows(Subscription, partner_id=partner_id, columns=columns, rows=rows)


def refresh(partner_id: UUID, customer_ids: Many[UUID], *, now: datetime) -> None:
    """Brings the customers' standing up to date after `move`."""
    refresh_standings(partner_id, customer_ids, now=now)
