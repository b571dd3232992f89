"""A person pays: money recorded by hand, or a charge asked for now."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from billing.charging.states import Purpose
from billing.documents.states import PaymentSource
from billing.queries.facts import load
from billing.queries.recorded import is_recorded
from billing.rules.facts import BillingFacts, InvoiceFacts
from billing.rules.in_part import plan_paid_in_part
from billing.rules.late_renewal import late_renewal
from billing.rules.paid import plan_paid
from billing.rules.papers import issued
from billing.rules.plan import AttemptDraft, BillingPlan, InvoiceDraft, PaymentDraft
from billing.rules.renewal import next_period, renewal_invoice
from billing.services.apply import apply
from partnerpanel.kernel.errors import Conflict, DomainError, NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.scope import tenant
from subscriptions.rules.states import Lifecycle

NOTE_LENGTH = 500
BY_HAND = (PaymentSource.BANK, PaymentSource.CASH, PaymentSource.OTHER)


class InvalidPayment(DomainError):
    """A payment that cannot be taken; `field` names which input."""

    code = "invalid_payment"


class NothingToPay(DomainError):
    """Nothing is owed and no renewal is due."""

    code = "nothing_to_pay"


class NotWaivable(DomainError):
    """The fee for renewing late has to be paid."""

    code = "not_waivable"


class BeingCharged(Conflict):
    """A charge is under way, and nobody knows yet how it ends."""

    code = "being_charged"


class NoPaymentMethod(DomainError):
    """There is no card that could be charged."""

    code = "no_payment_method"


class ChargingStopped(Conflict):
    """The switch is off: nobody may be charged now."""

    code = "charging_stopped"


class RecordedAlready(Conflict):
    """The same amount with the same note is booked for the customer."""

    code = "recorded_already"


class OwedMoved(Conflict):
    """Another term is owed than the one that was shown."""

    code = "owed_moved"


def record_payment(
    subscription_id: UUID,
    *,
    amount: Money,
    source: PaymentSource,
    received_on: date,
    note: str,
    actor: Actor,
    now: datetime,
    term_number: int | None = None,
    waive_fee: bool = False,
    again: bool = False,
) -> UUID:
    """Books money that came outside the gateway for what is owed; returns the payment's id.

    Less than is due leaves the invoice open with the rest, unless it still has to be written; what is more goes to the
    customer's balance. `term_number` is the term that the person saw: where another is owed by now, nothing is booked.
    `waive_fee` asks no fee for being late. The same amount with the same note is booked once, or `again` where it did
    come twice. Opens its own scope. Raises InvalidPayment naming the field, RecordedAlready, NothingToPay, NotWaivable,
    BeingCharged, OwedMoved, NotFound; then nothing is written.
    """
    if source not in BY_HAND:
        raise InvalidPayment("Say how it came: bank, cash or other.", field="source")
    if amount.amount <= 0:
        raise InvalidPayment("An amount is above zero.", field="amount")
    if not 1 <= len(note.strip()) <= NOTE_LENGTH:
        raise InvalidPayment("A note of at most 500 letters says where the money is.", field="note")
    with tenant(actor.partner_id):
        facts = _facts(subscription_id, actor, now)
        if amount.currency != facts.price.currency:
            raise InvalidPayment(f"The subscription is in {facts.price.currency}.", field="currency")
        if received_on > facts.today(now):
            raise InvalidPayment("A payment is received today or earlier.", field="received_on")
        if facts.term and received_on < facts.term.period.starts_on:
            raise InvalidPayment("That day lies in a period that is closed.", field="received_on")
        invoice, draft = owed(facts, now=now, waive_fee=waive_fee)
        _same_term(invoice, term_number)
        if amount < invoice.due and draft is not None:
            raise InvalidPayment(f"{invoice.due} is owed; a payment covers all of it.", field="amount")
        if not again and is_recorded(actor.partner_id, facts.customer_id, amount=amount, note=note):
            raise RecordedAlready(
                "This amount with this note is recorded already. Say so if it came twice.", field="again"
            )
        payment = PaymentDraft(uuid7(), invoice.id, source, amount, received_on, note=note.strip())
        if amount < invoice.due:
            plan = plan_paid_in_part(facts, invoice, payment)
        else:
            plan = plan_by_person(facts, invoice, draft, payment, now=now)
        apply([plan], actor=actor, action_id=uuid7(), now=now)
    return payment.id


def charge_now(
    subscription_id: UUID,
    *,
    purpose: Purpose,
    actor: Actor,
    now: datetime,
    term_number: int | None = None,
    waive_fee: bool = False,
) -> UUID:
    """Writes the intent to charge what is owed with the default method now; returns the attempt's id.

    `term_number` and `waive_fee` as in `record_payment`. Opens its own scope. Raises ChargingStopped,
    NoPaymentMethod, NothingToPay, NotWaivable, BeingCharged, OwedMoved, NotFound; then nothing is written.
    """
    with tenant(actor.partner_id):
        facts = _facts(subscription_id, actor, now)
        plan, attempt = plan_charge(facts, purpose=purpose, now=now, term_number=term_number, waive_fee=waive_fee)
        apply([plan], actor=actor, action_id=uuid7(), now=now)
    return attempt.id


def plan_charge(
    facts: BillingFacts,
    *,
    purpose: Purpose,
    now: datetime,
    term_number: int | None = None,
    waive_fee: bool = False,
) -> tuple[BillingPlan, AttemptDraft]:
    """The intent to charge what is owed, and the invoice it needs. Refuses as `charge_now` says."""
    if facts.charging_stopped:
        raise ChargingStopped("Charging is stopped: nobody is charged until it goes on.")
    if facts.method is None:
        raise NoPaymentMethod("The customer has no card on file; ask for one first.", field="method")
    invoice, draft = owed(facts, now=now, waive_fee=waive_fee)
    _same_term(invoice, term_number)
    ordinal = facts.case.attempts + 1 if facts.case else 1
    attempt = AttemptDraft(uuid7(), invoice.id, ordinal, purpose, invoice.due, facts.method)
    events = (issued(facts, draft),) if draft else ()
    return BillingPlan(facts, events=events, invoice=draft, attempt=attempt), attempt


def plan_by_person(
    facts: BillingFacts, invoice: InvoiceFacts, draft: InvoiceDraft | None, payment: PaymentDraft, *, now: datetime
) -> BillingPlan:
    """What a person's payment for `invoice` does; `draft` is that invoice where it has to be issued first."""
    first_event = issued(facts, draft) if draft else None
    return plan_paid(facts, invoice, payment, by_person=True, now=now, new_invoice=draft, first_event=first_event)


def owed(facts: BillingFacts, *, now: datetime, waive_fee: bool = False) -> tuple[InvoiceFacts, InvoiceDraft | None]:
    """What there is to pay: the open renewal invoice, that of a change which waits, or after the deadline a new
    renewal from today on, with the fee for being late unless that is waived.

    Raises NothingToPay where none is, NotWaivable where the policy allows no waiver.
    """
    if facts.invoice is not None:
        return facts.invoice, None
    if facts.change_invoice is not None:
        return facts.change_invoice, None
    if facts.is_paused:
        raise NothingToPay("Nothing is owed: it is paused. Resume it first.")
    if facts.awaits_cut_over:
        raise NothingToPay("Nothing is owed here before the cut-over.")
    due = facts.term is not None and now >= facts.term.ends_at
    if facts.lifecycle is Lifecycle.ENDED or not due:
        raise NothingToPay("Nothing is owed: the running period is paid.")
    if facts.case is not None and facts.case.over:
        if waive_fee and not facts.case.policy.policy.grace.renew_after.waivable:
            raise NotWaivable("The policy allows no waiver of this fee.", field="waive_fee")
        draft = late_renewal(facts, id_=uuid7(), now=now, waive_fee=waive_fee)
    else:
        draft = renewal_invoice(facts, id_=uuid7(), period=next_period(facts, now=now), on=facts.today(now))
    if not draft.total:
        raise NothingToPay("It costs nothing: extend it without a payment.")
    draft = replace(draft, credit=Money.zero(draft.total.currency)) if draft.credit == draft.total else draft
    invoice = InvoiceFacts(draft.id, "", draft.term_number, draft.period, draft.due, 1, change_id=draft.change_id)
    return invoice, draft


def _same_term(invoice: InvoiceFacts, shown: int | None) -> None:
    if shown is not None and shown != invoice.term_number:
        raise OwedMoved("Something was paid since you looked. Nothing was done; look at what is owed now.")


def _facts(subscription_id: UUID, actor: Actor, now: datetime) -> BillingFacts:
    facts = load(actor.partner_id, [subscription_id], now=now, lock=True).get(subscription_id)
    if facts is None:
        raise NotFound("There is no such subscription.", field="subscription")
    if facts.is_charging:
        raise BeingCharged("A charge for this subscription is being checked. Try again when its outcome is known.")
    return facts
