"""What customers bring along, as an import compares it and as the cut-over finds it; in the open scope."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, Sum

from billing.moving_in.models import Opening
from billing.rules.opening import BroughtAlong, OpenInvoice
from partnerpanel.kernel.money import Money


@dataclass(frozen=True, slots=True)
class HeldOpening:
    """What a customer is said to bring so far. `is_open`: the cut-over has done it, and it changes no more."""

    customer_id: UUID
    subscription_id: UUID | None
    brought: BroughtAlong
    is_open: bool


@dataclass(frozen=True, slots=True)
class WaitingOpenings:
    """What the cut-over would open: sums of balances and of open invoices by currency, and cards to take over."""

    invoices: int
    owed: tuple[Money, ...]
    balances: tuple[Money, ...]
    cards: int


def held_openings(partner_id: UUID, customer_ids: Collection[UUID]) -> dict[UUID, HeldOpening]:
    """By customer."""
    rows = Opening.objects.for_partner(partner_id).filter(customer__in=customer_ids)
    return {row.customer_id: held(row) for row in rows}


def held(row: Opening) -> HeldOpening:
    return HeldOpening(row.customer_id, row.subscription_id, brought_along(row), row.opened_at is not None)


def brought_along(row: Opening) -> BroughtAlong:
    """The row's values."""
    invoice = None
    if row.invoice_on is not None and row.invoice_due_on is not None:
        amount = Money(row.invoice_amount, row.currency)
        invoice = OpenInvoice(row.invoice_number, amount, row.invoice_on, row.invoice_due_on)
    balance = Money(row.balance_amount, row.currency) if row.balance_amount else None
    return BroughtAlong(balance, invoice, row.gateway_customer, row.gateway_method)


def waiting_openings(partner_id: UUID) -> WaitingOpenings:
    """All that is not open yet."""
    rows = Opening.objects.for_partner(partner_id).filter(opened_at=None)
    found = list(
        rows.order_by("currency")
        .values("currency")
        .annotate(
            balances=Sum("balance_amount"),
            owed=Sum("invoice_amount"),
            invoices=Count("pk", filter=Q(invoice_amount__gt=0)),
        )
        .values_list("currency", "balances", "owed", "invoices")
    )
    cards = rows.filter(adopted_at=None).exclude(gateway_method="").count()
    return WaitingOpenings(
        invoices=sum(many for *_, many in found),
        owed=tuple(Money(int(owed), code) for code, _, owed, _ in found if owed),
        balances=tuple(Money(int(balance), code) for code, balance, _, _ in found if balance),
        cards=cards,
    )


def cards_to_adopt(partner_id: UUID) -> list[tuple[int, UUID, str, str]]:
    """Row of the file, customer, and what the gateway calls it and its card, of those not taken over yet."""
    rows = Opening.objects.for_partner(partner_id).filter(adopted_at=None).exclude(gateway_method="")
    return list(rows.order_by("row", "pk").values_list("row", "customer_id", "gateway_customer", "gateway_method"))
