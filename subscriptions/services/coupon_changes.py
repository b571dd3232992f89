"""Changing a coupon: its name, its days and its limits. What was redeemed keeps its terms."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import ngettext

from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.actor import Actor
from subscriptions.models import Coupon
from subscriptions.queries.coupons import redemptions_so_far
from subscriptions.rules.coupons import CouponLimits
from subscriptions.services.catalogue_changes import CatalogueMoved
from subscriptions.services.coupon_catalogue import InvalidCoupon, check_limits, locked_coupon


class CouponLimitTooLow(InvalidCoupon):
    """A limit below what was redeemed already."""

    code = "coupon_limit_too_low"


def change_coupon(
    coupon_id: UUID, limits: CouponLimits, *, version: int, actor: Actor, now: datetime
) -> dict[str, Any]:
    """Writes what differs, in the open scope, and returns it.

    No limit goes below what is redeemed, which is counted while nobody else redeems. Raises NotFound, CatalogueMoved,
    InvalidCoupon, CouponLimitTooLow.
    """
    coupon = locked_coupon(coupon_id, actor)
    if coupon.version != version:
        raise CatalogueMoved("Somebody has changed this since you opened it. Nothing was done.", field="version")
    limits = replace(limits, name=limits.name.strip())
    check_limits(limits)
    changes = coupon.limits.changes_to(limits)
    if not changes:
        return {}
    _refuse_below_redeemed(coupon, limits)
    coupon.name, coupon.from_on, coupon.until_on = limits.name, limits.from_on, limits.until_on
    coupon.most, coupon.most_each = limits.most, limits.most_each
    coupon.version += 1
    coupon.save(update_fields=["name", "from_on", "until_on", "most", "most_each", "version"])
    draft = EventDraft("coupon.updated", "coupon", coupon.pk, coupon.version, data={"changes": changes})
    record([draft], actor=actor, action_id=uuid7(), now=now)
    return changes


def _refuse_below_redeemed(coupon: Coupon, limits: CouponLimits) -> None:
    so_far = redemptions_so_far(coupon.partner_id, coupon.pk)
    if limits.most is not None and limits.most < so_far.in_all:
        message = ngettext(
            "It was redeemed once already. Write 1 or more.",
            "It was redeemed %(n)s times already. Write %(n)s or more.",
            so_far.in_all,
        )
        raise CouponLimitTooLow(message % {"n": so_far.in_all}, field="most")
    if limits.most_each is not None and limits.most_each < so_far.by_one:
        message = ngettext(
            "A customer has redeemed it once already. Write 1 or more.",
            "A customer has redeemed it %(n)s times already. Write %(n)s or more.",
            so_far.by_one,
        )
        raise CouponLimitTooLow(message % {"n": so_far.by_one}, field="most_each")
