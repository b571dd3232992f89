"""Customers without a card: their money comes by bank transfer and a colleague writes it down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from billing.documents.states import PaymentSource
from billing.models import Invoice
from billing.services.pay import record_payment
from partnerpanel.embedded.demo.office import Office
from partnerpanel.kernel.clock import local_date
from partnerpanel.tenancy.models import Role
from partnerpanel.tenancy.scope import tenant

TAKES = timedelta(days=2)
# One in so many transfers twice what is owed; the rest stays as a balance, which the next renewal uses up.
GENEROUS = 3
NOTES = ("Bank transfer, statement {}", "Paid at the counter, receipt {}", "SEPA credit transfer, statement {}")


def book_transfers(customer_ids: Sequence[UUID], office: Office, at: datetime) -> None:
    """Records the money for every invoice of these customers that has been open for two days."""
    with tenant(office.partner.pk):
        rows = Invoice.objects.for_partner(office.partner.pk).filter(customer__in=customer_ids, status="open")
        due = list(rows.filter(issued_at__lte=at - TAKES).order_by("number"))
    for invoice in due:
        if invoice.subscription_id is None:
            continue
        turn = list(customer_ids).index(invoice.customer_id)
        cash = turn % len(NOTES) == 1
        record_payment(
            invoice.subscription_id,
            amount=invoice.due.times(2) if turn % GENEROUS == 0 else invoice.due,
            source=PaymentSource.CASH if cash else PaymentSource.BANK,
            received_on=local_date(at, office.partner.timezone),
            note=NOTES[turn % len(NOTES)].format(f"{at:%Y-%m}/{invoice.number}"),
            actor=office.actors[Role.BILLING],
            now=at,
        )
    if due:
        office.settle(at)
