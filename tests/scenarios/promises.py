"""What must be true of a partner's money at every instant, whatever happened."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from itertools import pairwise
from uuid import UUID

from django.db.models import Sum

from billing.charging.states import OPEN
from billing.documents.states import InvoiceKind, InvoiceStatus
from billing.models import Balance, CollectionCase, Invoice, LedgerEntry, Payment, PaymentAttempt, SandboxCharge
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Hold, Subscription, Term
from subscriptions.rules.states import SERVED, HoldKind


def keeps_its_promises(partner_id: UUID, now: datetime) -> None:
    """Raises AssertionError that names the promise."""
    with tenant(partner_id):
        _nobody_is_charged_twice(partner_id)
        _terms_follow_one_another(partner_id)
        _numbers_leave_no_gap(partner_id)
        _money_adds_up(partner_id)
        _something_is_always_due(partner_id, now)


def _nobody_is_charged_twice(partner_id: UUID) -> None:
    invoices = {str(row.pk): row for row in Invoice.objects.for_partner(partner_id)}
    charges = SandboxCharge.objects.for_partner(partner_id).filter(status="succeeded", metadata__has_key="invoice")
    paid = Counter(row.metadata["invoice"] for row in charges)
    assert set(paid.values()) <= {1}, f"charged twice: {paid}"
    renewals = [invoices[id_] for id_ in paid if invoices[id_].kind == InvoiceKind.RENEWAL]
    terms = Counter((row.subscription_id, row.term_number) for row in renewals)
    assert set(terms.values()) <= {1}, f"renewed twice: {terms}"


def _terms_follow_one_another(partner_id: UUID) -> None:
    rows = Term.objects.for_partner(partner_id).order_by("subscription_id", "number")
    for before, after in pairwise(rows):
        if before.subscription_id == after.subscription_id:
            assert after.number == before.number + 1
            assert after.starts_on >= before.ends_on, f"{after.starts_on} overlaps {before.ends_on}"


def _numbers_leave_no_gap(partner_id: UUID) -> None:
    numbers = list(Invoice.objects.for_partner(partner_id).order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


def _money_adds_up(partner_id: UUID) -> None:
    for balance in Balance.objects.for_partner(partner_id):
        entries = LedgerEntry.objects.for_partner(partner_id).filter(
            customer=balance.customer_id, currency=balance.currency
        )
        assert balance.amount == entries.aggregate(sum=Sum("amount"))["sum"]
    for invoice in Invoice.objects.for_partner(partner_id).filter(status=InvoiceStatus.PAID):
        paid = Payment.objects.for_partner(partner_id).filter(invoice=invoice).aggregate(sum=Sum("amount"))["sum"] or 0
        assert paid >= invoice.paid_amount
        assert invoice.paid_amount + invoice.credit_amount == invoice.total_amount


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
    for row in Subscription.objects.for_partner(partner_id).filter(lifecycle__in=SERVED):
        assert row.parked_at is None, row.last_error
        # A renewal that waits does so for a release, or in a pause without an end.
        waits = row.pk in charging or row.pk in over or row.renewal_waits or {row.pk, row.customer_id} & held
        assert waits or row.due_at is not None, "nobody will look at this subscription again"
        assert row.due_at is None or row.due_at > now, f"{row.due_at} has passed"


def _held(partner_id: UUID) -> set[UUID]:
    """Subscriptions and customers with a hold."""
    rows = Hold.objects.for_partner(partner_id).filter(released_at=None).exclude(kind=HoldKind.PROVISIONING)
    return {row.customer_id if row.subscription_id is None else row.subscription_id for row in rows}
