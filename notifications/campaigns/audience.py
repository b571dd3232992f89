"""The customers that a campaign's audience means now, in the open scope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _

from customers.filters import CustomerFilter, Tab
from customers.queries.audience import customers_matching, customers_of
from notifications.campaigns.rules.audience import MOST_BY_HAND, Audience, InvalidAudience
from notifications.marketing.queries import rules_of, with_reason
from notifications.marketing.rules.reasons import LeftOut
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import parse
from partnerpanel.tenancy.queries import partner_by_id
from subscriptions.queries.summaries import holders_of_plan


@dataclass(frozen=True, slots=True)
class Reach:
    """How many would get it, and how many are left out for which reason."""

    sent: int
    left_out: Mapping[LeftOut, int]

    @property
    def total(self) -> int:
        return self.sent + sum(self.left_out.values())


def chosen(partner_id: UUID, audience: Audience, topic: str, *, now: datetime) -> Any:
    """The customers with `left_out`, their reason; in no order."""
    if audience.is_by_hand:
        rows = customers_of(partner_id, audience.customers)
    else:
        zone = partner_by_id(partner_id).timezone
        rows = customers_matching(partner_id, _filter(partner_id, audience), now=now, zone=zone)
    return with_reason(rows, topic, rules_of(partner_id))


def reach(partner_id: UUID, audience: Audience, topic: str, *, now: datetime) -> Reach:
    """In one query."""
    rows = chosen(partner_id, audience, topic, now=now).order_by().values_list("left_out").annotate(many=Count("pk"))
    counts = dict(rows)
    return Reach(counts.pop("", 0), {reason: counts[reason] for reason in LeftOut if reason in counts})


def checked(audience: Audience) -> Audience:
    """Raises InvalidAudience for a part that no filter has, and for too many by hand."""
    if len(audience.customers) > MOST_BY_HAND:
        message = _("Choose at most 10,000 customers by hand; a filter may match more.")
        raise InvalidAudience(message, field="customers")
    if audience.tab not in set(Tab):
        raise InvalidAudience(_("There is no such list of customers."), field="tab")
    for field in ("since", "until"):
        try:
            day = date.fromisoformat(getattr(audience, field)) if getattr(audience, field) else None
        except ValueError:
            raise InvalidAudience(_("Write a day as 2026-01-31."), field=field) from None
        if day is not None and not 1900 <= day.year <= 2199:
            raise InvalidAudience(_("Write a day as 2026-01-31."), field=field)
    return audience


def _filter(partner_id: UUID, audience: Audience) -> CustomerFilter:
    ids: Any = None
    if audience.plan:
        try:
            ids = holders_of_plan(partner_id, parse("plan", audience.plan))
        except NotFound:
            ids = ()
    return CustomerFilter(
        tab=Tab(audience.tab),
        search=audience.search,
        country=audience.country,
        tag=audience.tag,
        registered_from=date.fromisoformat(audience.since) if audience.since else None,
        registered_to=date.fromisoformat(audience.until) if audience.until else None,
        ids=ids,
    )
