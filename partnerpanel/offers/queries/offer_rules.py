"""The rules of a partner's offers, and how each has done."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from partnerpanel.kernel.errors import NotFound
from partnerpanel.offers.models import OfferMade, OfferRule
from partnerpanel.offers.rules.offers import Moment, Outcome, Rule
from partnerpanel.tenancy.ahead import Asked
from partnerpanel.tenancy.reads import Read


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule with what its offer is called, and how often it was shown and taken."""

    rule: Rule
    what: str
    shown: int
    taken: int


def rules_on(partner_id: UUID, moment: Moment) -> list[Rule]:
    """Those that are switched on."""
    return [row.as_rule for row in _ON(partner_id, moment)]


def rules_ahead(partner_id: UUID, moment: Moment) -> Asked:
    """What `rules_on` asks."""
    return Asked(_ON, (partner_id, moment))


_ON = Read(
    lambda partner_id, moment: (
        OfferRule.objects.for_partner(partner_id).filter(moment=moment, is_on=True).order_by("position", "pk")
    )
)


def rule_lines(partner_id: UUID) -> list[RuleLine]:
    """By moment, the first to be shown first."""
    rows = OfferRule.objects.for_partner(partner_id).select_related("coupon", "plan")
    taken = Count("pk", filter=Q(outcome=Outcome.TAKEN.value))
    made = OfferMade.objects.for_partner(partner_id).order_by().values_list("rule")
    counted = {id_: (shown, took) for id_, shown, took in made.annotate(shown=Count("pk"), took=taken)}
    return [
        RuleLine(row.as_rule, _what(row), *counted.get(row.pk, (0, 0)))
        for row in rows.order_by("moment", "position", "pk")
    ]


def rule_line(partner_id: UUID, rule_id: UUID) -> RuleLine:
    """Raises NotFound."""
    found = next((one for one in rule_lines(partner_id) if one.rule.id == rule_id), None)
    if found is None:
        raise NotFound("There is no such rule.", field="offer")
    return found


def _what(row: OfferRule) -> str:
    if row.coupon is not None:
        return str(row.coupon.code)
    return str(row.plan.name) if row.plan is not None else str(row.pause_months)
