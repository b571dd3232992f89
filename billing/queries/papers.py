"""What mails quote of documents and charges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from billing.charging.states import AttemptStatus
from billing.documents.states import LineKind
from billing.gateway.registry import CARD_DESKS
from billing.models import Invoice, InvoiceLine, PaymentAttempt
from billing.queries.pay_links import Payer, confirm_link
from billing.queries.presence import open_attempts
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Period, period_of
from partnerpanel.tenancy.hosts import at_host
from partnerpanel.tenancy.reads import Read


@dataclass(frozen=True, slots=True)
class LineOfPaper:
    """One line of an invoice, as a mail lists it."""

    kind: LineKind
    text: str
    quantity: int
    amount: Money
    period: Period | None


def invoice_labels(partner_id: UUID, invoice_ids: Collection[UUID]) -> dict[UUID, str]:
    """The number of each invoice as people write it, for those that exist."""
    return {row.pk: row.label for row in _NUMBERED(partner_id, invoice_ids)}


_NUMBERED = Read(
    lambda partner_id, ids: Invoice.objects.for_partner(partner_id).filter(pk__among=ids).only("series", "number")
)


def confirmation_links(partner_id: UUID, attempt_ids: Collection[UUID]) -> dict[UUID, str]:
    """Where the customer confirms each charge, for those that wait for it: on a page of ours, which leads to the bank,
    where the gateway makes a new address for each try; else where the gateway said."""
    rows = PaymentAttempt.objects.for_partner(partner_id).filter(pk__in=attempt_ids)
    found, at = {}, at_host(partner_id)
    for row in rows:
        payer = Payer(row.customer_id, row.subscription_id)
        found[row.pk] = confirm_link(partner_id, payer, at=at) if row.gateway in CARD_DESKS else row.action_url
    return {id_: link for id_, link in found.items() if link}


def confirmations_of(partner_id: UUID, subscription_ids: Collection[UUID]) -> dict[UUID, str]:
    """By subscription, where the customer confirms the charge that waits for it; those with such a charge alone."""
    waiting = open_attempts(partner_id, subscription_ids).filter(status=AttemptStatus.ACTION_REQUIRED)
    by_attempt = dict(waiting.values_list("pk", "subscription_id"))
    links = confirmation_links(partner_id, by_attempt) if by_attempt else {}
    return {by_attempt[id_]: link for id_, link in links.items()}


def invoice_lines(partner_id: UUID, invoice_ids: Collection[UUID]) -> dict[UUID, Sequence[LineOfPaper]]:
    """The lines of each invoice in their order, for those that exist."""
    rows = InvoiceLine.objects.for_partner(partner_id).filter(invoice__in=invoice_ids).select_related("invoice")
    found: defaultdict[UUID, list[LineOfPaper]] = defaultdict(list)
    for row in rows.order_by("invoice", "position"):
        period = period_of(row.period_starts_on, row.period_ends_on)
        amount = Money(row.amount, row.invoice.currency)
        found[row.invoice_id].append(LineOfPaper(LineKind(row.kind), row.text, row.quantity, amount, period))
    return dict(found)
