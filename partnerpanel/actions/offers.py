"""The plan that somebody asked for, at its list price in each currency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from billing.rules.changes.refusals import CannotChange
from billing.rules.facts import ChangeFacts
from partnerpanel.kernel.errors import NotFound
from subscriptions.queries.changes import plan_exists, plans_at
from subscriptions.rules.changes import Deal, PlanFacts


def offers_of(plan_id: UUID, facts: Sequence[ChangeFacts], *, partner_id: UUID) -> Mapping[str, PlanFacts]:
    """By currency of the subscriptions, for those that the plan is sold in. Raises NotFound for a plan of nobody."""
    currencies = {one.billing.price.currency for one in facts}
    found = {plan.price.currency: plan for one in currencies for plan in plans_at(partner_id, one, [plan_id])}
    if not found and not plan_exists(partner_id, plan_id):
        raise NotFound(_("There is no such plan."), field="plan")
    return found


def deal_from(offers: Mapping[str, PlanFacts], facts: ChangeFacts) -> Deal:
    """As many of the plan as the subscription has now, at its list price. Raises CannotChange without a price."""
    currency = facts.billing.price.currency
    if currency not in offers:
        message = _("This plan has no price in %(currency)s.") % {"currency": currency}
        raise CannotChange("other_currency", message, field="plan")
    return Deal(offers[currency], facts.deal.quantity, is_agreed=False)
