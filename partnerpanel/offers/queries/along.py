"""Coupons that come along with what somebody does: coming back after the end, or going up; in the open scope."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from partnerpanel.kernel.clock import local_date
from partnerpanel.offers.queries.holders import holders_of
from partnerpanel.offers.queries.offer_rules import rules_on
from partnerpanel.offers.queries.staying import last_reason
from partnerpanel.offers.rules.offers import Moment, Rule, fitting
from subscriptions.queries.coupon_catalogue import coupon_line
from subscriptions.queries.coupons import coupons_had
from subscriptions.queries.holders import HolderLine, holder_lines


@dataclass(frozen=True, slots=True)
class Gift:
    """A rule that fits, whom it fits, why that one left, and its coupon with the code."""

    rule: Rule
    line: HolderLine
    reason: str
    coupon_id: UUID
    code: str


def codes_given(partner_id: UUID, moment: Moment) -> list[str]:
    """Of the coupons that any rule gives at that moment, always in the same order."""
    coupons = {rule.offer.coupon_id for rule in rules_on(partner_id, moment)}
    return sorted(coupon_line(partner_id, id_).code for id_ in coupons if id_)


def gifts(
    partner_id: UUID, subscription_ids: Collection[UUID], *, moment: Moment, now: datetime, to_plan: UUID | None = None
) -> dict[UUID, list[Gift]]:
    """By subscription what fits it, the first to be given first. Who goes up to `to_plan` gets no coupon twice, however
    often it went down meanwhile."""
    rules = rules_on(partner_id, moment)
    if not rules:
        return {}
    lines = holder_lines(partner_id, subscription_ids)
    holders = holders_of(partner_id, list(lines.values()))
    codes = {id_: coupon_line(partner_id, id_).code for id_ in {one.offer.coupon_id for one in rules} if id_}
    had = coupons_had(partner_id, lines) if moment is Moment.UPGRADE else {}
    found = {}
    for id_, line in lines.items():
        reason = last_reason(partner_id, id_) if moment is Moment.AFTER_END else ""
        holder = replace(holders[id_], reason=reason, to_plan=to_plan)
        fit = fitting(rules, holder, moment=moment, today=local_date(now, line.timezone))
        found[id_] = [
            Gift(rule, line, reason, coupon_id, codes[coupon_id])
            for rule in fit
            if (coupon_id := rule.offer.coupon_id) and coupon_id not in had.get(id_, ())
        ]
    return found
