"""What subscriptions have used of their allowances in the running period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection as Many
from uuid import UUID

from subscriptions.models import Subscription, SubscriptionAddon, UsageTotal
from subscriptions.queries.addons import held_addons
from subscriptions.queries.limits import limits_of
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
    rows = UsageTotal.objects.for_partner(partner_id).filter(subscription__among=subscription_ids)
    for id_, number, name, used, from_packs in rows.values_list(
        "subscription_id", "term_number", "allowance", "used", "from_packs"
    ):
        totals[id_, number, name] = (used, from_packs)
    plans = Subscription.objects.for_partner(partner_id).filter(pk__among=subscription_ids)
    found = {}
    for id_, quantity, allowances in plans.values_list("pk", "quantity", "plan__allowances"):
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
