"""What records of usage are counted against."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from subscriptions.models import Subscription, Term, UsageRecord, UsageTotal
from subscriptions.queries.addons import held_addons
from subscriptions.queries.limits import limits_of, values_of
from subscriptions.queries.usage import packs_of
from subscriptions.rules.meter import Meter, TotalFacts, UsageWish
from subscriptions.rules.states import Lifecycle
from subscriptions.rules.usage import included_in


def meters_of(partner_id: UUID, wishes: Sequence[UsageWish], *, lock: bool) -> dict[UUID, Meter]:
    """By subscription, for those that exist, in the open scope; with `lock` nobody else counts meanwhile."""
    wanted = {wish.subscription_id for wish in wishes}
    rows = Subscription.objects.for_partner(partner_id).filter(pk__among=wanted).select_related("plan").order_by("pk")
    subscriptions = list(rows.select_for_update(of=("self",)) if lock else rows)
    ids = [row.pk for row in subscriptions]
    held = held_addons(partner_id, ids)
    limits = limits_of(partner_id, ids)
    packs, known = packs_of(partner_id, held), _known(partner_id, wishes)
    starts, ends = _terms(partner_id, ids)
    found: defaultdict[UUID, dict[tuple[int, str], TotalFacts]] = defaultdict(dict)
    names = {wish.allowance for wish in wishes if "\x00" not in wish.allowance}
    totals = UsageTotal.objects.for_partner(partner_id).filter(subscription__among=ids, allowance__in=names)
    for row in totals:
        at = (row.term_number, row.allowance)
        found[row.subscription_id][at] = TotalFacts(row.pk, row.used, row.from_packs, row.told_percent)
    return {
        row.pk: Meter(
            id=row.pk,
            customer_id=row.customer_id,
            version=row.version,
            lifecycle=Lifecycle(row.lifecycle),
            terms=starts[row.pk],
            ends_on=ends.get(row.pk),
            included=included_in(row.plan.allowances, quantity=row.quantity, addons=held.get(row.pk, ())),
            packs=packs.get(row.pk, []),
            totals=found[row.pk],
            known=known[row.pk],
            limits=dict(values_of(limits.get(row.pk, {}))),
        )
        for row in subscriptions
    }


def _terms(partner_id: UUID, ids: Sequence[UUID]) -> tuple[dict[UUID, list[tuple[int, datetime]]], dict[UUID, date]]:
    """Number and begin of each term, oldest first, and the day on which the newest ends."""
    starts: defaultdict[UUID, list[tuple[int, datetime]]] = defaultdict(list)
    ends: dict[UUID, date] = {}
    rows = Term.objects.for_partner(partner_id).filter(subscription__among=ids).order_by("subscription", "number")
    for id_, number, starts_at, ends_on in rows.values_list("subscription_id", "number", "starts_at", "ends_on"):
        starts[id_].append((number, starts_at))
        ends[id_] = ends_on
    return starts, ends


def _known(partner_id: UUID, wishes: Sequence[UsageWish]) -> dict[UUID, dict[str, tuple[str, int, datetime]]]:
    found: defaultdict[UUID, dict[str, tuple[str, int, datetime]]] = defaultdict(dict)
    ids, keys = {wish.subscription_id for wish in wishes}, {wish.key for wish in wishes if "\x00" not in wish.key}
    rows = UsageRecord.objects.for_partner(partner_id).filter(subscription__among=ids, key__in=keys)
    for row in rows:
        found[row.subscription_id][row.key] = (row.allowance, row.amount, row.used_at)
    return found
