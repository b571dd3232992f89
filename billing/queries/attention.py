"""What needs a person: renewals that fail, grace that ends soon, charges whose outcome nobody knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from billing.charging.models import PaymentAttempt
from billing.charging.states import AttemptStatus
from billing.collection.models import CollectionCase
from billing.queries.facts import load
from billing.rules.facts import BillingFacts
from billing.rules.next_charge import deadline_of, next_charge
from customers.queries.facts import identities
from partnerpanel.kernel.money import Money

# Grace counts as ending soon from this many days before its deadline.
SOON = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class CaseLine:
    """An open case. `next_on` is the day of the next automatic charge, None where only the customer can pay."""

    subscription_id: UUID
    customer_id: UUID
    customer_name: str
    plan_name: str
    status: str
    due: Money | None
    attempts: int
    first_on: date
    next_on: date | None
    deadline_on: date
    reason: str
    is_over: bool


@dataclass(frozen=True, slots=True)
class DoubtLine:
    """A charge that may have taken money. `parked`: nobody asks any more, a person has to; `error` says why."""

    id: UUID
    customer_id: UUID
    customer_name: str
    invoice_id: UUID
    invoice: str
    amount: Money
    since: datetime
    parked: bool
    error: str


@dataclass(frozen=True, slots=True)
class Attention:
    """`ending`: in grace, with the deadline within SOON; the others that fail are in `failing`."""

    failing: Sequence[CaseLine]
    ending: Sequence[CaseLine]
    doubted: Sequence[DoubtLine]


def attention(partner_id: UUID, *, now: datetime, limit: int = 20) -> Attention:
    """The longest failing first, in a constant number of queries."""
    rows = CollectionCase.objects.for_partner(partner_id).filter(closed_at=None, over_on=None)
    ids = list(rows.order_by("first_on", "id").values_list("subscription_id", flat=True)[:limit])
    lines = cases(partner_id, load(partner_id, ids, now=now), now=now)
    found = [lines[id_] for id_ in ids if id_ in lines]
    ending = [line for line, soon in found if soon]
    failing = [line for line, soon in found if not soon]
    return Attention(failing, ending, _doubted(partner_id, limit=limit))


def cases(partner_id: UUID, found: dict[UUID, BillingFacts], *, now: datetime) -> dict[UUID, tuple[CaseLine, bool]]:
    """Those of the subscriptions that have an open case, and whether its grace ends soon; in one query."""
    with_case = {id_: one for id_, one in found.items() if one.case is not None}
    names = identities(partner_id, {one.customer_id for one in with_case.values()}) if with_case else {}
    return {id_: _case(one, names[one.customer_id].name, now) for id_, one in with_case.items()}


def _case(facts: BillingFacts, name: str, now: datetime) -> tuple[CaseLine, bool]:
    case = facts.case
    if case is None:
        raise ValueError("there is no collection case")
    coming = next_charge(facts, now=now)
    deadline = deadline_of(case)
    line = CaseLine(
        subscription_id=facts.subscription_id,
        customer_id=facts.customer_id,
        customer_name=name,
        plan_name=facts.plan_name,
        status=facts.collection.value,
        due=facts.invoice.due if facts.invoice else None,
        attempts=case.attempts,
        first_on=case.first_on,
        next_on=coming.on if coming.without is None else None,
        deadline_on=deadline,
        reason=coming.without.value if coming.without else "",
        is_over=case.over,
    )
    return line, case.in_grace and deadline - facts.today(now) <= SOON


def _doubted(partner_id: UUID, *, limit: int) -> list[DoubtLine]:
    rows = PaymentAttempt.objects.for_partner(partner_id).filter(
        Q(status=AttemptStatus.UNKNOWN) | Q(parked_at__isnull=False, settled_at=None)
    )
    return [
        DoubtLine(
            row.pk,
            row.customer_id,
            row.customer.name,
            row.invoice_id,
            row.invoice.label,
            row.money,
            row.first_asked_at or row.made_at,
            row.parked_at is not None,
            row.last_error,
        )
        for row in rows.select_related("customer", "invoice").order_by("made_at", "id")[:limit]
    ]
