"""What customers bring along: noted by an import, opened once by the cut-over."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from billing.ledger.states import CreditReason
from billing.moving_in.models import Opening
from billing.queries.facts import load
from billing.queries.openings import brought_along
from billing.rules.opening import BroughtAlong, plan_opened
from billing.services.apply import apply
from billing.services.credit import Credit, add_credit
from customers.queries.facts import identities
from partnerpanel.kernel.ids import uuid7
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.bulk import insert_rows, update_rows

NOTE = "Brought along from the system before."
COLUMNS = (
    "subscription",
    "row",
    "currency",
    "balance_amount",
    "invoice_number",
    "invoice_amount",
    "invoice_on",
    "invoice_due_on",
    "gateway_customer",
    "gateway_method",
    "adopted_at",
)


@dataclass(frozen=True, slots=True)
class NewOpening:
    """What row `row` of a file says that the customer brings, with the subscription that the open invoice is for."""

    customer_id: UUID
    subscription_id: UUID | None
    row: int
    brought: BroughtAlong


def put_openings(new: Sequence[NewOpening], *, partner_id: UUID) -> None:
    """Notes them in the open scope, under the customers' locks; what was noted before is corrected, unless it is open
    by now. A card that stays the same stays taken over."""
    rows = Opening.objects.for_partner(partner_id).filter(customer__in=[one.customer_id for one in new])
    present = {row.customer_id: row for row in rows}
    made, changed = [], []
    for one in new:
        row = present.get(one.customer_id)
        if row is None:
            made.append((one.customer_id, *_values(one, None)))
        elif row.opened_at is None:
            changed.append((row.pk, *_values(one, row)))
    insert_rows(Opening, partner_id=partner_id, columns=("customer", *COLUMNS), rows=made)
    update_rows(Opening, partner_id=partner_id, columns=COLUMNS, rows=changed)


def open_brought(subscriptions: Collection[UUID], *, actor: Actor, now: datetime) -> None:
    """Opens what came with these subscriptions, which are billed here from now on: balances are added, and open
    invoices are collected. In the open scope, under the customers' locks; a repeat opens nothing."""
    rows = Opening.objects.for_partner(actor.partner_id).filter(opened_at=None, subscription__in=subscriptions)
    _open(rows, actor=actor, now=now)


def open_alone(*, limit: int, actor: Actor, now: datetime) -> int:
    """The same for up to `limit` customers who came without a subscription; returns how many."""
    rows = Opening.objects.for_partner(actor.partner_id).filter(opened_at=None, subscription=None)
    page = list(rows.order_by("pk").values_list("customer_id", flat=True)[:limit])
    identities(actor.partner_id, set(page), lock=True)
    return _open(rows.filter(customer__in=page), actor=actor, now=now)


def _open(rows: QuerySet[Opening], *, actor: Actor, now: datetime) -> int:
    found = list(rows.select_for_update(of=("self",)).order_by("pk"))
    for row in found:
        if row.balance_amount:
            credit = Credit(Money(row.balance_amount, row.currency), CreditReason.OTHER, NOTE)
            add_credit(row.customer_id, credit, key=row.pk, actor=actor, now=now)
    owed = {
        row.subscription_id: invoice
        for row in found
        if row.subscription_id and (invoice := brought_along(row).invoice) is not None
    }
    facts = load(actor.partner_id, set(owed), now=now, lock=True)
    plans = [plan_opened(facts[id_], invoice, now=now, ids=(uuid7(), uuid7())) for id_, invoice in owed.items()]
    apply(plans, actor=actor, action_id=uuid7(), now=now)
    values = [(row.pk, now) for row in found]
    update_rows(Opening, partner_id=actor.partner_id, columns=["opened_at"], rows=values)
    return len(found)


def _values(new: NewOpening, row: Opening | None) -> tuple[object, ...]:
    brought, invoice = new.brought, new.brought.invoice
    money = brought.balance or (invoice.amount if invoice else None)
    is_same = row is not None and (row.gateway_customer, row.gateway_method) == (
        brought.gateway_customer,
        brought.gateway_method,
    )
    return (
        new.subscription_id,
        new.row,
        money.currency if money else "",
        brought.balance.amount if brought.balance else 0,
        invoice.number if invoice else "",
        invoice.amount.amount if invoice else 0,
        invoice.on if invoice else None,
        invoice.due_on if invoice else None,
        brought.gateway_customer,
        brought.gateway_method,
        row.adopted_at if row is not None and is_same else None,
    )
