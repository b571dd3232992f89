"""Add-ons that a subscription is sold with: billed with its first period, and held from its first day. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from billing.rules.changes.addon import AddonWish, cautions_of, refuse_wish
from billing.rules.changes.dropping import own_events
from billing.rules.changes.outcome import Planned
from billing.rules.changes.refusals import CannotChange
from billing.rules.facts import BillingFacts
from billing.rules.first_period import over_on
from billing.rules.own_events import own_event
from billing.rules.plan import BillingPlan
from partnerpanel.kernel.clock import local_date
from partnerpanel.policy.rules.addon import AddonOnRenewal
from subscriptions.rules.addons import HeldAddon
from subscriptions.rules.changes import PlanFacts


def sold_with(
    facts: BillingFacts, plan: PlanFacts, wishes: Mapping[UUID, AddonWish], *, now: datetime
) -> tuple[HeldAddon, ...]:
    """As they will be held, by ids of their own, from the day on which it starts.

    What is bought once is paid with the first invoice, and its days begin with that payment; a trial has no invoice,
    so it is refused with one. Raises CannotChange.
    """
    found = []
    starts_on = local_date(facts.starts_at or now, facts.zone)
    asks = facts.policy.policy.addon.on_renewal is AddonOnRenewal.ASK
    # What is bought with a trial is wanted in the first paid period, which is the second term.
    confirmed = 2 if asks and facts.trial_ends_at else None
    for id_, wish in wishes.items():
        refuse_wish(wish, plan, currency=facts.price.currency)
        held = HeldAddon(id_, wish.offer, wish.quantity, starts_on, confirmed_term=confirmed)
        if not held.recurs and facts.trial_ends_at:
            message = f"{wish.offer.name} is bought once and paid at once: add it when the trial runs."
            raise CannotChange("addon_bought_once", message, field="addons")
        found.append(replace(held, until_on=over_on(held, facts, on=starts_on)))
    return tuple(found)


def with_addons_sold(planned: Planned, held: Sequence[HeldAddon]) -> Planned:
    """The beginning of a subscription with the add-ons that it was sold with; planned from facts that have them."""
    plan = planned.plan
    facts, first = replace(plan.facts, addons=()), own_events(plan) + 1
    events = [
        own_event(
            facts,
            "subscription.addon_added",
            number,
            addon=str(one.offer.id),
            held=str(one.id),
            quantity=one.quantity,
            price=[one.price.amount, one.price.currency],
            until=one.until_on.isoformat() if one.until_on else None,
        )
        for number, one in enumerate(held, start=first)
    ]
    written: BillingPlan = replace(plan, facts=facts, events=(*plan.events, *events), addons=tuple(held))
    told = dict.fromkeys(caution for one in held for caution in cautions_of(facts, one))
    return replace(planned, plan=written, cautions=(*planned.cautions, *told))
