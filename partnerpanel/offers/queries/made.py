"""Offers that were made to somebody."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from partnerpanel.kernel.errors import NotFound
from partnerpanel.offers.models import OfferMade
from partnerpanel.offers.rules.offers import Moment, Offer, Outcome
from subscriptions.rules.coupons import Discount


@dataclass(frozen=True, slots=True)
class MadeOffer:
    """An offer as it was shown, with the code of its coupon."""

    id: UUID
    rule_id: UUID
    moment: Moment
    customer_id: UUID
    subscription_id: UUID
    offer: Offer
    code: str
    outcome: Outcome


def made_offer(partner_id: UUID, offer_id: UUID) -> MadeOffer:
    """Raises NotFound."""
    rows = OfferMade.objects.for_partner(partner_id).select_related("coupon")
    row = rows.filter(pk=offer_id).first()
    if row is None:
        raise NotFound("There is no such offer.", field="offer")
    return _made(row)


def open_offer(partner_id: UUID, subscription_id: UUID, moment: Moment) -> MadeOffer | None:
    """The newest that was made to it at such a moment and is neither taken nor declined."""
    rows = OfferMade.objects.for_partner(partner_id).filter(subscription=subscription_id, moment=moment)
    row = rows.filter(outcome=Outcome.OPEN).select_related("coupon").order_by("-made_at", "-pk").first()
    return _made(row) if row is not None else None


def coupons_promised(partner_id: UUID, offer_ids: Collection[str]) -> dict[str, Discount]:
    """By id of the offer, what its coupon takes off."""
    rows = OfferMade.objects.for_partner(partner_id).filter(pk__in=list(offer_ids), coupon__isnull=False)
    return {str(row.pk): row.coupon.discount for row in rows.select_related("coupon") if row.coupon}


def was_taken(partner_id: UUID, subscription_id: UUID, rule_id: UUID) -> bool:
    """Whether the subscription has taken the offer of that rule, in whatever version."""
    rows = OfferMade.objects.for_partner(partner_id).filter(subscription=subscription_id, rule=rule_id)
    return rows.filter(outcome=Outcome.TAKEN).exists()


def _made(row: OfferMade) -> MadeOffer:
    return MadeOffer(
        id=row.pk,
        rule_id=row.rule_id,
        moment=Moment(row.moment),
        customer_id=row.customer_id,
        subscription_id=row.subscription_id,
        offer=row.offer,
        code=row.coupon.code if row.coupon else "",
        outcome=Outcome(row.outcome),
    )
