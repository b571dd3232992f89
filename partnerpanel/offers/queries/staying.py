"""The offer with which somebody who has cancelled is asked to stay; in the open scope."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from billing.queries.change_facts import load_changes
from billing.rules.changes.refusals import CannotChange
from billing.rules.changes.staying import plan_stay
from partnerpanel.kernel.ids import uuid7
from partnerpanel.offers.models import ExitAnswer
from partnerpanel.offers.queries.choosing import fitting_rules
from partnerpanel.offers.rules.offers import Moment, Rule
from subscriptions.queries.coupon_catalogue import coupon_line
from subscriptions.queries.coupons import offer_of_code
from subscriptions.queries.holders import HolderLine, holder_lines


def offer_to_stay(partner_id: UUID, subscription_id: UUID, *, now: datetime) -> tuple[Rule, HolderLine, str] | None:
    """The first rule that fits and whose coupon can be redeemed, for whom, and the reason that was given."""
    line = holder_lines(partner_id, [subscription_id]).get(subscription_id)
    if line is None:
        return None
    reason = last_reason(partner_id, subscription_id)
    rules = fitting_rules(partner_id, line, moment=Moment.BEFORE_END, reason=reason, now=now)
    if not rules:
        return None
    facts = load_changes(partner_id, [subscription_id], now=now)[subscription_id]
    for rule in rules:
        code = coupon_line(partner_id, rule.offer.coupon_id).code if rule.offer.coupon_id else ""
        coupon = offer_of_code(partner_id, code, {line.customer_id})
        try:
            plan_stay(facts, coupon, id_=uuid7(), on=facts.billing.today(now))
        except CannotChange:
            continue
        return rule, line, reason
    return None


def last_reason(partner_id: UUID, subscription_id: UUID) -> str:
    """Why it was cancelled last; empty where nobody said."""
    rows = ExitAnswer.objects.for_partner(partner_id).filter(subscription=subscription_id, left_at__isnull=False)
    return rows.order_by("-left_at", "-pk").values_list("reason", flat=True).first() or ""
