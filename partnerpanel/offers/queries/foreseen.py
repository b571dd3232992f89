"""Who would see the offer of a rule if they left now; nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from partnerpanel.kernel.clock import local_date
from partnerpanel.offers.queries.holders import holders_of
from partnerpanel.offers.queries.offer_rules import rules_on
from partnerpanel.offers.rules.offers import Moment, Rule, fitting
from subscriptions.queries.holders import HolderLine, ended_holders, running_holders

LIMIT = 2_000


@dataclass(frozen=True, slots=True)
class Seeing:
    """A subscription whose holder would see it."""

    line: HolderLine
    paid_months: int


@dataclass(frozen=True, slots=True)
class Foreseen:
    """`seen` would see it, each for one of its reasons at least; `earlier` would see another rule's first whatever they
    answer; `unmet` counts the others by the condition that they do not meet. `is_capped`: more were not looked at."""

    seen: tuple[Seeing, ...]
    earlier: tuple[Seeing, ...]
    unmet: Mapping[str, int]
    is_capped: bool


def foreseen(partner_id: UUID, rule: Rule, *, now: datetime) -> Foreseen:
    """As if the rule were on, among those that run and are not cancelled, or that have ended where it is for them."""
    among = ended_holders if rule.moment is Moment.AFTER_END else running_holders
    lines = among(partner_id, limit=LIMIT + 1)
    rules = [one for one in rules_on(partner_id, rule.moment) if one.id != rule.id and not one.conditions.to_plans]
    # Nobody has gone up yet: who could is looked for.
    tried = replace(rule, is_on=True, conditions=replace(rule.conditions, to_plans=()))
    holders = holders_of(partner_id, lines[:LIMIT])
    seen, earlier, unmet = [], [], Counter[str]()
    for line in lines[:LIMIT]:
        today = local_date(now, line.timezone)
        said = [replace(holders[line.id], reason=reason) for reason in rule.conditions.reasons or ("",)]
        found = [fitting([*rules, tried], holder, moment=rule.moment, today=today) for holder in said]
        one = Seeing(line, holders[line.id].paid_months)
        if any(rules_[:1] == [tried] for rules_ in found):
            seen.append(one)
        elif any(tried in rules_ for rules_ in found):
            earlier.append(one)
        else:
            unmet.update(list(tried.conditions.unmet(said[0], today=today))[:1])
    return Foreseen(tuple(seen), tuple(earlier), dict(unmet), len(lines) > LIMIT)
