"""What must be true of a partner's money at every instant, whatever happened."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from itertools import pairwise
from uuid import UUID

from django.db.models import Sum

from billing.charging.states import OPEN
from billing.collection.switch import standstill
from billing.documents.states import InvoiceKind, InvoiceStatus
from billing.models import (
    Balance,
    CollectionCase,
    CreditNote,
    CreditNoteLine,
    Invoice,
    InvoiceLine,
    LedgerEntry,
    Payment,
    PaymentAttempt,
    PaymentReturn,
    Refund,
    SandboxCharge,
    SandboxRefund,
)
from billing.queries.sql.books import INVOICES, odd
from billing.refunds.states import OPEN as OPEN_REFUNDS
from billing.refunds.states import RefundStatus
from billing.rules.explain import derivation_from
from billing.wording import sentence
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Hold, Subscription, Term
from subscriptions.queries.movements import recurring_by_movements
from subscriptions.queries.overview import monthly_recurring
from subscriptions.rules.states import SERVED, UNSERVED, HoldKind


def keeps_its_promises(partner_id: UUID, now: datetime) -> None:
    """Raises AssertionError that names the promise."""
    with tenant(partner_id):
        money_is_right(partner_id)
        _something_is_always_due(partner_id, now)


def money_is_right(partner_id: UUID) -> None:
    """The same of documents and money alone, in the open scope."""
    _nobody_is_charged_twice(partner_id)
    _terms_follow_one_another(partner_id)
    _numbers_leave_no_gap(partner_id)
    _documents_are_their_lines(partner_id)
    _every_amount_has_a_sentence(partner_id)
    _nothing_is_given_back_twice(partner_id)
    _money_adds_up(partner_id)
    _refunds_add_up(partner_id)
    _movements_add_up(partner_id)


def _nobody_is_charged_twice(partner_id: UUID) -> None:
    """A term is paid for once, whatever renewal invoice it was on; so is anything else that was billed, and so is a
    change."""
    invoices = {str(row.pk): row for row in Invoice.objects.for_partner(partner_id)}
    charges = SandboxCharge.objects.for_partner(partner_id).filter(status="succeeded", metadata__has_key="invoice")
    charged = [invoices[row.metadata["invoice"]] for row in charges]
    renewals = [row for row in charged if row.kind == InvoiceKind.RENEWAL]
    terms = Counter((row.subscription_id, row.term_number) for row in renewals)
    assert set(terms.values()) <= {1}, f"charged twice for a term: {terms}"
    documents = Counter(row.pk for row in charged)
    assert set(documents.values()) <= {1}, f"charged twice for an invoice: {documents}"
    changes = Counter(row.change_id for row in charged if row.change_id)
    assert set(changes.values()) <= {1}, f"charged twice for a change: {changes}"


def _terms_follow_one_another(partner_id: UUID) -> None:
    rows = Term.objects.for_partner(partner_id).order_by("subscription_id", "number")
    for before, after in pairwise(rows):
        if before.subscription_id == after.subscription_id:
            assert after.number == before.number + 1
            assert after.starts_on >= before.ends_on, f"{after.starts_on} overlaps {before.ends_on}"


def _numbers_leave_no_gap(partner_id: UUID) -> None:
    for model in (Invoice, CreditNote):
        numbers = list(model.objects.for_partner(partner_id).order_by("number").values_list("number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1)), f"{model.__name__}: {numbers}"


def _documents_are_their_lines(partner_id: UUID) -> None:
    for model, lines, owner in ((Invoice, InvoiceLine, "invoice"), (CreditNote, CreditNoteLine, "credit_note")):
        rows = lines.objects.for_partner(partner_id).order_by()
        for column, total in (("amount", "subtotal_amount"), ("tax_amount", "tax_amount")):
            sums = dict(rows.values_list(owner).annotate(sum=Sum(column)))
            totals = dict(model.objects.for_partner(partner_id).values_list("pk", total))
            assert {id_: sums.get(id_, 0) for id_ in totals} == totals
        for tax, parts in rows.values_list("tax_amount", "taxes"):
            assert tax == sum(part["amount"] for part in parts)


def _every_amount_has_a_sentence(partner_id: UUID) -> None:
    """Each line of an invoice or a credit note, and each tax of it, says how it came about."""
    for model, currency in ((InvoiceLine, "invoice__currency"), (CreditNoteLine, "credit_note__currency")):
        rows = model.objects.for_partner(partner_id).values_list("pk", "amount", currency, "derivation", "taxes")
        for line, amount, unit, why, taxes in rows:
            assert why, f"nothing explains {model.__name__} {line}"
            amounts = [(amount, why), *((one["amount"], one["why"]) for one in taxes)]
            assert all(sentence(Money(worth, unit), derivation_from(reason)) for worth, reason in amounts)


def _nothing_is_given_back_twice(partner_id: UUID) -> None:
    """Of no line more than it cost, nor more than its tax, counting what credits it on other invoices and on credit
    notes. Of one that is taken back whole, its tax is too."""
    invoiced = InvoiceLine.objects.for_partner(partner_id).exclude(invoice__status=InvoiceStatus.VOID)
    noted = CreditNoteLine.objects.for_partner(partner_id)
    given: Counter[UUID] = Counter()
    taxes: Counter[UUID] = Counter()
    for sign, rows in ((-1, invoiced), (1, noted)):
        back = rows.filter(credits_line__isnull=False)
        for line, amount, tax in back.values_list("credits_line_id", "amount", "tax_amount"):
            given[line] += sign * amount
            taxes[line] += sign * tax
    charged = InvoiceLine.objects.for_partner(partner_id).filter(pk__in=given)
    for line, amount, tax in charged.values_list("pk", "amount", "tax_amount"):
        assert 0 <= given[line] <= amount, f"{given[line]} was given back of a line of {amount}"
        assert 0 <= taxes[line] <= tax, f"{taxes[line]} of tax was given back of a line with {tax}"
        assert taxes[line] == tax or given[line] < amount, "tax is left of a line that was taken back"


def _money_adds_up(partner_id: UUID) -> None:
    entries = LedgerEntry.objects.for_partner(partner_id).order_by()
    sums = entries.values_list("customer", "currency").annotate(sum=Sum("amount"))
    ledger = {(customer, currency): amount for customer, currency, amount in sums}
    for balance in Balance.objects.for_partner(partner_id):
        assert 0 <= balance.amount == ledger.get((balance.customer_id, balance.currency), 0)
    assert odd(INVOICES, partner_id, 10) == []
    payments = Payment.objects.for_partner(partner_id).order_by()
    received = dict(payments.values_list("invoice").annotate(sum=Sum("amount")))
    for invoice in Invoice.objects.for_partner(partner_id):
        assert received.get(invoice.pk, 0) >= invoice.paid_amount
    for invoice in Invoice.objects.for_partner(partner_id).filter(status=InvoiceStatus.PAID):
        assert invoice.paid_amount + invoice.credit_amount + invoice.reduced_amount == invoice.total_amount
    taken = SandboxCharge.objects.for_partner(partner_id).filter(status="succeeded", metadata__has_key="invoice")
    cards = payments.filter(attempt_id__isnull=False).values_list("attempt_id", "amount")
    unsettled = PaymentAttempt.objects.for_partner(partner_id).filter(status__in=OPEN).values_list("pk", flat=True)
    journal = Counter((row.key, row.amount) for row in taken) - Counter(
        (str(attempt), amount) for attempt, amount in cards
    )
    assert {key for key, _ in journal} <= set(map(str, unsettled)), f"taken and not booked: {journal}"


def _refunds_add_up(partner_id: UUID) -> None:
    """Each has its document, none exceeds its payment, and the sandbox paid out each of its own once."""
    refunds = list(Refund.objects.for_partner(partner_id).select_related("credit_note"))
    held: Counter[UUID] = Counter()
    for row in refunds:
        assert row.credit_note is None or row.credit_note.total_amount == row.amount
        if row.payment_id is not None and row.status != RefundStatus.FAILED:
            held[row.payment_id] += row.amount
    returns = {row.payment_id: row for row in PaymentReturn.objects.for_partner(partner_id)}
    assert {id_: row.refunded for id_, row in returns.items() if row.refunded} == dict(held)
    assert all(row.refunded <= row.amount for row in returns.values())
    paid_out = SandboxRefund.objects.for_partner(partner_id).filter(metadata__has_key="refund")
    given = Counter((row.key, row.amount) for row in paid_out if row.status != RefundStatus.FAILED)
    ended = (RefundStatus.SUCCEEDED, RefundStatus.PENDING)
    asked = Counter((str(row.pk), row.amount) for row in refunds if row.gateway == "sandbox" and row.status in ended)
    under_way = {str(row.pk) for row in refunds if row.status in OPEN_REFUNDS}
    assert {key for key, _ in given - asked} <= under_way, "paid out and not booked"
    assert not asked - given, "booked and not paid out"


def _movements_add_up(partner_id: UUID) -> None:
    recurring = [money for money in monthly_recurring(partner_id) if money]
    found = recurring_by_movements(partner_id)
    assert found == recurring, f"movements do not add up to what recurs: {found} {recurring}"


def _something_is_always_due(partner_id: UUID, now: datetime) -> None:
    held = _held(partner_id)
    charging = set(
        PaymentAttempt.objects.for_partner(partner_id).filter(status__in=OPEN).values_list("subscription_id", flat=True)
    )
    over = set(
        CollectionCase.objects.for_partner(partner_id)
        .filter(closed_at=None, over_on__isnull=False)
        .values_list("subscription_id", flat=True)
    )
    frozen = standstill(partner_id).frozen
    for row in Subscription.objects.for_partner(partner_id).filter(lifecycle__in=SERVED | UNSERVED):
        assert row.parked_at is None, row.last_error
        # A renewal that waits does so for a release, or in a pause without an end.
        waits = row.pk in charging or row.pk in over or row.renewal_waits or {row.pk, row.customer_id} & held
        assert waits or row.due_at is not None, "nobody will look at this subscription again"
        # Of a frozen partner what is due stays due, but for what a customer has cancelled.
        stays = frozen and not row.cancel_at_period_end
        assert stays or row.due_at is None or row.due_at > now, f"{row.due_at} has passed"


def _held(partner_id: UUID) -> set[UUID]:
    """Subscriptions and customers with a hold."""
    rows = Hold.objects.for_partner(partner_id).filter(released_at=None).exclude(kind=HoldKind.PROVISIONING)
    return {row.customer_id if row.subscription_id is None else row.subscription_id for row in rows}
