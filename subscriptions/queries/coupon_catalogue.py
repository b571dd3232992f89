"""Coupons as the settings show them, and who redeemed one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection as Many
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q

from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.paging import Page
from partnerpanel.tenancy import keyset
from subscriptions.models import Coupon, CouponPlan, Redemption
from subscriptions.rules.coupons import CouponLimits, Discount, code_key


@dataclass(frozen=True, slots=True)
class CouponLine:
    """A coupon with the names of what it fits (none: every plan), and how often it was redeemed."""

    id: UUID
    code: str
    name: str
    discount: Discount
    from_on: date | None
    until_on: date | None
    most: int | None
    most_each: int | None
    fits: tuple[str, ...]
    redeemed: int
    is_archived: bool
    version: int

    @property
    def limits(self) -> CouponLimits:
        return CouponLimits(self.name, self.from_on, self.until_on, self.most, self.most_each)


@dataclass(frozen=True, slots=True)
class RedemptionLine:
    """A redemption: by whom, on what, since when, and when it ended."""

    customer_id: UUID
    customer_name: str
    plan_name: str
    redeemed_at: datetime
    ended_at: datetime | None
    timezone: str


def coupon_page(partner_id: UUID, *, search: str, cursor: str | None, limit: int) -> Page[CouponLine]:
    """The newest first; `search` is the beginning of a code. Raises InvalidCursor."""
    rows = Coupon.objects.for_partner(partner_id)
    if search:
        rows = rows.filter(code_key__startswith=code_key(search))
    found = keyset.page(rows, key="created_at", descending=True, cursor=cursor, limit=limit)
    return Page(_lines(partner_id, found.rows), found.previous, found.next)


def coupon_line(partner_id: UUID, coupon_id: UUID) -> CouponLine:
    """Raises NotFound."""
    found = _lines(partner_id, list(Coupon.objects.for_partner(partner_id).filter(pk=coupon_id)))
    if not found:
        raise NotFound("There is no such coupon.", field="coupon")
    return found[0]


def redemption_page(partner_id: UUID, coupon_id: UUID, *, cursor: str | None, limit: int) -> Page[RedemptionLine]:
    """The newest first; those that were withdrawn before they were used are left out. Raises InvalidCursor."""
    rows = Redemption.objects.for_partner(partner_id).filter(coupon=coupon_id, withdrawn=False)
    rows = rows.select_related("customer", "subscription__plan")
    found = keyset.page(rows, key="redeemed_at", descending=True, cursor=cursor, limit=limit)
    lines = [
        RedemptionLine(
            customer_id=row.customer_id,
            customer_name=row.customer.name,
            plan_name=row.subscription.plan.name,
            redeemed_at=row.redeemed_at,
            ended_at=row.ended_at,
            timezone=row.subscription.timezone,
        )
        for row in found.rows
    ]
    return Page(lines, found.previous, found.next)


def _lines(partner_id: UUID, rows: Many[Coupon]) -> list[CouponLine]:
    ids = [row.pk for row in rows]
    fits: defaultdict[UUID, list[str]] = defaultdict(list)
    targets = CouponPlan.objects.for_partner(partner_id).filter(coupon__in=ids).select_related("product", "plan")
    for target in targets.order_by("product__name", "plan__name", "pk"):
        fits[target.coupon_id].append(
            f"{target.product.name} · {target.plan.name}" if target.plan else target.product.name
        )
    counted = Redemption.objects.for_partner(partner_id).filter(Q(withdrawn=False), coupon__in=ids).order_by()
    redeemed = dict(counted.values_list("coupon").annotate(times=Count("pk")))
    return [
        CouponLine(
            id=row.pk,
            code=row.code,
            name=row.name,
            discount=row.discount,
            from_on=row.from_on,
            until_on=row.until_on,
            most=row.most,
            most_each=row.most_each,
            fits=tuple(fits[row.pk]),
            redeemed=redeemed.get(row.pk, 0),
            is_archived=row.archived_at is not None,
            version=row.version,
        )
        for row in rows
    ]
