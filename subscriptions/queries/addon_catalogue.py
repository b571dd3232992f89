"""Add-ons as the pages of the catalogue show them, and as a customer's page shows what is held."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection as Many
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.money import Money
from partnerpanel.policy.queries import Target, resolve
from partnerpanel.policy.rules.addon import AddonOnRenewal
from subscriptions.models import Addon, AddonPlan, AddonPrice, Subscription, SubscriptionAddon
from subscriptions.queries.addons import held_addons
from subscriptions.queries.sql.newest_terms import newest_terms
from subscriptions.rules.addons import AddonKind, HeldAddon


@dataclass(frozen=True, slots=True)
class AddonLine:
    """An add-on with its prices, the plans that it fits (none: all of its product), and how many hold it."""

    id: UUID
    product_id: UUID
    product_name: str
    name: str
    kind: AddonKind
    interval_unit: str
    interval_count: int
    rank: int
    allowances: dict[str, int]
    prices: tuple[Money, ...]
    plans: tuple[tuple[UUID, str], ...]
    holders: int
    is_archived: bool
    is_sellable: bool
    version: int


@dataclass(frozen=True, slots=True)
class HeldLine:
    """An add-on on a subscription. `asks`: it ends with the period unless confirmed; `drops`: in any case."""

    held: HeldAddon
    asks: bool = False
    drops: bool = False


def addons_of_product(partner_id: UUID, product_id: UUID) -> list[AddonLine]:
    """By rank and name, archived ones too."""
    rows = Addon.objects.for_partner(partner_id).filter(product=product_id).select_related("product")
    return _lines(partner_id, list(rows.order_by("rank", "name", "pk")))


def addon_line(partner_id: UUID, addon_id: UUID) -> AddonLine:
    """One add-on. Raises NotFound."""
    rows = list(Addon.objects.for_partner(partner_id).filter(pk=addon_id).select_related("product"))
    if not rows:
        raise NotFound("There is no such add-on.", field="addon")
    return _lines(partner_id, rows)[0]


def held_lines(partner_id: UUID, subscription_ids: Many[UUID]) -> dict[UUID, list[HeldLine]]:
    """By subscription, what it holds and what the policy makes of it at the next renewal."""
    held = held_addons(partner_id, subscription_ids)
    if not held:
        return {}
    rows = Subscription.objects.for_partner(partner_id).filter(pk__in=held)
    owners = list(rows.values_list("pk", "plan_id", "customer_id"))
    policies = resolve(partner_id, [Target(plan, customer, id_) for id_, plan, customer in owners])
    terms = newest_terms(partner_id, list(held))
    found = {}
    for (id_, _plan, _customer), policy in zip(owners, policies, strict=True):
        number = terms[id_].number + 1 if id_ in terms else 1
        found[id_] = [_held_line(one, policy.policy.addon.on_renewal, number) for one in held[id_]]
    return found


def _held_line(one: HeldAddon, on_renewal: AddonOnRenewal, number: int) -> HeldLine:
    if not one.recurs or one.leaves:
        return HeldLine(one)
    asks = on_renewal is AddonOnRenewal.ASK and one.confirmed_term != number
    return HeldLine(one, asks=asks, drops=on_renewal is AddonOnRenewal.DROP)


def _lines(partner_id: UUID, rows: Sequence[Addon]) -> list[AddonLine]:
    ids = [row.pk for row in rows]
    prices: defaultdict[UUID, list[Money]] = defaultdict(list)
    for price in AddonPrice.objects.for_partner(partner_id).filter(addon__in=ids).order_by("currency"):
        prices[price.addon_id].append(price.money)
    plans: defaultdict[UUID, list[tuple[UUID, str]]] = defaultdict(list)
    fits = AddonPlan.objects.for_partner(partner_id).filter(addon__in=ids)
    for addon_id, plan_id, name in fits.order_by("plan__rank", "plan__name").values_list(
        "addon_id", "plan_id", "plan__name"
    ):
        plans[addon_id].append((plan_id, name))
    held = SubscriptionAddon.objects.for_partner(partner_id).filter(addon__in=ids, ended_at=None).order_by()
    holders = dict(held.values_list("addon_id").annotate(many=Count("subscription", distinct=True)))
    return [
        AddonLine(
            id=row.pk,
            product_id=row.product_id,
            product_name=row.product.name,
            name=row.name,
            kind=AddonKind(row.kind),
            interval_unit=row.interval_unit,
            interval_count=row.interval_count,
            rank=row.rank,
            allowances=row.allowances,
            prices=tuple(prices[row.pk]),
            plans=tuple(plans[row.pk]),
            holders=holders.get(row.pk, 0),
            is_archived=row.archived_at is not None,
            is_sellable=row.archived_at is None and row.product.archived_at is None,
            version=row.version,
        )
        for row in rows
    ]
