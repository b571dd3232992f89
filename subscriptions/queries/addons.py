"""Add-ons: what is offered beside a plan, and what subscriptions hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection as Many
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from partnerpanel.kernel.clock import start_of_day
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.ahead import Asked
from partnerpanel.tenancy.reads import Read
from subscriptions.models import Addon, AddonPlan, AddonPrice, Subscription, SubscriptionAddon
from subscriptions.rules.addons import AddonKind, AddonOffer, HeldAddon


def held_addons(partner_id: UUID, subscription_ids: Many[UUID]) -> dict[UUID, tuple[HeldAddon, ...]]:
    """By subscription, in the order in which they were added; those without any are left out."""
    ordered = _HELD(partner_id, subscription_ids)
    plans = _plans(partner_id, {row.addon_id for row in ordered})
    found: defaultdict[UUID, list[HeldAddon]] = defaultdict(list)
    for row in ordered:
        found[row.subscription_id].append(_held(row, plans))
    return {id_: tuple(addons) for id_, addons in found.items()}


def addons_held(partner_id: UUID, subscription_ids: Many[UUID]) -> QuerySet[SubscriptionAddon]:
    """Their rows, to ask whether there are any."""
    return SubscriptionAddon.objects.for_partner(partner_id).filter(subscription__among=subscription_ids, ended_at=None)


_HELD = Read(lambda partner_id, ids: addons_held(partner_id, ids).select_related("addon").order_by("added_at", "pk"))


def addons_ahead(partner_id: UUID, subscription_ids: Many[UUID]) -> Asked:
    """What `held_addons` asks first."""
    return Asked(_HELD, (partner_id, subscription_ids))


def offers(partner_id: UUID, currency: str, addon_ids: Many[UUID] | None = None) -> list[AddonOffer]:
    """Add-ons with their list price in the currency, by product, rank and name; those without one are left out."""
    prices = AddonPrice.objects.for_partner(partner_id).filter(currency=currency).select_related("addon__product")
    if addon_ids is not None:
        prices = prices.filter(addon__in=addon_ids)
    ordered = list(prices.order_by("addon__product_id", "addon__rank", "addon__name", "pk"))
    plans = _plans(partner_id, {price.addon_id for price in ordered})
    return [offer_of(price.addon, price.money, plans) for price in ordered]


def offer_of(addon: Addon, price: Money, plans: Mapping[UUID, frozenset[UUID]]) -> AddonOffer:
    """An add-on at a price; reads its product."""
    return AddonOffer(
        id=addon.pk,
        product_id=addon.product_id,
        name=addon.name,
        kind=AddonKind(addon.kind),
        interval=addon.interval,
        price=price,
        allowances=tuple(sorted(addon.allowances.items())),
        plan_ids=plans.get(addon.pk, frozenset()),
        is_sellable=addon.archived_at is None and addon.product.archived_at is None,
    )


def waiting_addons(partner_id: UUID, kept: Mapping[UUID, Mapping[str, Any]]) -> dict[UUID, HeldAddon]:
    """By subscription, the add-on of its open change, from what the change keeps of it."""
    if not kept:
        return {}
    ids = {str(data["addon"]) for data in kept.values()}
    addons = {row.pk: row for row in Addon.objects.for_partner(partner_id).filter(pk__in=ids).select_related("product")}
    zones = dict(Subscription.objects.for_partner(partner_id).filter(pk__in=kept).values_list("pk", "timezone"))
    plans = _plans(partner_id, set(addons))
    found = {}
    for id_, data in kept.items():
        addon = addons[UUID(str(data["addon"]))]
        amount, currency = data["price"]
        held = HeldAddon.kept(data, offer_of(addon, Money(amount, currency), plans), ends_at=None)
        if held.until_on:
            held = replace(held, ends_at=start_of_day(held.until_on, zones[id_]))
        found[id_] = held
    return found


def extras_of(partner_id: UUID, subscription_id: UUID) -> tuple[tuple[str, int], ...]:
    """What recurring and expiring add-ons add to the plan's allowances, in all."""
    return extra_allowances(held_addons(partner_id, [subscription_id]).get(subscription_id, ()))


def extra_allowances(addons: Many[HeldAddon]) -> tuple[tuple[str, int], ...]:
    """Packs are used up and set no limit, so they are not among them."""
    sums: defaultdict[str, int] = defaultdict(int)
    for one in addons:
        if one.offer.kind is not AddonKind.PACK:
            for name, value in one.offer.allowances:
                sums[name] += value * one.quantity
    return tuple(sorted(sums.items()))


def _plans(partner_id: UUID, addon_ids: Many[UUID]) -> dict[UUID, frozenset[UUID]]:
    if not addon_ids:
        return {}
    found: defaultdict[UUID, set[UUID]] = defaultdict(set)
    rows = AddonPlan.objects.for_partner(partner_id).filter(addon__in=addon_ids)
    for addon_id, plan_id in rows.values_list("addon_id", "plan_id"):
        found[addon_id].add(plan_id)
    return {id_: frozenset(plans) for id_, plans in found.items()}


def _held(row: SubscriptionAddon, plans: Mapping[UUID, frozenset[UUID]]) -> HeldAddon:
    addon = row.addon
    offer = AddonOffer(
        id=addon.pk,
        product_id=addon.product_id,
        name=addon.name,
        kind=AddonKind(row.kind),
        interval=row.interval,
        price=Money(row.price_amount, row.currency),
        allowances=tuple(sorted(addon.allowances.items())),
        plan_ids=plans.get(addon.pk, frozenset()),
    )
    return HeldAddon(
        id=row.pk,
        offer=offer,
        quantity=row.quantity,
        from_on=row.from_on,
        until_on=row.until_on,
        ends_at=row.ends_at,
        leaves=row.leaves,
        confirmed_term=row.confirmed_term,
    )


def addon_exists(partner_id: UUID, addon_id: UUID) -> bool:
    """Whether the partner has such an add-on, archived or not."""
    return bool(Addon.objects.for_partner(partner_id).filter(pk=addon_id).exists())


def addon_names(partner_id: UUID, addon_ids: Many[Any]) -> dict[UUID, str]:
    """By id."""
    if not addon_ids:
        return {}
    return dict(Addon.objects.for_partner(partner_id).filter(pk__in=addon_ids).values_list("pk", "name"))
