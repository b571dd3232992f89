"""What of a subscription's terms was paid for, and what of it where the customer came from."""

from __future__ import annotations

from collections.abc import Collection as Many
from dataclasses import dataclass
from uuid import UUID

from partnerpanel.kernel.period import Period
from partnerpanel.tenancy.ahead import Asked
from partnerpanel.tenancy.reads import Read
from subscriptions.models import Term


@dataclass(frozen=True, slots=True)
class PaidElsewhere:
    """What a term cost where the customer came from, in minor units of the subscription's currency."""

    term_number: int
    period: Period
    amount: int


def paid_elsewhere_ahead(partner_id: UUID, subscription_ids: Many[UUID]) -> Asked:
    """What `paid_elsewhere` asks."""
    return Asked(_PAID_ELSEWHERE, (partner_id, subscription_ids))


def paid_elsewhere(partner_id: UUID, subscription_ids: Many[UUID]) -> dict[UUID, PaidElsewhere]:
    """By subscription, the term that was paid for before it came here, where there is one."""
    rows = _PAID_ELSEWHERE(partner_id, subscription_ids)
    return {
        subscription_id: PaidElsewhere(number, Period(starts_on, until), amount)
        for subscription_id, number, starts_on, until, amount in rows
        if until is not None
    }


_PAID_ELSEWHERE = Read(
    lambda partner_id, ids: (
        Term.objects.for_partner(partner_id)
        .filter(subscription__among=ids, paid_elsewhere__gt=0)
        .order_by("number")
        .values_list("subscription_id", "number", "starts_on", "paid_until", "paid_elsewhere")
    )
)


@dataclass(frozen=True, slots=True)
class TermLength:
    """How many days of a term were not given for free; `paid_elsewhere` where the customer came from."""

    number: int
    days: int
    paid_elsewhere: bool


def term_lengths(partner_id: UUID, subscription_ids: Many[UUID]) -> dict[UUID, list[TermLength]]:
    """By subscription, in the order of their numbers."""
    rows = Term.objects.for_partner(partner_id).filter(subscription__in=list(subscription_ids))
    columns = ("subscription_id", "number", "starts_on", "ends_on", "granted_days", "paid_elsewhere")
    found: dict[UUID, list[TermLength]] = {}
    for id_, number, starts_on, ends_on, granted, elsewhere in rows.order_by("number").values_list(*columns):
        days = max((ends_on - starts_on).days - granted, 0)
        found.setdefault(id_, []).append(TermLength(number, days, elsewhere > 0))
    return found
