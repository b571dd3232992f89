"""Offers of the demo: a rule of each kind, and customers who took one or left all the same."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from partnerpanel.actions import door, leaving
from partnerpanel.actions.cancel import Cancel, CancelWhen
from partnerpanel.actions.door import Refused
from partnerpanel.actions.take_offer import TakeOffer
from partnerpanel.actions.verb import Target
from partnerpanel.embedded.demo.office import Office
from partnerpanel.offers.rules.offers import Conditions, Moment, Offer, OfferKind
from partnerpanel.offers.services.offer_rules import RuleTerms, create_rule
from partnerpanel.offers.services.survey import save_reason
from partnerpanel.tenancy.models import Role
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.changes import plans_at
from subscriptions.queries.holders import running_holders
from subscriptions.rules.changes import PlanFacts
from subscriptions.rules.coupons import Discount
from subscriptions.services.coupon_catalogue import CouponTerms, create_coupon

UP = "UP20"
CODE, DAYS_AGO, CANDIDATES, LEAVERS = "STAY40", 30, 60, 6
REASONS = ("too_expensive", "unused", "missing_features")


def offer_to_leavers(office: Office, now: datetime) -> None:
    """The rules since a month, and some customers who met them."""
    partner_id, owner, since = office.partner.pk, office.actors[Role.OWNER], office.days.at(DAYS_AGO, 10)
    with tenant(partner_id):
        terms = CouponTerms(CODE, Discount(percent=40, periods=3), "For customers who were about to leave", most_each=1)
        coupon = create_coupon(terms, actor=owner, now=since)
        for rule in [*_rules(coupon), *_for_going_up(office, since)]:
            create_rule(rule, actor=owner, now=since)
        words = {"en": "My business closes", "de": "Mein Betrieb schließt"}
        save_reason("", words, is_on=True, actor=owner, now=since)
        lines = running_holders(partner_id, limit=CANDIDATES)
    left = 0
    for number, line in enumerate(reversed(lines)):
        if left == LEAVERS:
            break
        with suppress(Refused):
            left += _leaves(Target(line.customer_id, line.id), number, office, now)
    office.settle(now)


def _leaves(target: Target, number: int, office: Office, now: datetime) -> bool:
    """One in two takes what is offered."""
    owner, reason = office.actors[Role.OWNER], REASONS[number % len(REASONS)]
    code = leaving.answer(target, reason, actor=owner, now=now)
    found = leaving.offer_for(target, code, actor=owner, now=now)
    if found is None:
        return False
    verb = TakeOffer((target,), found[0]) if number % 2 else Cancel((target,), CancelWhen.PERIOD_END, code)
    door.commit(verb, quote=None, actor=owner, now=now)
    return True


def _for_going_up(office: Office, since: datetime) -> list[RuleTerms]:
    """From the lowest plan of the product with most of them to its best one."""
    partner = office.partner
    by_product: defaultdict[UUID, list[PlanFacts]] = defaultdict(list)
    for plan in plans_at(partner.pk, partner.currency):
        if plan.is_sellable and plan.price:
            by_product[plan.product_id].append(plan)
    plans = max(by_product.values(), key=len)
    lowest, best = plans[0], plans[-1]
    terms = CouponTerms(
        UP, Discount(percent=20, periods=3), "For going up to the best plan", most_each=1, plan_ids=[best.id]
    )
    offer = Offer(OfferKind.COUPON, coupon_id=create_coupon(terms, actor=office.actors[Role.OWNER], now=since))
    wanted = Conditions(plans=(lowest.id,), to_plans=(best.id,))
    return [RuleTerms(Moment.UPGRADE, f"A try of {best.name} for less", offer, wanted)]


def _rules(coupon: UUID) -> list[RuleTerms]:
    cheaper = Offer(OfferKind.COUPON, coupon_id=coupon)
    return [
        RuleTerms(
            Moment.LEAVING,
            "Less for those who find it too expensive",
            cheaper,
            Conditions(reasons=("too_expensive",), months_from=1, rest_months=12),
        ),
        RuleTerms(
            Moment.LEAVING,
            "A rest for those who do not use it",
            Offer(OfferKind.PAUSE, pause_months=2),
            Conditions(reasons=("unused",), rest_months=6),
            position=2,
        ),
        RuleTerms(Moment.BEFORE_END, "Come back for less", cheaper, Conditions(months_from=1, rest_months=12)),
        RuleTerms(Moment.AFTER_END, "Welcome back", cheaper, Conditions(months_from=1)),
    ]
