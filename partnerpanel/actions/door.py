"""Preview and confirm: the same plan, once shown and once written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from billing.charging.at_once import ask_now
from billing.charging.states import AttemptStatus
from billing.refunds.at_once import ask_for_refunds
from billing.refunds.states import RefundStatus
from partnerpanel.actions.money_plan import MoneyPlan
from partnerpanel.actions.permission import VERBS_OF_CUSTOMERS, confine, permit
from partnerpanel.actions.quote import Difference, Quote, differences, make_quote, shown_facts
from partnerpanel.actions.verb import ActionPlan, Verb, foreseen_events
from partnerpanel.events.consumers import foresee
from partnerpanel.kernel.errors import Conflict, DomainError, Forbidden
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.actor import Actor, ActorKind
from partnerpanel.tenancy.scope import refuse_open_scope, tenant


class FactsMoved(Conflict):
    """Something changed between preview and confirmation. Carries the differences and a fresh quote."""

    code = "facts_moved"

    def __init__(self, message: str, *, differences: tuple[Difference, ...], quote: Quote) -> None:
        super().__init__(message, field="quote")
        self.differences = differences
        self.quote = quote


class Refused(DomainError):
    """The verb would do nothing to any of its targets; the message says why."""

    code = "nothing_to_do"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done, under which action; cited by Undo. `charges` says how each card charge ended, by subscription,
    `refunds` where each refund stands."""

    action_id: UUID
    plans: tuple[ActionPlan, ...]
    quote: Quote
    charges: Mapping[UUID, AttemptStatus] = field(default_factory=dict)
    refunds: Mapping[UUID, RefundStatus] = field(default_factory=dict)


def preview(verb: Verb, *, actor: Actor, now: datetime) -> Quote:
    """What confirming would do; writes nothing. Raises Forbidden, NotFound, and what the verb itself refuses."""
    _permit(verb, actor)
    refuse_open_scope("A preview")
    with tenant(actor.partner_id):
        return _quote(verb, verb.plan(partner_id=actor.partner_id, now=now, lock=False), actor)


def commit(verb: Verb, *, quote: str | None, actor: Actor, now: datetime) -> Outcome:
    """Locks, plans again, compares with what the cited quote showed, and writes: all or nothing.

    Without a quote (an integration that asks for none) nothing is compared. Raises FactsMoved, QuoteExpired,
    Refused, Forbidden, NotFound; then nothing was written.
    """
    _permit(verb, actor)
    refuse_open_scope("A confirmation")
    action_id = uuid7()
    with tenant(actor.partner_id):
        shown = None if quote is None else shown_facts(quote, verb, actor=actor)
        plans = verb.plan(partner_id=actor.partner_id, now=now, lock=True)
        fresh = _quote(verb, plans, actor)
        if shown is not None and (moved := differences(shown, fresh.facts)):
            message = _("Something changed since you looked. Nothing was done; check what would happen now.")
            raise FactsMoved(message, differences=moved, quote=fresh)
        if fresh.is_refused:
            raise Refused(fresh.refusals[0].message, field=fresh.refusals[0].field, reason=fresh.refusals[0].code)
        verb.apply(plans, actor=actor, action_id=action_id, now=now)
    charges, refunds = _charged(plans, actor.partner_id, now), _refunded(plans, actor.partner_id, now)
    return Outcome(action_id, tuple(plans), fresh, charges, refunds)


def _charged(plans: Sequence[ActionPlan], partner_id: UUID, now: datetime) -> dict[UUID, AttemptStatus]:
    """Asks the gateway for the charges that the plans made, at once and outside of any transaction."""
    intents = {
        plan.planned.plan.attempt.id: plan.subscription_id
        for plan in plans
        if isinstance(plan, MoneyPlan) and plan.planned and plan.planned.plan.attempt
    }
    found = ask_now(partner_id, list(intents), now=now) if intents else {}
    return {intents[attempt_id]: status for attempt_id, status in found.items()}


def _refunded(plans: Sequence[ActionPlan], partner_id: UUID, now: datetime) -> dict[UUID, RefundStatus]:
    """Asks the gateway for the refunds that the plans made, in the same way."""
    intents = {
        plan.planned.plan.refund.id: plan.subscription_id
        for plan in plans
        if isinstance(plan, MoneyPlan) and plan.planned and plan.planned.plan.refund
    }
    found = ask_for_refunds(partner_id, list(intents), now=now) if intents else {}
    return {intents[refund_id]: status for refund_id, status in found.items()}


def _quote(verb: Verb, plans: Sequence[ActionPlan], actor: Actor) -> Quote:
    return make_quote(verb, plans, foresee(foreseen_events(plans)), actor=actor)


def _permit(verb: Verb, actor: Actor) -> None:
    for permission in sorted(verb.permissions()):
        permit(actor, permission)
    confine(actor, (target.customer_id for target in verb.targets))
    if actor.kind is ActorKind.CUSTOMER and verb.name not in VERBS_OF_CUSTOMERS:
        raise Forbidden(_("Customers cannot do this themselves. Ask for it."))
