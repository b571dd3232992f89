"""Coupons of a partner: made, archived, restored; in the open scope."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.errors import Conflict, DomainError, NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.kernel.money import exponent
from partnerpanel.tenancy.actor import Actor
from subscriptions.models import Coupon, CouponPlan, Plan, Product
from subscriptions.rules.coupons import CODE_LENGTH, LARGEST_LIMIT, NAME_LENGTH, WHOLE, CouponLimits, Discount, code_key
from subscriptions.services.archive import AlreadyArchived, NotArchived

MOST_PERIODS = 1_000


class InvalidCoupon(DomainError):
    """A coupon with a code, a discount, dates or limits that make no sense."""

    code = "invalid_coupon"


class CouponCodeTaken(Conflict):
    """Another coupon of the partner has this code, archived or not."""

    code = "coupon_code_taken"


@dataclass(frozen=True, slots=True)
class CouponTerms:
    """What a coupon says; None leaves a limit out. Without plans and products it fits every plan."""

    code: str
    discount: Discount
    name: str = ""
    from_on: date | None = None
    until_on: date | None = None
    most: int | None = None
    most_each: int | None = None
    plan_ids: Collection[UUID] = ()
    product_ids: Collection[UUID] = ()

    @property
    def limits(self) -> CouponLimits:
        """What of it can be changed later."""
        return CouponLimits(self.name, self.from_on, self.until_on, self.most, self.most_each)


def create_coupon(terms: CouponTerms, *, actor: Actor, now: datetime) -> UUID:
    """Its id. What it takes off never changes afterwards. Raises InvalidCoupon, CouponCodeTaken, NotFound."""
    partner_id, discount = actor.partner_id, terms.discount
    _check(terms)
    coupon = Coupon(
        id=uuid7(),
        partner_id=partner_id,
        code="".join(terms.code.split()),
        code_key=code_key(terms.code),
        name=terms.name.strip(),
        kind=discount.kind,
        percent=discount.percent,
        currency=discount.amount.currency if discount.amount else "",
        amount=discount.amount.amount if discount.amount else None,
        periods=discount.periods,
        from_on=terms.from_on,
        until_on=terms.until_on,
        most=terms.most,
        most_each=terms.most_each,
        created_at=now,
    )
    fits = _fits(coupon, terms)
    created = Coupon.objects.bulk_create([coupon], ignore_conflicts=True)
    if not Coupon.objects.for_partner(partner_id).filter(pk=created[0].pk).exists():
        raise CouponCodeTaken(_("Another coupon has this code."), field="code")
    CouponPlan.objects.bulk_create(fits)
    draft = EventDraft("coupon.created", "coupon", coupon.pk, 1, data={"code": coupon.code})
    record([draft], actor=actor, action_id=uuid7(), now=now)
    coupon_id: UUID = coupon.pk
    return coupon_id


def archive_coupon(coupon_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Nobody redeems it any more; who has it keeps it. Raises NotFound, AlreadyArchived."""
    coupon = locked_coupon(coupon_id, actor)
    if coupon.archived_at is not None:
        raise AlreadyArchived(_("This coupon is archived already."), field="coupon")
    _shelve(coupon, now, "coupon.archived", actor=actor, now=now)


def restore_coupon(coupon_id: UUID, *, actor: Actor, now: datetime) -> None:
    """It can be redeemed again. Raises NotFound, NotArchived."""
    coupon = locked_coupon(coupon_id, actor)
    if coupon.archived_at is None:
        raise NotArchived(_("This coupon is not archived."), field="coupon")
    _shelve(coupon, None, "coupon.restored", actor=actor, now=now)


def locked_coupon(coupon_id: UUID, actor: Actor) -> Coupon:
    """The coupon, which nobody redeems or changes until the transaction ends. Raises NotFound."""
    coupon = Coupon.objects.for_partner(actor.partner_id).filter(pk=coupon_id).select_for_update().first()
    if coupon is None:
        raise NotFound(_("There is no such coupon."), field="coupon")
    return coupon


def _shelve(coupon: Coupon, archived_at: datetime | None, kind: str, *, actor: Actor, now: datetime) -> None:
    coupon.archived_at = archived_at
    coupon.version += 1
    coupon.save(update_fields=["archived_at", "version"])
    draft = EventDraft(kind, "coupon", coupon.pk, coupon.version, data={"code": coupon.code})
    record([draft], actor=actor, action_id=uuid7(), now=now)


def _fits(coupon: Coupon, terms: CouponTerms) -> list[CouponPlan]:
    partner_id = coupon.partner_id
    plans = dict(
        Plan.objects.for_partner(partner_id).filter(pk__in=list(terms.plan_ids)).values_list("pk", "product_id")
    )
    products = set(
        Product.objects.for_partner(partner_id).filter(pk__in=list(terms.product_ids)).values_list("pk", flat=True)
    )
    if set(terms.plan_ids) - set(plans) or set(terms.product_ids) - products:
        raise NotFound(_("There is no such plan."), field="plans")
    single = [(product_id, plan_id) for plan_id, product_id in plans.items() if product_id not in products]
    whole: list[tuple[UUID, UUID | None]] = [(product_id, None) for product_id in products]
    return [
        CouponPlan(partner_id=partner_id, coupon=coupon, product_id=product_id, plan_id=plan_id)
        for product_id, plan_id in [*whole, *single]
    ]


def _check(terms: CouponTerms) -> None:
    discount = terms.discount
    if not 1 <= len(code_key(terms.code)) <= CODE_LENGTH or not terms.code.isprintable():
        message = _("A code has 1 to %(most)s letters and digits.") % {"most": CODE_LENGTH}
        raise InvalidCoupon(message, field="code")
    if (discount.percent is None) == (discount.amount is None):
        raise InvalidCoupon(_("A coupon takes off a part of the price or an amount."), field="percent")
    if discount.percent is not None and not 1 <= discount.percent <= WHOLE:
        raise InvalidCoupon(_("A part is from 1 to 100 percent."), field="percent")
    if discount.amount is not None:
        exponent(discount.amount.currency)
        if discount.amount.amount < 1:
            raise InvalidCoupon(_("An amount is more than nothing."), field="amount")
    if discount.periods is not None and not 1 <= discount.periods <= MOST_PERIODS:
        raise InvalidCoupon(_("A number of periods is from 1 to 1,000."), field="periods")
    check_limits(terms.limits)


def check_limits(limits: CouponLimits) -> None:
    """Raises InvalidCoupon for a name, days or limits that make no sense."""
    if len(limits.name) > NAME_LENGTH or not limits.name.isprintable():
        raise InvalidCoupon(_("A name has at most 120 letters."), field="name")
    for field, limit in (("most", limits.most), ("most_each", limits.most_each)):
        if limit is not None and not 1 <= limit <= LARGEST_LIMIT:
            raise InvalidCoupon(_("A limit is 1 or more."), field=field)
    if limits.from_on and limits.until_on and limits.until_on <= limits.from_on:
        raise InvalidCoupon(_("It ends after it begins."), field="until_on")
