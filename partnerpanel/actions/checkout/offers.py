"""What a link offers, and whether it still does; in the open scope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from partnerpanel.actions.checkout.models import CheckoutLink
from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.kernel.ids import parse
from subscriptions.queries.addons import offers
from subscriptions.queries.catalogue import PlanLine, plan_line
from subscriptions.queries.changes import plans_at
from subscriptions.rules.addons import AddonKind, AddonOffer
from subscriptions.rules.changes import PlanFacts


class LinkOver(DomainError):
    """Nothing is sold by it any more: switched off, over, used up, or its plan is archived."""

    code = "checkout_link_over"
    status = 410


@dataclass(frozen=True, slots=True)
class Offer:
    """What is sold at an address. `addons` are those that the buyer may choose, with how many are chosen already."""

    link: CheckoutLink
    plan: PlanLine
    currencies: tuple[str, ...]
    addons: tuple[tuple[AddonOffer, int], ...] = ()


def link_at(partner_id: UUID, key: str) -> CheckoutLink:
    """By the last part of an address, which for a plan's own page may be the plan's id too. Raises NotFound."""
    rows = CheckoutLink.objects.for_partner(partner_id)
    found = rows.filter(key=key).first()
    if found is None and key.startswith("plan_"):
        found = rows.filter(plan=parse("plan", key), is_public=True, off_at=None).first()
    if found is None:
        raise NotFound("There is no such page.")
    return found


def refuse_over(link: CheckoutLink, plan: PlanLine, *, now: datetime) -> None:
    """Raises LinkOver."""
    is_used_up = link.most_uses is not None and link.uses >= link.most_uses
    if link.off_at is not None or is_used_up or not plan.is_sellable or (link.until_at and now >= link.until_at):
        raise LinkOver("This offer is over.")


def offer_at(partner_id: UUID, key: str, *, currency: str, now: datetime) -> tuple[Offer, str]:
    """The offer, and the currency that it is shown in: the wanted one where the plan has a price in it.

    Raises NotFound, LinkOver.
    """
    link = link_at(partner_id, key)
    plan = plan_line(partner_id, link.plan_id)
    refuse_over(link, plan, now=now)
    currencies = tuple(price.currency for price in plan.prices)
    if not currencies:
        raise LinkOver("This offer is over.")
    shown = currency if currency in currencies else currencies[0]
    return Offer(link, plan, currencies, addons_of(partner_id, link, shown)), shown


@dataclass(frozen=True, slots=True)
class PageOnSale:
    """A plan that is sold at an address of its own, at its list price."""

    key: str
    plan: PlanFacts


def pages_on_sale(partner_id: UUID, currency: str, *, now: datetime) -> list[PageOnSale]:
    """The plans' own pages that anybody may buy at, by product and rank."""
    rows = CheckoutLink.objects.for_partner(partner_id).filter(is_public=True, off_at=None)
    open_ = rows.exclude(until_at__lte=now).values_list("plan_id", "key")
    keys = dict(open_.order_by("pk"))
    plans = plans_at(partner_id, currency, list(keys)) if keys else []
    return [PageOnSale(keys[plan.id], plan) for plan in plans if plan.is_sellable]


def addons_of(partner_id: UUID, link: CheckoutLink, currency: str) -> tuple[tuple[AddonOffer, int], ...]:
    """Recurring add-ons that fit the plan: those that the link brings first."""
    [plan] = plans_at(partner_id, currency, [link.plan_id])
    chosen = {UUID(id_): quantity for id_, quantity in link.addons}
    found = [one for one in offers(partner_id, currency) if one.is_sellable and _is_billed_with(one, plan)]
    found.sort(key=lambda one: one.id not in chosen)
    return tuple((one, chosen.get(one.id, 0)) for one in found)


def _is_billed_with(addon: AddonOffer, plan: PlanFacts) -> bool:
    """What is bought once is sold when the subscription runs."""
    return addon.kind is AddonKind.RECURRING and addon.fits(plan)
