"""The standing of partners, kept in the control plane: their own pages and workers read it there, never the platform's
rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from billing.queries.facts import load
from billing.rules.facts import BillingFacts
from partnerpanel.platform.rules.standing import Bought, Standing, Unpaid, standing_of
from partnerpanel.tenancy.models import Partner
from partnerpanel.tenancy.scope import current_partner
from subscriptions.queries.summaries import SubscriptionLine, lines_of
from subscriptions.rules.states import Access


def refresh(customer_ids: Collection[UUID], *, now: datetime) -> None:
    """Reads how these customers stand in the platform's open scope and writes what changed; a repeat changes nothing.

    The partners are locked before anything is read: of two at once the later reads what the earlier one's event wrote,
    so no older standing can overwrite a newer one.
    """
    rows = Partner.objects.filter(platform_customer__in=customer_ids).order_by("pk")
    locked = rows.select_for_update(no_key=True)
    partners = {row.platform_customer: row for row in locked if row.platform_customer is not None}
    found = _standings(current_partner(), partners, now) if partners else {}
    for customer_id, partner in partners.items():
        standing = found[customer_id]
        since = (partner.frozen_since or now) if standing.frozen else None
        document = standing.document()
        if (partner.frozen_since, partner.standing) != (since, document):
            Partner.objects.filter(pk=partner.pk).update(frozen_since=since, standing=document)


def _standings(platform_id: UUID, customer_ids: Iterable[UUID], now: datetime) -> dict[UUID, Standing]:
    wanted = list(customer_ids)
    lines = lines_of(platform_id, wanted, now=now)
    facts = load(platform_id, [line.id for its_lines in lines.values() for line in its_lines], now=now)
    return {id_: standing_of([_bought(line, facts.get(line.id)) for line in lines.get(id_, ())]) for id_ in wanted}


def _bought(line: SubscriptionLine, facts: BillingFacts | None) -> Bought:
    case = facts.case if facts else None
    return Bought(
        line.lifecycle,
        Access(line.access),
        frozenset(hold.kind for hold in line.holds),
        Unpaid(case.first_on, case.policy) if case else None,
    )
