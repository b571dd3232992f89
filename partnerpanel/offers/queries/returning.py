"""What is offered to who comes back after the end; in the open scope."""

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
from subscriptions.queries.holders import HolderLine, holder_lines


@dataclass(frozen=True, slots=True)
class Welcome:
    """A rule that fits, whom it fits, why that one left, and the code of its coupon."""

    rule: Rule
    line: HolderLine
    reason: str
    code: str


def codes_for_return(partner_id: UUID) -> list[str]:
    """Of the coupons that any rule offers to who comes back, always in the same order."""
    coupons = {rule.offer.coupon_id for rule in rules_on(partner_id, Moment.AFTER_END)}
    return sorted(coupon_line(partner_id, id_).code for id_ in coupons if id_)


def welcomes(partner_id: UUID, subscription_ids: Collection[UUID], *, now: datetime) -> dict[UUID, list[Welcome]]:
    """By subscription the rules that fit it, the first to be offered first."""
    rules = rules_on(partner_id, Moment.AFTER_END)
    if not rules:
        return {}
    lines = holder_lines(partner_id, subscription_ids)
    holders = holders_of(partner_id, list(lines.values()))
    codes = {id_: coupon_line(partner_id, id_).code for id_ in {one.offer.coupon_id for one in rules} if id_}
    found = {}
    for id_, line in lines.items():
        reason = last_reason(partner_id, id_)
        holder = replace(holders[id_], reason=reason)
        today = local_date(now, line.timezone)
        found[id_] = [
            Welcome(rule, line, reason, codes[rule.offer.coupon_id])
            for rule in fitting(rules, holder, moment=Moment.AFTER_END, today=today)
            if rule.offer.coupon_id
        ]
    return found
