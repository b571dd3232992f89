"""An add-on bought, taken off with the next renewal, or kept: pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from billing.rules.addons import once_line, rest_of_addon
from billing.rules.changes.dates import term_of
from billing.rules.changes.lines import base_period, document_of
from billing.rules.changes.outcome import ChangeCaution, ChangeIds, Planned
from billing.rules.changes.refusals import CannotChange, refuse_renewal_due, refuse_unserved, refuse_unsettled
from billing.rules.changes.settle import available_balance, plan_made
from billing.rules.facts import BillingFacts, ChangeFacts
from billing.rules.own_events import own_event
from billing.rules.plan import BillingPlan, LineDraft
from partnerpanel.kernel.clock import start_of_day
from partnerpanel.kernel.period import Period
from partnerpanel.policy.rules.addon import AddonOnRenewal
from partnerpanel.policy.rules.change import Unpaid
from subscriptions.rules.addons import AddonKind, AddonMove, AddonOffer, HeldAddon, expires_on
from subscriptions.rules.changes import ChangeKind, ChangeState, OpenChange, PlanFacts
from subscriptions.rules.states import Lifecycle

ADDON = "addon"
MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class AddonWish:
    """So many of an add-on; `unpaid` left out is the policy's."""

    offer: AddonOffer
    quantity: int = 1
    unpaid: Unpaid | None = None


def plan_addon(facts: ChangeFacts, wish: AddonWish, *, ids: ChangeIds, now: datetime) -> Planned:
    """A recurring one costs the days that are left of the period, the others their full price.

    In a trial a recurring one is billed with the first period. Raises CannotChange with the reason.
    """
    billing = facts.billing
    refuse_unserved(billing)
    refuse_wish(wish, facts.deal.plan, currency=billing.price.currency)
    if billing.cancel_at_period_end and wish.offer.kind is AddonKind.RECURRING:
        raise CannotChange("cancelling", "It is cancelled and ends with its period. Keep it first.")
    refuse_unsettled(billing)
    refuse_renewal_due(billing, now)
    if billing.change is not None:
        raise CannotChange("change_open", "A change waits already. Cancel it first, or let it happen.")
    held = _held(billing, wish, id_=ids.change, now=now)
    line = _line(facts, held, now=now)
    policy = billing.policy.policy
    document = document_of(
        facts,
        [line] if line else [],
        id_=ids.document,
        note_id=ids.note,
        reason=ADDON,
        term_number=term_of(billing).number,
        on=billing.today(now),
        available=available_balance(billing),
        change_id=ids.change,
    )
    change = OpenChange(ids.change, ChangeKind.ADDON, ChangeState.AWAITING, facts.deal, addon=held)
    unpaid = wish.unpaid or policy.change.unpaid
    plan, cautions = plan_made(billing, change, document, before=facts.deal, unpaid=unpaid, ids=ids, now=now)
    keys: tuple[str, ...] = ("addon.month",) if held.until_on else ()
    if held.recurs:
        keys += ("addon.on_renewal",)
    if wish.unpaid is None and plan.invoice and plan.invoice.due:
        keys += ("change.unpaid",)
    return Planned(plan, facts.deal, keys=keys, cautions=(*cautions, *cautions_of(billing, held)))


def plan_addon_removal(facts: ChangeFacts, addon_id: UUID) -> Planned:
    """It ends with the period, and nothing is given back. Raises CannotChange."""
    held = _found(facts.billing, addon_id)
    if not held.recurs:
        raise CannotChange("addon_ends_itself", "It is bought once and ends by itself.", field="addon")
    if held.leaves:
        raise CannotChange("addon_leaves", "It ends with the period already.", field="addon")
    return _noted(facts, held, "subscription.addon_leaves", {"leaves": True, "confirmed_term": None}, ())


def plan_addon_kept(facts: ChangeFacts, addon_id: UUID) -> Planned:
    """It goes on with the next period: its removal is withdrawn, or what the policy asks is answered.

    Raises CannotChange where it goes on by itself.
    """
    billing = facts.billing
    held, number = _found(billing, addon_id), term_of(billing).number + 1
    on_renewal = billing.policy.policy.addon.on_renewal
    asks = on_renewal is AddonOnRenewal.ASK and held.confirmed_term != number
    if not held.recurs or not (held.leaves or asks):
        raise CannotChange("addon_stays", "It goes on by itself.", field="addon")
    if on_renewal is AddonOnRenewal.DROP:
        raise CannotChange("addon_dropped", "Your policy ends add-ons with each period.", field="addon")
    values: dict[str, Any] = {"leaves": False, "confirmed_term": number}
    return _noted(facts, held, "subscription.addon_kept", values, ("addon.on_renewal",) if asks else ())


def _noted(facts: ChangeFacts, held: HeldAddon, kind: str, values: dict[str, Any], keys: tuple[str, ...]) -> Planned:
    billing = facts.billing
    refuse_unserved(billing)
    refuse_unsettled(billing)
    on = term_of(billing).period.ends_on.isoformat()
    event = own_event(billing, kind, addon=str(held.offer.id), held=str(held.id), quantity=held.quantity, on=on)
    plan = BillingPlan(billing, events=(event,), addon_moves=(AddonMove(held.id, values),))
    return Planned(plan, facts.deal, keys=keys)


def _held(billing: BillingFacts, wish: AddonWish, *, id_: UUID, now: datetime) -> HeldAddon:
    """As it will be held. `id_` is its own, and that of the change which adds it."""
    today, until = billing.today(now), None
    if wish.offer.kind is AddonKind.EXPIRING and wish.offer.interval:
        month = billing.policy.policy.addon.month
        until = expires_on(wish.offer.interval, month, anchor=billing.anchor_on, today=today)
    ends_at = start_of_day(until, billing.zone) if until else None
    held = HeldAddon(id_, wish.offer, wish.quantity, today, until, ends_at)
    asks = held.recurs and billing.policy.policy.addon.on_renewal is AddonOnRenewal.ASK
    # What is bought in a trial is wanted in the first period.
    in_trial = billing.lifecycle is Lifecycle.TRIALING
    return replace(held, confirmed_term=term_of(billing).number + 1) if asks and in_trial else held


def _line(facts: ChangeFacts, held: HeldAddon, *, now: datetime) -> LineDraft | None:
    billing, today = facts.billing, facts.billing.today(now)
    if not held.price:
        return None
    if not held.recurs:
        return once_line(held, Period(today, held.until_on or today + timedelta(days=1)))
    if billing.lifecycle is Lifecycle.TRIALING:
        return None
    base, ends_on = base_period(facts, today), term_of(billing).period.ends_on
    line = rest_of_addon(held, billing.interval, base=base, on=today, ends_on=ends_on)
    return line if line.amount else None


def cautions_of(billing: BillingFacts, held: HeldAddon) -> tuple[ChangeCaution, ...]:
    """What becomes of it with the next period, where it does not just go on."""
    if not held.recurs:
        return (ChangeCaution.ADDON_ENDS_ITSELF,) if held.until_on else ()
    on_renewal = billing.policy.policy.addon.on_renewal
    if on_renewal is AddonOnRenewal.CARRY:
        return ()
    return (ChangeCaution.ADDON_ASKS if on_renewal is AddonOnRenewal.ASK else ChangeCaution.ADDON_DROPS,)


def _found(billing: BillingFacts, addon_id: UUID) -> HeldAddon:
    for one in billing.addons:
        if one.id == addon_id:
            return one
    raise CannotChange("no_addon", "It does not have this add-on any more.", field="addon")


def refuse_wish(wish: AddonWish, plan: PlanFacts, *, currency: str) -> None:
    """Raises CannotChange for an add-on that is not sold with such a plan, or not so many of it."""
    offer = wish.offer
    if not 1 <= wish.quantity <= MOST:
        raise CannotChange("quantity", "A quantity is 1 or more.", field="quantity")
    if not offer.is_sellable:
        raise CannotChange("addon_not_sellable", f"{offer.name} is archived and not sold any more.", field="addon")
    if offer.price.currency != currency:
        raise CannotChange("addon_currency", f"{offer.name} has no price in this currency.", field="addon")
    if not offer.fits(plan):
        raise CannotChange("addon_does_not_fit", f"{offer.name} does not go with {plan.name}.", field="addon")
