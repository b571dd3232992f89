"""Back to an earlier plan, or to a lower one: the partner's correction of an error, always at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from billing.rules.changes.effect import on_new_deal
from billing.rules.changes.lines import Document, base_period, document_of, rest_line, reversal_lines, unused_lines
from billing.rules.changes.outcome import ChangeCaution, ChangeIds, Planned
from billing.rules.changes.refusals import CannotChange, refuse_renewal_due, refuse_unserved
from billing.rules.changes.settle import available_balance, plan_made
from billing.rules.facts import BillingFacts, ChangeFacts
from billing.rules.papers import issued, voiding
from billing.rules.plan import BillingPlan, CaseDraft, ChangeMove, LineDraft
from billing.rules.renewal import next_period, renewal_invoice
from partnerpanel.policy.rules.change import RollbackMoney, Unpaid
from subscriptions.rules.changes import ChangeKind, ChangeState, Deal, OpenChange, PastChange, days_of, direction_of
from subscriptions.rules.coupons import CouponEnd
from subscriptions.rules.states import Lifecycle


@dataclass(frozen=True, slots=True)
class RollbackWish:
    """To which deal; `money` None leaves it to the policy, and to `credit_unused` for a plan that was never held."""

    deal: Deal
    money: RollbackMoney | None = None


def plan_rollback(facts: ChangeFacts, wish: RollbackWish, *, ids: ChangeIds, now: datetime) -> Planned:
    """The rollback as asked for. Raises CannotChange with the reason.

    A coupon that came with the newest change goes with it: where the change is taken back as a whole it was never
    redeemed, unless a period was billed with it since.
    """
    coupon = facts.billing.coupon
    if coupon is None or not facts.past or coupon.id != facts.past[0].id:
        return _rolled_back(facts, wish, ids=ids, now=now)
    planned = _rolled_back(replace(facts, billing=replace(facts.billing, coupon=None)), wish, ids=ids, now=now)
    if planned.plan.change is None or planned.plan.change.state is not ChangeState.APPLIED:
        return planned
    term = facts.billing.term
    whole = planned.plan.change.reverses is not None and (term is None or term.number <= facts.past[0].term_number)
    return replace(planned, plan=replace(planned.plan, coupon_ends=CouponEnd(coupon.id, withdrawn=whole)))


def _rolled_back(facts: ChangeFacts, wish: RollbackWish, *, ids: ChangeIds, now: datetime) -> Planned:
    billing = facts.billing
    refuse_unserved(billing)
    _refuse_wish(facts, wish)
    money, keys = money_of(facts, wish)
    direction = direction_of(facts.deal.plan, wish.deal.plan, billing.policy.policy.change.direction_by)
    change = OpenChange(ids.change, ChangeKind.ROLLBACK, ChangeState.AWAITING, wish.deal, direction.value)
    if not _is_running(billing):
        plan, cautions = _without_money(facts, change, ids=ids, now=now)
        return Planned(plan, wish.deal, why=direction.why, keys=keys, cautions=cautions)
    refuse_renewal_due(billing, now)
    if billing.is_paused:
        raise CannotChange("paused", "It is paused. Resume it first.")
    reverses, cautions = None, ()
    if money is RollbackMoney.REVERSE_CHANGE:
        past = facts.past[0]
        reverses = ChangeMove(past.id, ChangeState.REVERSED)
        change, lines, cautions = _reversed(facts, change, past, now)
    elif money is RollbackMoney.CREDIT_UNUSED:
        lines = _swapped(facts, wish.deal, now)
    else:
        lines, cautions = [], (ChangeCaution.NOTHING_GIVEN_BACK,)
    term_number = billing.term.number if billing.term else 1
    document = document_of(
        facts,
        lines,
        id_=ids.document,
        note_id=ids.note,
        reason="rollback",
        term_number=term_number,
        on=billing.today(now),
        available=available_balance(billing),
        change_id=ids.change,
    )
    plan, more = plan_made(
        billing, change, document, before=facts.deal, unpaid=Unpaid.WAIT, ids=ids, now=now, reverses=reverses
    )
    return Planned(plan, wish.deal, why=direction.why, keys=keys, cautions=(*cautions, *more))


def money_of(facts: ChangeFacts, wish: RollbackWish) -> tuple[RollbackMoney, tuple[str, ...]]:
    """What is given back, and the key that said so. Only the newest change can be taken back as a whole."""
    is_previous = bool(facts.past) and facts.past[0].deal.plan.id == wish.deal.plan.id
    if wish.money is RollbackMoney.REVERSE_CHANGE and not is_previous:
        message = "Only the newest change can be taken back as a whole. Credit the unused days instead."
        raise CannotChange("nothing_to_reverse", message, field="money")
    if wish.money is not None:
        return wish.money, ()
    if not is_previous:
        return RollbackMoney.CREDIT_UNUSED, ()
    return facts.billing.policy.policy.change.rollback.money, ("change.rollback.money",)


def _is_running(billing: BillingFacts) -> bool:
    """A paid period runs: there is something to give back."""
    return billing.invoice is None and billing.case is None and billing.lifecycle is not Lifecycle.TRIALING


def _reversed(
    facts: ChangeFacts, change: OpenChange, past: PastChange, now: datetime
) -> tuple[OpenChange, list[LineDraft], tuple[ChangeCaution, ...]]:
    """The change's documents taken back. Dates return too, unless a period was billed since: then what its unused
    days cost more, or less, is settled with it."""
    billing = facts.billing
    lines = reversal_lines(facts)
    billed_since = billing.term is not None and billing.term.number > past.term_number
    if billed_since:
        return change, [*lines, *_swapped(facts, change.deal, now)], (ChangeCaution.DATES_STAY,)
    if not past.moved_dates:
        return change, lines, ()
    back = replace(change, ends_on=past.ends_on, anchor_on=past.anchor_on)
    over = past.ends_on <= billing.today(now)
    return back, lines, (ChangeCaution.NEXT_INVOICE_AT_ONCE,) if over else ()


def _swapped(facts: ChangeFacts, deal: Deal, now: datetime) -> list[LineDraft]:
    """The rest of the running period by the other deal, against what is unused of this one."""
    billing = facts.billing
    today = billing.today(now)
    unused = unused_lines(facts, today)
    if billing.term is None or not unused:
        return unused
    charge = rest_line(
        _for_period(facts, deal),
        base=base_period(facts, today),
        on=today,
        ends_on=billing.term.period.ends_on,
        coupon=billing.coupon,
        term=billing.term.number,
    )
    return [*([charge] if charge.amount else []), *unused]


def _for_period(facts: ChangeFacts, deal: Deal) -> Deal:
    """A deal of another interval at the price of the running one's length, by days."""
    from_, to = deal.plan.interval, facts.deal.plan.interval
    if from_ == to:
        return deal
    price = deal.plan.price.times(days_of(to) / days_of(from_))
    return Deal(replace(deal.plan, price=price), deal.quantity, deal.is_agreed)


def _without_money(
    facts: ChangeFacts, change: OpenChange, *, ids: ChangeIds, now: datetime
) -> tuple[BillingPlan, tuple[ChangeCaution, ...]]:
    """Nothing was paid that could be given back: the deal changes, and an open renewal is billed anew by it."""
    billing = facts.billing
    plan, cautions = plan_made(billing, change, Document(), before=facts.deal, unpaid=Unpaid.WAIT, ids=ids, now=now)
    if billing.invoice is None:
        return plan, cautions
    on_it = on_new_deal(
        replace(billing, change=None, balance=available_balance(billing, billing.invoice.held)), change.deal
    )
    invoice = renewal_invoice(on_it, id_=ids.document, period=next_period(on_it, now=now), on=billing.today(now))
    if not invoice.due:
        raise CannotChange("unpaid", "Something is owed for it. Take the payment first.")
    void, voided = voiding(billing)
    case = CaseDraft(billing.case.id, {"invoice_id": invoice.id}) if billing.case else None
    events = (*voided, *plan.events, issued(billing, invoice))
    plan = replace(plan, events=events, void=void, invoice=invoice, case=case)
    return plan, (*cautions, ChangeCaution.VOIDS_OPEN_INVOICE)


def _refuse_wish(facts: ChangeFacts, wish: RollbackWish) -> None:
    plan, held = wish.deal.plan, {past.deal.plan.id for past in facts.past}
    if wish.deal == facts.deal:
        raise CannotChange("same_plan", f"It is on {plan.name} at this price already.", field="plan")
    if plan.price.currency != facts.billing.price.currency:
        raise CannotChange(
            "other_currency", f"{plan.name} has no price in {facts.billing.price.currency}.", field="plan"
        )
    if plan.id in held:
        return
    if not plan.is_sellable:
        raise CannotChange("not_sellable", f"{plan.name} is archived and was never held.", field="plan")
    lower = plan.product_id == facts.deal.plan.product_id and plan.rank < facts.deal.plan.rank
    if not lower:
        message = f"{plan.name} was never held and is no lower plan. Change the plan instead."
        raise CannotChange("nothing_to_roll_back_to", message, field="plan")
