"""To another plan, or to more or fewer of it: at once, prorated; or with the next billing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from billing.rules.addons import addon_lines, not_fitting
from billing.rules.changes.coupon import held_on, redeemed, with_coupon
from billing.rules.changes.dropping import own_events, plan_dropped
from billing.rules.changes.lines import base_period, document_of, full_line, rest_line, unused_lines
from billing.rules.changes.new_deal import plan_new_deal
from billing.rules.changes.outcome import ChangeCaution, ChangeIds, Planned
from billing.rules.changes.refusals import CannotChange, refuse_renewal_due, refuse_unserved
from billing.rules.changes.settle import announced_dropped, available_balance, plan_made
from billing.rules.facts import BillingFacts, ChangeFacts, TermFacts
from billing.rules.own_events import own_event
from billing.rules.plan import BillingPlan, ChangeDraft
from partnerpanel.kernel.derivation import Derivation, Derived
from partnerpanel.kernel.period import nth_period
from partnerpanel.policy.rules.change import Anchor, Lateral, Measure, Unpaid, When
from subscriptions.rules.changes import (
    DIRECTION,
    ChangeKind,
    ChangeState,
    Deal,
    Direction,
    OpenChange,
    direction_of,
    direction_of_quantity,
)
from subscriptions.rules.coupons import CouponEnd, CouponOffer
from subscriptions.rules.start import MOST_QUANTITY
from subscriptions.rules.states import Lifecycle


@dataclass(frozen=True, slots=True)
class ChangeWish:
    """What was asked for; None leaves it to the policy. `coupon` is given to who goes up, with the change."""

    deal: Deal
    when: When | None = None
    anchor: Anchor | None = None
    unpaid: Unpaid | None = None
    direction: Direction | None = None
    kind: ChangeKind = ChangeKind.PLAN
    coupon: CouponOffer | None = None


def plan_change(facts: ChangeFacts, wish: ChangeWish, *, ids: ChangeIds, now: datetime) -> Planned:
    """The change as asked for. Raises CannotChange with the reason, CouponRefused where the coupon cannot be had."""
    billing = facts.billing
    refuse_unserved(billing)
    _refuse_wish(facts, wish)
    direction = _direction(facts, wish)
    when = wish.when or default_when(facts, direction.value)
    if wish.coupon is not None and direction.value is Direction.UP and not _keeps_coupon(billing):
        return _with_coupon(facts, wish, wish.coupon, when, ids=ids, now=now)
    keys = _keys(direction.value, wish)
    if when is When.PERIOD_END:
        return _scheduled(facts, wish, direction, keys, ids)
    return _immediate(facts, wish, direction, keys, ids, now)


def _keeps_coupon(billing: BillingFacts) -> bool:
    """A coupon that runs goes on; one that came with a change which waits goes with that."""
    replaced = billing.change is not None and billing.coupon is not None and billing.change.id == billing.coupon.id
    return held_on(billing) is not None and not replaced


def _with_coupon(
    facts: ChangeFacts, wish: ChangeWish, coupon: CouponOffer, when: When, *, ids: ChangeIds, now: datetime
) -> Planned:
    """The same, redeeming the coupon under the change's own id: it is not redeemed where that does not happen."""
    billing = facts.billing
    first = _first_term(facts, wish, when, now)
    held = redeemed(billing, coupon, plan_id=wish.deal.plan.id, id_=ids.change, on=billing.today(now), from_term=first)
    holding = replace(facts, billing=replace(billing, coupon=held))
    planned = plan_change(holding, replace(wish, coupon=None), ids=ids, now=now)
    before, dropped = billing.coupon, billing.change
    ends = CouponEnd(before.id, withdrawn=dropped is not None and dropped.id == before.id) if before else None
    return replace(planned, plan=replace(with_coupon(planned.plan, held), coupon_ends=ends))


def _first_term(facts: ChangeFacts, wish: ChangeWish, when: When, now: datetime) -> int:
    """The number of the term that the change bills first."""
    billing, term = facts.billing, _term(facts.billing)
    if when is When.PERIOD_END or billing.lifecycle is Lifecycle.TRIALING or (billing.case and billing.case.over):
        return term.number + 1
    if billing.invoice is not None:
        return billing.invoice.term_number
    begins_anew = _anchor(facts, wish) is Anchor.RESET and billing.today(now) > term.period.starts_on
    return term.number + begins_anew


def _anchor(facts: ChangeFacts, wish: ChangeWish) -> Anchor:
    """Seats come and go within the period; a policy that begins a new one is about other plans."""
    if wish.deal.plan.interval != facts.deal.plan.interval:
        return Anchor.RESET
    policy = facts.billing.policy.policy.change.upgrade
    return wish.anchor or (Anchor.KEEP if wish.kind is ChangeKind.QUANTITY else policy.anchor)


def default_when(facts: ChangeFacts, direction: Direction) -> When:
    """What the policy says for this direction; where it asks, at once."""
    change = facts.billing.policy.policy.change
    if direction is Direction.UP:
        return change.upgrade.when
    if direction is Direction.DOWN:
        return change.downgrade
    return When.PERIOD_END if change.lateral is Lateral.PERIOD_END else When.IMMEDIATE


def _immediate(
    facts: ChangeFacts,
    wish: ChangeWish,
    direction: Derived[Direction],
    keys: tuple[str, ...],
    ids: ChangeIds,
    now: datetime,
) -> Planned:
    billing = facts.billing
    policy = billing.policy.policy.change
    unpaid = wish.unpaid or policy.unpaid
    plain = OpenChange(ids.change, wish.kind, ChangeState.AWAITING, wish.deal, direction.value)
    made = plan_new_deal(facts, plain, ids=ids, now=now, unpaid=unpaid)
    if made is None:
        refuse_renewal_due(billing, now)
        if billing.is_paused:
            raise CannotChange("paused", "It is paused. Resume it first.")
        anchor = _anchor(facts, wish)
        made = _prorated(facts, wish, direction.value, anchor, ids=ids, now=now, unpaid=unpaid)
    plan, cautions = made
    if wish.unpaid is None and plan.invoice and plan.invoice.due:
        keys += ("change.unpaid",)
    if policy.measure is not Measure.TIME:
        keys += ("change.measure",)
    return Planned(plan, wish.deal, why=direction.why, keys=keys, cautions=cautions)


def _prorated(
    facts: ChangeFacts,
    wish: ChangeWish,
    direction: Direction,
    anchor: Anchor,
    *,
    ids: ChangeIds,
    now: datetime,
    unpaid: Unpaid,
) -> tuple[BillingPlan, tuple[ChangeCaution, ...]]:
    billing, term = facts.billing, _term(facts.billing)
    today, measure = billing.today(now), billing.policy.policy.change.measure
    leaving = {one.offer.id for one in not_fitting(billing.addons, wish.deal.plan)}
    kept = [one for one in billing.addons if one.offer.id not in leaving]
    if anchor is Anchor.RESET:
        period = nth_period(anchor=today, interval=wish.deal.plan.interval, n=0)
        number = term.number + (today > term.period.starts_on)
        plan_line = full_line(wish.deal, period, coupon=billing.coupon, term=number)
        bought = [plan_line, *addon_lines(kept, wish.deal.plan.interval, period)]
        unused = unused_lines(facts, today, measure=measure)
        change = OpenChange(
            ids.change,
            wish.kind,
            ChangeState.AWAITING,
            wish.deal,
            direction,
            starts_on=today,
            ends_on=period.ends_on,
            anchor_on=today,
        )
    else:
        number = term.number
        rest = rest_line(
            wish.deal,
            base=base_period(facts, today),
            on=today,
            ends_on=term.period.ends_on,
            coupon=billing.coupon,
            term=number,
        )
        bought = [rest]
        unused = unused_lines(
            facts, today, of=lambda line: line.addon is None or line.addon in leaving, measure=measure
        )
        change = OpenChange(ids.change, wish.kind, ChangeState.AWAITING, wish.deal, direction)
    lines = [*(line for line in bought if line.amount), *unused]
    document = document_of(
        facts,
        lines,
        id_=ids.document,
        note_id=ids.note,
        reason="plan_change",
        term_number=number,
        on=today,
        available=available_balance(billing),
        change_id=ids.change,
    )
    plan, cautions = plan_made(billing, change, document, before=facts.deal, unpaid=unpaid, ids=ids, now=now)
    return plan, (*cautions, ChangeCaution.ADDONS_LEAVE) if leaving else cautions


def _scheduled(
    facts: ChangeFacts, wish: ChangeWish, direction: Derived[Direction], keys: tuple[str, ...], ids: ChangeIds
) -> Planned:
    """Kept as a wish; the renewal applies it."""
    billing, term = facts.billing, _term(facts.billing)
    dropped = plan_dropped(billing, why="replaced")
    cautions: tuple[ChangeCaution, ...] = (ChangeCaution.REPLACES_SCHEDULED,) if billing.change else ()
    change = OpenChange(ids.change, wish.kind, ChangeState.SCHEDULED, wish.deal, direction.value)
    cautions += announced_dropped(billing, change)
    event = own_event(
        billing,
        "subscription.change_scheduled",
        own_events(dropped) + 1,
        change=str(change.id),
        plan=[str(billing.plan_id), str(wish.deal.plan.id)],
        quantity=[billing.quantity, wish.deal.quantity],
        direction=direction.value.value,
        price=[wish.deal.price.amount, wish.deal.price.currency],
        on=term.period.ends_on.isoformat(),
    )
    plan = BillingPlan(
        billing,
        events=(*dropped.events, event),
        void=dropped.void,
        change=ChangeDraft(change, ChangeState.SCHEDULED, facts.deal),
        changes=dropped.changes,
    )
    return Planned(plan, wish.deal, at_once=False, why=direction.why, keys=keys, cautions=cautions)


def _refuse_wish(facts: ChangeFacts, wish: ChangeWish) -> None:
    plan = wish.deal.plan
    if not 1 <= wish.deal.quantity <= MOST_QUANTITY:
        raise CannotChange("quantity", "A quantity is from 1 to 1,000,000.", field="quantity")
    if wish.kind is ChangeKind.QUANTITY and wish.deal == facts.deal:
        raise CannotChange("same_quantity", f"It comprises {wish.deal.quantity} already.", field="quantity")
    if wish.deal == facts.deal:
        raise CannotChange("same_plan", f"It is on {plan.name} at this price already.", field="plan")
    if not plan.is_sellable and plan.id != facts.deal.plan.id:
        raise CannotChange("not_sellable", f"{plan.name} is archived and not sold any more.", field="plan")
    if plan.price.currency != facts.billing.price.currency:
        raise CannotChange(
            "other_currency", f"{plan.name} has no price in {facts.billing.price.currency}.", field="plan"
        )
    if facts.billing.cancel_at_period_end:
        raise CannotChange("cancelling", "It is cancelled and ends with its period. Keep it first.")


def _direction(facts: ChangeFacts, wish: ChangeWish) -> Derived[Direction]:
    if wish.direction is not None:
        return Derived(wish.direction, Derivation(DIRECTION, {"by": "caller", "before": "", "after": ""}))
    if wish.kind is ChangeKind.QUANTITY:
        return direction_of_quantity(facts.deal.quantity, wish.deal.quantity)
    return direction_of(facts.deal.plan, wish.deal.plan, facts.billing.policy.policy.change.direction_by)


def _keys(direction: Direction, wish: ChangeWish) -> tuple[str, ...]:
    counts = wish.kind is ChangeKind.QUANTITY
    keys: tuple[str, ...] = ("change.direction_by",) if wish.direction is None and not counts else ()
    by_direction = {
        Direction.UP: ("change.upgrade.when",) if counts else ("change.upgrade.when", "change.upgrade.anchor"),
        Direction.DOWN: ("change.downgrade",),
        Direction.LATERAL: ("change.lateral",),
    }
    return keys if wish.when else keys + by_direction[direction]


def _term(facts: BillingFacts) -> TermFacts:
    if facts.term is None:
        raise CannotChange("not_started", "This subscription has not begun to be billed here.")
    return facts.term
