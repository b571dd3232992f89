"""Coupons: what subscriptions hold, and what can be redeemed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection as Many
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Max, QuerySet

from partnerpanel.tenancy.ahead import Asked
from partnerpanel.tenancy.reads import Read
from subscriptions.models import Change, Coupon, CouponPlan, Plan, Redemption, Term
from subscriptions.rules.changes import OPEN_STATES
from subscriptions.rules.coupons import CouponOffer, HeldCoupon, code_key


def held_coupons(partner_id: UUID, subscription_ids: Many[UUID]) -> dict[UUID, HeldCoupon]:
    """By subscription; those without one are left out."""
    found = _HELD(partner_id, subscription_ids)
    ids = {coupon_id for _subscription, _id, coupon_id, _term in found}
    if not ids:
        return {}
    plans = plans_of(partner_id, ids)
    coupons = {row.pk: (row.code, row.discount) for row in Coupon.objects.for_partner(partner_id).filter(pk__in=ids)}
    return {
        subscription_id: HeldCoupon(
            id=id_,
            coupon_id=coupon_id,
            code=coupons[coupon_id][0],
            discount=coupons[coupon_id][1],
            from_term=from_term,
            plan_ids=plans.get(coupon_id),
        )
        for subscription_id, id_, coupon_id, from_term in found
    }


def coupons_held(partner_id: UUID, subscription_ids: Many[UUID]) -> QuerySet[Redemption]:
    """Their redemptions, to ask whether there are any."""
    return Redemption.objects.for_partner(partner_id).filter(subscription__among=subscription_ids, ended_at=None)


_HELD = Read(
    lambda partner_id, ids: coupons_held(partner_id, ids).values_list("subscription_id", "pk", "coupon_id", "from_term")
)


def coupons_ahead(partner_id: UUID, subscription_ids: Many[UUID]) -> Asked:
    """What `held_coupons` asks first."""
    return Asked(_HELD, (partner_id, subscription_ids))


def running_coupons(partner_id: UUID, subscription_ids: Many[UUID]) -> dict[UUID, tuple[HeldCoupon, int]]:
    """By subscription, the coupon that takes something off its running term or one to come, and that term's number."""
    held = held_coupons(partner_id, subscription_ids)
    if not held:
        return {}
    terms = Term.objects.for_partner(partner_id).filter(subscription__in=held).order_by()
    numbers = dict(terms.values_list("subscription").annotate(number=Max("number")))
    found = {id_: (one, numbers.get(id_, 0)) for id_, one in held.items()}
    return {id_: (one, term) for id_, (one, term) in found.items() if one.holds_in(term) or not one.is_over(term)}


def hold_coupon(partner_id: UUID, code: str) -> None:
    """Nobody else redeems the coupon until the transaction ends, so its last redemption is taken once."""
    Coupon.objects.for_partner(partner_id).filter(code_key=code_key(code)).select_for_update().first()


def offer_of_code(partner_id: UUID, code: str, customer_ids: Many[UUID]) -> CouponOffer | None:
    """The coupon with that code, whatever its case, and how often it was redeemed; None where there is none."""
    row = Coupon.objects.for_partner(partner_id).filter(code_key=code_key(code)).first()
    if row is None:
        return None
    counted = Redemption.objects.for_partner(partner_id).filter(coupon=row.pk, withdrawn=False).order_by()
    mine = counted.filter(customer__in=customer_ids).values_list("customer").annotate(times=Count("pk"))
    return CouponOffer(
        id=row.pk,
        code=row.code,
        discount=row.discount,
        plan_ids=plans_of(partner_id, [row.pk]).get(row.pk),
        from_on=row.from_on,
        until_on=row.until_on,
        most=row.most,
        most_each=row.most_each,
        redeemed=counted.count() if row.most is not None else 0,
        redeemed_by=dict(mine) if row.most_each is not None else {},
        is_archived=row.archived_at is not None,
    )


@dataclass(frozen=True, slots=True)
class SoFar:
    """How often a coupon was redeemed, and how often by the customer who did so most."""

    in_all: int
    by_one: int


def redemptions_so_far(partner_id: UUID, coupon_id: UUID) -> SoFar:
    """Without those that were withdrawn before a period used them."""
    rows = Redemption.objects.for_partner(partner_id).filter(coupon=coupon_id, withdrawn=False).order_by()
    times = [many for _, many in rows.values_list("customer").annotate(times=Count("pk"))]
    return SoFar(sum(times), max(times, default=0))


def coupons_had(partner_id: UUID, subscription_ids: Many[UUID]) -> dict[UUID, set[UUID]]:
    """By subscription the coupons that it has redeemed, without those that were withdrawn."""
    rows = Redemption.objects.for_partner(partner_id).filter(subscription__in=list(subscription_ids), withdrawn=False)
    found: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for subscription_id, coupon_id in rows.values_list("subscription_id", "coupon_id"):
        found[subscription_id].add(coupon_id)
    return dict(found)


def coupons_waiting(partner_id: UUID, subscription_id: UUID) -> dict[UUID, bool]:
    """The coupons that the subscription has redeemed and that count: whether the change that one came with waits still.

    One that comes with a change has its id.
    """
    rows = Redemption.objects.for_partner(partner_id).filter(subscription=subscription_id, withdrawn=False)
    redeemed = dict(rows.order_by("redeemed_at").values_list("coupon_id", "pk"))
    changes = Change.objects.for_partner(partner_id).filter(pk__in=redeemed.values(), state__in=OPEN_STATES)
    waiting = set(changes.values_list("pk", flat=True))
    return {coupon_id: id_ in waiting for coupon_id, id_ in redeemed.items()}


def plans_of(partner_id: UUID, coupon_ids: Many[UUID]) -> dict[UUID, frozenset[UUID]]:
    """By coupon, the plans that it fits; one that fits every plan is left out."""
    if not coupon_ids:
        return {}
    found: defaultdict[UUID, set[UUID]] = defaultdict(set)
    whole: defaultdict[UUID, set[UUID]] = defaultdict(set)
    rows = CouponPlan.objects.for_partner(partner_id).filter(coupon__in=coupon_ids)
    for row in rows:
        if row.plan_id:
            found[row.coupon_id].add(row.plan_id)
        else:
            found[row.coupon_id] |= set()
            whole[row.product_id].add(row.coupon_id)
    if whole:
        plans = Plan.objects.for_partner(partner_id).filter(product__in=whole)
        for plan_id, product_id in plans.values_list("pk", "product_id"):
            for coupon_id in whole[product_id]:
                found[coupon_id].add(plan_id)
    return {id_: frozenset(plan_ids) for id_, plan_ids in found.items()}
