"""What subscriptions have used of their allowances in the running period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection as Many
from uuid import UUID

from partnerpanel.tenancy.ahead import Asked
from partnerpanel.tenancy.reads import Read
from subscriptions.models import Subscription, SubscriptionAddon, UsageRecord, UsageTotal
from subscriptions.queries.addons import held_addons
from subscriptions.queries.limits import LIMITS, limits_of
from subscriptions.queries.sql.newest_terms import newest_terms
from subscriptions.rules.addons import AddonKind, HeldAddon
from subscriptions.rules.usage import AllowanceUse, PackFacts, included_in


def usage_of(partner_id: UUID, subscription_ids: Many[UUID]) -> dict[UUID, list[AllowanceUse]]:
    """By subscription, each allowance by name: included, used, what packs have left, what somebody set it to."""
    held = held_addons(partner_id, subscription_ids)
    packs = packs_of(partner_id, held)
    terms = newest_terms(partner_id, list(subscription_ids))
    limits = limits_of(partner_id, subscription_ids)
    totals: dict[tuple[UUID, int, str], tuple[int, int]] = {}
    for id_, number, name, used, from_packs in _TOTALS(partner_id, subscription_ids):
        totals[id_, number, name] = (used, from_packs)
    found = {}
    for id_, quantity, allowances in _ALLOWED(partner_id, subscription_ids):
        number = terms[id_].number if id_ in terms else 0
        included = included_in(allowances, quantity=quantity, addons=held.get(id_, ()))
        left = left_by_name(packs.get(id_, []))
        here = {name: amounts for (sub, term, name), amounts in totals.items() if (sub, term) == (id_, number)}
        set_to = {name: one.value for name, one in limits.get(id_, {}).items()}
        found[id_] = [
            AllowanceUse(name, included.get(name, 0), *here.get(name, (0, 0)), left.get(name, 0), set_to.get(name))
            for name in sorted({*included, *here, *left, *set_to})
        ]
    return found


def usage_ahead(partner_id: UUID, subscription_ids: Many[UUID]) -> list[Asked]:
    """What `usage_of` asks besides what is held."""
    return [Asked(read, (partner_id, subscription_ids)) for read in (LIMITS, _TOTALS, _ALLOWED)]


_TOTALS = Read(
    lambda partner_id, ids: (
        UsageTotal.objects.for_partner(partner_id)
        .filter(subscription__among=ids)
        .values_list("subscription_id", "term_number", "allowance", "used", "from_packs")
    )
)
_ALLOWED = Read(
    lambda partner_id, ids: (
        Subscription.objects.for_partner(partner_id)
        .filter(pk__among=ids)
        .values_list("pk", "quantity", "plan__allowances")
    )
)


def usage_record_of(partner_id: UUID, subscription_id: UUID, key: str) -> UUID:
    """The record of that key of the integrator's. Raises UsageRecord.DoesNotExist."""
    rows = UsageRecord.objects.for_partner(partner_id).filter(subscription=subscription_id, key=key)
    found: UUID = rows.values_list("pk", flat=True).get()
    return found


def packs_of(partner_id: UUID, held: dict[UUID, tuple[HeldAddon, ...]]) -> dict[UUID, list[PackFacts]]:
    """By subscription, its packs that are not used up, the oldest first."""
    ids = [one.id for addons in held.values() for one in addons if one.offer.kind is AddonKind.PACK]
    if not ids:
        return {}
    used = dict(SubscriptionAddon.objects.for_partner(partner_id).filter(pk__in=ids).values_list("pk", "used"))
    return {id_: [PackFacts(one, used[one.id]) for one in addons if one.id in used] for id_, addons in held.items()}


def left_by_name(packs: list[PackFacts]) -> dict[str, int]:
    """What they have left, by allowance."""
    found: defaultdict[str, int] = defaultdict(int)
    for pack in packs:
        for name, _value in pack.held.offer.allowances:
            found[name] += pack.left
    return dict(found)
