"""Writing which coupons subscriptions hold, in the open scope."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from partnerpanel.tenancy.bulk import update_rows
from subscriptions.models import Redemption
from subscriptions.rules.coupons import CouponEnd, HeldCoupon


def end_coupons(partner_id: UUID, ends: Sequence[CouponEnd], *, now: datetime) -> None:
    """Before others are put in their place: a subscription has one."""
    rows = [(one.id, now, one.withdrawn) for one in ends]
    update_rows(Redemption, partner_id=partner_id, columns=("ended_at", "withdrawn"), rows=rows)


def redeem_coupons(partner_id: UUID, new: Iterable[tuple[UUID, UUID, HeldCoupon]], *, now: datetime) -> None:
    """One row for each, by its customer and subscription."""
    Redemption.objects.bulk_create(
        [
            Redemption(
                id=one.id,
                partner_id=partner_id,
                coupon_id=one.coupon_id,
                customer_id=customer_id,
                subscription_id=subscription_id,
                from_term=one.from_term,
                redeemed_at=now,
            )
            for customer_id, subscription_id, one in new
        ]
    )
