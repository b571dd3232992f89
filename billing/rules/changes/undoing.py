"""The inverse of what was done to a subscription, planned anew. Money is never undone: it is counter-booked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from billing.documents.states import InvoiceKind, InvoiceStatus, LineKind
from billing.rules.changes.cancelling import CancelReason, CancelWhen, plan_keep
from billing.rules.changes.coupon import plan_coupon_removed
from billing.rules.changes.dates import term_of, with_the_end
from billing.rules.changes.dropping import plan_dropped
from billing.rules.changes.extension import EXTENDED
from billing.rules.changes.lines import REVERSAL, document_of
from billing.rules.changes.outcome import ChangeCaution, ChangeIds, Planned
from billing.rules.changes.pausing import plan_resumption
from billing.rules.changes.price_notice import announced_before, plan_price_withdrawn
from billing.rules.changes.refusals import CannotChange, refuse_unserved
from billing.rules.changes.rollback import RollbackWish, plan_rollback
from billing.rules.changes.skipping import SKIPPED
from billing.rules.facts import BillingFacts, ChangeFacts, ServiceLine
from billing.rules.own_events import own_event
from billing.rules.papers import issued, noted
from billing.rules.plan import BillingPlan, InvoiceDraft, InvoiceMove, LineDraft, TermMove
from billing.rules.taxing import gross_total
from billing.tax.rules.amounts import Taxes, credit_of_net
from partnerpanel.events.drafts import EventDraft
from partnerpanel.kernel.clock import start_of_day
from partnerpanel.kernel.derivation import Derivation
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Period
from partnerpanel.policy.rules.change import RollbackMoney
from subscriptions.rules.movements import counted, said
from subscriptions.rules.states import SERVED, Access, Collection, Lifecycle

UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Credited:
    """A line of a credit note that the action issued; `amount` above zero was given, with the tax of its `parts`."""

    document: str
    text: str
    quantity: int
    amount: Money
    period: Period
    parts: Taxes = ()


@dataclass(frozen=True, slots=True)
class Done:
    """What an action did to one subscription: its event, and the version at which it left it.

    `dropped` and `released` say that it dropped an open change and lifted a hold. `paid` are the lines of the invoice
    that its payment paid, with that invoice's name, `credited` those of its credit note.
    """

    action_id: UUID
    kind: str
    data: Mapping[str, Any]
    version: int
    dropped: bool = False
    released: bool = False
    paid: Mapping[UUID, str] = field(default_factory=dict)
    credited: tuple[Credited, ...] = ()


def plan_undone(facts: ChangeFacts, done: Done, *, ids: ChangeIds, now: datetime) -> Planned:
    """The inverse. Raises CannotChange with the reason: `changed_since` once anything else has happened."""
    billing = facts.billing
    if billing.version != done.version:
        raise changed_since()
    if billing.is_charging:
        raise CannotChange("being_charged", "A charge is being checked. Try again when its outcome is known.")
    planned = _INVERSES[done.kind](facts, done, ids, now)
    cautions = planned.cautions
    if done.dropped:
        cautions = (*cautions, ChangeCaution.STAYS_DROPPED)
    if done.released:
        cautions = (*cautions, ChangeCaution.HOLD_STAYS_LIFTED)
    return replace(planned, plan=_marked(planned.plan, done.action_id), cautions=cautions)


def changed_since() -> CannotChange:
    """The refusal of undoing what somebody or something has changed since."""
    return CannotChange("changed_since", "It has been changed since, so undoing is no longer safe.")


def _marked(plan: BillingPlan, action_id: UUID) -> BillingPlan:
    """The subscription's own events name the action that they undo."""
    own = plan.facts.subscription_id
    events = [
        replace(event, data={**event.data, "undoes": str(action_id)}) if event.object_id == own else event
        for event in plan.events
    ]
    return replace(plan, events=tuple(events))


def _change_back(facts: ChangeFacts, done: Done, ids: ChangeIds, now: datetime) -> Planned:
    """A change that still waits is dropped; one that happened is taken back with its documents."""
    refuse_unserved(facts.billing)
    change, id_ = facts.billing.change, UUID(done.data["change"])
    if change is not None and change.id == id_:
        return Planned(plan_dropped(facts.billing, why=UNDONE), facts.deal)
    past = facts.past[0] if facts.past else None
    if past is None or past.id != id_:
        raise CannotChange("nothing_to_undo", "There is nothing to undo.")
    return plan_rollback(facts, RollbackWish(past.deal, RollbackMoney.REVERSE_CHANGE), ids=ids, now=now)


def _dates_back(facts: ChangeFacts, done: Done, ids: ChangeIds, now: datetime) -> Planned:
    """The end of the term and the anchor as they were. What was paid for the time goes to the balance."""
    billing, term = facts.billing, term_of(facts.billing)
    refuse_unserved(billing)
    was_on, until = (date.fromisoformat(day) for day in done.data["ends"])
    anchor_on = date.fromisoformat(done.data["anchor"][0])
    if term.period.ends_on != until:
        raise changed_since()
    paid = [line for line in facts.lines if line.ref.line_id in done.paid]
    free_from = max((line.period.ends_on for line in paid), default=until if done.paid else was_on)
    # A term's number is given once: of one that the payment opened a day is left, and its renewal is due after that.
    end = was_on if term.number == done.data["term"] else term.period.starts_on + timedelta(days=1)
    note = document_of(
        facts,
        [_taken_back(line, done) for line in paid if line.charged > line.credited],
        id_=ids.document,
        note_id=ids.note,
        reason=UNDONE,
        term_number=term.number,
        on=billing.today(now),
    ).credit_note
    event = own_event(
        billing,
        "subscription.dates_put_back",
        1,
        term=term.number,
        ends=[until.isoformat(), end.isoformat()],
        anchor=[billing.anchor_on.isoformat(), anchor_on.isoformat()],
        on=end.isoformat(),
        **({"amount": [note.total.amount, note.total.currency]} if note else {}),
    )
    given_for = EXTENDED if done.kind == "subscription.extended" else SKIPPED
    plan = BillingPlan(
        billing,
        events=(event, *((noted(billing, note),) if note else ())),
        values={
            "anchor_on": anchor_on,
            "reminded_on": None,
            "renewal_waits": False,
            **with_the_end(billing, end),
        },
        dates=TermMove(term.number, Period(term.period.starts_on, end), (free_from - until).days, given_for),
        credit_note=note,
    )
    cautions = [ChangeCaution.PAYMENT_TO_BALANCE] if note else []
    if start_of_day(end, billing.zone) <= now and not billing.cancel_at_period_end:
        cautions.append(ChangeCaution.NEXT_INVOICE_AT_ONCE)
    return Planned(plan, facts.deal, cautions=tuple(cautions))


def _taken_back(line: ServiceLine, done: Done) -> LineDraft:
    left, document = line.charged - line.credited, done.paid[line.ref.line_id] if line.ref.line_id else ""
    why = Derivation(REVERSAL, {"amount": str(line.charged), "left": str(left), "document": document})
    taxes = credit_of_net(line.taxed, left)
    return LineDraft(LineKind.REVERSAL, line.text, 1, left, line.period, why, line.ref, taxes).turned()


def _cancelled_again(facts: ChangeFacts) -> Planned:
    """A cancellation that was taken back holds after all."""
    billing = facts.billing
    refuse_unserved(billing)
    if billing.cancel_at_period_end:
        raise changed_since()
    event = own_event(
        billing,
        "subscription.cancelled",
        when=CancelWhen.PERIOD_END.value,
        on=term_of(billing).period.ends_on.isoformat(),
        reason=CancelReason.OTHER.value,
    )
    plan = BillingPlan(billing, events=(event,), values={"cancel_at_period_end": True})
    return Planned(plan, facts.deal, at_once=False)


def _running_again(facts: ChangeFacts, done: Done, ids: ChangeIds, now: datetime) -> Planned:
    """What was ended at once runs on as it did; what was owed is asked for again when its renewal falls due."""
    billing, was = facts.billing, done.data["was"]
    if billing.lifecycle is not Lifecycle.ENDED:
        raise changed_since()
    lifecycle, is_paused = Lifecycle(was["lifecycle"]), bool(was["paused"])
    opens = lifecycle in SERVED and not (billing.is_held or billing.is_being_set_up or is_paused)
    access = Access.OPEN if opens else Access.BLOCKED
    paused_from, paused_until = (datetime.fromisoformat(at) if at else None for at in was["pause"])
    none = Money.zero(billing.price.currency)
    dates = _whole_again(billing, done)
    term = dates.period if dates else billing.term.period if billing.term else None
    event = own_event(
        billing,
        "subscription.restored",
        1,
        lifecycle=[Lifecycle.ENDED.value, lifecycle.value],
        access=[Access.BLOCKED, access],
        **({"on": term.ends_on.isoformat()} if term else {}),
        **said(billing.recurring, none if is_paused else counted(lifecycle, billing.mrr)),
    )
    invoice = _charged_again(facts, done, ids)
    booked = (issued(billing, invoice), _paid_event(billing, invoice)) if invoice else ()
    plan = BillingPlan(
        billing,
        events=(event, *booked),
        values={
            "lifecycle": lifecycle,
            "ended_at": None,
            "access": access,
            "is_suspended": billing.is_held,
            "collection": Collection.CURRENT,
            "cancel_at_period_end": bool(was["cancels"]),
            "paused_from": paused_from,
            "paused_until": paused_until,
            "renewal_waits": bool(was["waits"]),
        },
        invoice=invoice,
        move=InvoiceMove(invoice.id, 1, InvoiceStatus.PAID, invoice.due) if invoice else None,
        dates=dates,
    )
    cautions = [ChangeCaution.CREDIT_TAKEN_BACK] if invoice else []
    runs_out = term is not None and start_of_day(term.ends_on, billing.zone) <= now
    if runs_out and lifecycle in SERVED and not is_paused and not was["cancels"]:
        cautions.append(ChangeCaution.NEXT_INVOICE_AT_ONCE)
    return Planned(plan, facts.deal, cautions=tuple(cautions))


def _whole_again(billing: BillingFacts, done: Done) -> TermMove | None:
    """The running term until the day that the end cut off."""
    if billing.term is None or "ends" not in done.data:
        return None
    until, cut_on = (date.fromisoformat(day) for day in done.data["ends"])
    if billing.term.period.ends_on != cut_on:
        raise changed_since()
    return TermMove(billing.term.number, Period(billing.term.period.starts_on, until))


def _charged_again(facts: ChangeFacts, done: Done, ids: ChangeIds) -> InvoiceDraft | None:
    """The credit that was given is taken from the balance again. Raises CannotChange where it is used up."""
    billing = facts.billing
    if not done.credited or billing.term is None:
        return None
    zero = Money.zero(billing.price.currency)
    lines = tuple(_charged_line(line) for line in done.credited)
    total = gross_total(lines, zero.currency)
    if (billing.balance or zero).amount < total.amount:
        message = f"{total} was credited for it and is not in the balance any more."
        raise CannotChange("credit_used", message)
    period = Period(min(line.period.starts_on for line in lines), max(line.period.ends_on for line in lines))
    return InvoiceDraft(ids.document, InvoiceKind.CHANGE, billing.term.number, period, lines, total, total)


def _charged_line(line: Credited) -> LineDraft:
    taken = Derivation(REVERSAL, {"amount": str(-line.amount), "left": str(-line.amount), "document": line.document})
    return LineDraft(LineKind.PLAN, line.text, line.quantity, line.amount, line.period, taken, taxes=line.parts)


def _paid_event(billing: BillingFacts, invoice: InvoiceDraft) -> EventDraft:
    return EventDraft("invoice.paid", "invoice", invoice.id, 2, billing.customer_id)


def _unpaused(facts: ChangeFacts, now: datetime) -> Planned:
    """A pause that has not begun does not begin."""
    if facts.billing.paused_from is None or facts.billing.is_paused:
        raise changed_since()
    return plan_resumption(facts, now=now)


def _unannounced(facts: ChangeFacts, done: Done, now: datetime) -> Planned:
    """A new price that nothing costs yet is withdrawn; what was announced before it holds again."""
    return plan_price_withdrawn(facts, before=announced_before(done.data), now=now)


_INVERSES: Mapping[str, Callable[[ChangeFacts, Done, ChangeIds, datetime], Planned]] = {
    "subscription.change_scheduled": _change_back,
    "subscription.change_awaits_payment": _change_back,
    "subscription.plan_changed": _change_back,
    "subscription.quantity_changed": _change_back,
    "subscription.coupon_redeemed": lambda facts, _, __, ___: plan_coupon_removed(facts),
    "subscription.extended": _dates_back,
    "subscription.renewal_skipped": _dates_back,
    "subscription.cancelled": lambda facts, _, __, ___: plan_keep(facts),
    "subscription.kept": lambda facts, _, __, ___: _cancelled_again(facts),
    "subscription.ended": _running_again,
    "subscription.pause_scheduled": lambda facts, _, __, now: _unpaused(facts, now),
    "subscription.price_announced": lambda facts, done, _, now: _unannounced(facts, done, now),
}
