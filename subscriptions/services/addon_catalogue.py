"""Add-ons in the catalogue: created, changed, taken off the shelf; those who hold one keep it at their price."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Interval
from partnerpanel.tenancy.actor import Actor
from subscriptions.models import Addon, AddonPlan, AddonPrice, Plan, Product
from subscriptions.rules.addons import AddonKind
from subscriptions.rules.catalogue import (
    Changes,
    InvalidPlan,
    checked_allowances,
    checked_name,
    checked_prices,
    checked_rank,
)
from subscriptions.services.archive import AlreadyArchived, NotArchived
from subscriptions.services.catalogue import NameTaken
from subscriptions.services.catalogue_changes import CatalogueMoved


@dataclass(frozen=True, slots=True)
class AddonTerms:
    """What an add-on says. Without `plan_ids` it fits every plan of its product."""

    name: str
    prices: Sequence[Money]
    rank: int = 0
    allowances: Mapping[str, int] = field(default_factory=dict)
    plan_ids: Collection[UUID] = ()


def create_addon(
    *, product_id: UUID, kind: AddonKind, interval: Interval | None, terms: AddonTerms, actor: Actor, now: datetime
) -> UUID:
    """In the open scope. A pack has no interval. Raises NotFound, InvalidPlan, NameTaken."""
    partner_id = actor.partner_id
    product = Product.objects.for_partner(partner_id).filter(pk=product_id).first()
    if product is None:
        raise NotFound("There is no such product.", field="product")
    if (kind is AddonKind.PACK) != (interval is None):
        raise InvalidPlan("A pack has no interval, and every other add-on has one.", field="interval_count")
    addon = Addon(
        partner_id=partner_id,
        product=product,
        kind=kind,
        interval_unit=interval.unit if interval else "",
        interval_count=interval.count if interval else 1,
    )
    amounts = _set(addon, terms)
    _write(addon, terms, amounts)
    data = {"product": str(product_id)}
    record([EventDraft("addon.created", "addon", addon.pk, 1, data=data)], actor=actor, action_id=uuid7(), now=now)
    addon_id: UUID = addon.pk
    return addon_id


def change_addon(addon_id: UUID, terms: AddonTerms, *, version: int, actor: Actor, now: datetime) -> Changes:
    """Writes what differs, in the open scope, and returns it. Prices are those of new sales.

    Raises NotFound, CatalogueMoved, InvalidPlan, NameTaken.
    """
    addon = locked_addon(addon_id, actor)
    if addon.version != version:
        raise CatalogueMoved("Somebody has changed this since you opened it. Nothing was done.", field="version")
    changes = addon_changes(addon, terms)
    if not changes:
        return {}
    amounts = _set(addon, terms)
    addon.version += 1
    AddonPrice.objects.for_partner(actor.partner_id).filter(addon=addon).delete()
    AddonPlan.objects.for_partner(actor.partner_id).filter(addon=addon).delete()
    _write(addon, terms, amounts)
    draft = EventDraft("addon.updated", "addon", addon.pk, addon.version, data={"changes": changes})
    record([draft], actor=actor, action_id=uuid7(), now=now)
    return changes


def archive_addon(addon_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Ends its sale, in the open scope. Raises NotFound, AlreadyArchived."""
    addon = locked_addon(addon_id, actor)
    if addon.archived_at is not None:
        raise AlreadyArchived(f"“{addon.name}” is archived already.", field="addon")
    _shelve(addon, now, "addon.archived", actor=actor, now=now)


def restore_addon(addon_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Lets it be sold again, in the open scope. Raises NotFound, NotArchived."""
    addon = locked_addon(addon_id, actor)
    if addon.archived_at is None:
        raise NotArchived(f"“{addon.name}” is on sale already.", field="addon")
    _shelve(addon, None, "addon.restored", actor=actor, now=now)


def locked_addon(addon_id: UUID, actor: Actor) -> Addon:
    """The add-on with its product, its own row locked. Raises NotFound."""
    rows = Addon.objects.for_partner(actor.partner_id).select_related("product").select_for_update(of=("self",))
    addon = rows.filter(pk=addon_id).first()
    if addon is None:
        raise NotFound("There is no such add-on.", field="addon")
    return addon


def addon_changes(addon: Addon, terms: AddonTerms) -> Changes:
    """What would differ afterwards; empty for nothing. Raises InvalidPlan."""
    prices = AddonPrice.objects.for_partner(addon.partner_id).filter(addon=addon).order_by("currency")
    old = {price.currency: price.amount for price in prices}
    new, allowances = checked_prices(terms.prices), checked_allowances(terms.allowances)
    changes: Changes = {}
    if checked_name(terms.name) != addon.name:
        changes["name"] = [addon.name, checked_name(terms.name)]
    if checked_rank(terms.rank) != addon.rank:
        changes["rank"] = [addon.rank, terms.rank]
    if old != new:
        changes["prices"] = _pairs(old, new)
    if allowances != addon.allowances:
        changes["allowances"] = _pairs(addon.allowances, allowances)
    fits = AddonPlan.objects.for_partner(addon.partner_id).filter(addon=addon)
    before = sorted(map(str, fits.values_list("plan_id", flat=True)))
    after = sorted(map(str, terms.plan_ids))
    if before != after:
        changes["plans"] = [before, after]
    return changes


def _pairs(old: Mapping[str, int], new: Mapping[str, int]) -> Changes:
    return {key: [old.get(key), new.get(key)] for key in sorted({*old, *new}) if old.get(key) != new.get(key)}


def _set(addon: Addon, terms: AddonTerms) -> dict[str, int]:
    addon.name, addon.rank = checked_name(terms.name), checked_rank(terms.rank)
    addon.allowances = checked_allowances(terms.allowances)
    if addon.kind == AddonKind.PACK and len(addon.allowances) != 1:
        raise InvalidPlan("A pack tops up one allowance.", field="allowances")
    taken = Addon.objects.for_partner(addon.partner_id).filter(product=addon.product, name=addon.name)
    if taken.exclude(pk=addon.pk).exists():
        raise _name_taken(addon)
    return checked_prices(terms.prices)


def _write(addon: Addon, terms: AddonTerms, amounts: Mapping[str, int]) -> None:
    partner_id = addon.partner_id
    plans = Plan.objects.for_partner(partner_id).filter(product=addon.product, pk__in=terms.plan_ids)
    fits = list(plans.values_list("pk", flat=True))
    if len(fits) != len(set(terms.plan_ids)):
        raise NotFound("There is no such plan of this product.", field="plans")
    try:
        with transaction.atomic():
            addon.save()
    except IntegrityError:
        raise _name_taken(addon) from None
    AddonPrice.objects.bulk_create(
        [AddonPrice(partner_id=partner_id, addon=addon, currency=c, amount=amount) for c, amount in amounts.items()]
    )
    AddonPlan.objects.bulk_create([AddonPlan(partner_id=partner_id, addon=addon, plan_id=id_) for id_ in fits])


def _name_taken(addon: Addon) -> NameTaken:
    return NameTaken(f"“{addon.product.name}” has an add-on named “{addon.name}” already.", field="name")


def _shelve(addon: Addon, archived_at: datetime | None, event: str, *, actor: Actor, now: datetime) -> None:
    addon.archived_at = archived_at
    addon.version += 1
    addon.save(update_fields=["archived_at", "version"])
    record([EventDraft(event, "addon", addon.pk, addon.version)], actor=actor, action_id=uuid7(), now=now)
