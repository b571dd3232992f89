"""Which offer somebody sees: the first rule that fits and can be taken; in the open scope."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from partnerpanel.kernel.clock import local_date
from partnerpanel.offers.queries.holders import holders_of
from partnerpanel.offers.queries.offer_rules import rules_on
from partnerpanel.offers.rules.offers import Moment, Rule, fitting
from subscriptions.queries.holders import HolderLine


def fitting_rules(partner_id: UUID, line: HolderLine, *, moment: Moment, reason: str = "", now: datetime) -> list[Rule]:
    """Those whose conditions it meets, the first to be shown first; whether one can be taken says its quote."""
    rules = rules_on(partner_id, moment)
    if not rules:
        return []
    holder = holders_of(partner_id, [line], reason=reason)[line.id]
    return fitting(rules, holder, moment=moment, today=local_date(now, line.timezone))
