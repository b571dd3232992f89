"""Whether what a quote said is what then stands in the database, to the cent."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from billing.charging.states import AttemptStatus
from billing.models import Balance, CreditNote, CreditNoteLine, Invoice, InvoiceLine, SandboxCharge
from billing.queries.facts import load
from billing.rules.changes.ahead import standing_of
from billing.rules.plan import BillingPlan, LineDraft
from partnerpanel.actions.money_plan import MoneyPlan
from partnerpanel.kernel.period import Period
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Subscription, Term
from subscriptions.rules.changes import ChangeState

Line = tuple[str, int, Period]


@dataclass(frozen=True)
class Books:
    """One subscription's rows, and its customer's balance."""

    row: Subscription
    terms: tuple[tuple[int, Period], ...]
    balance: int
    charged: int
    invoices: frozenset[UUID]
    credit_notes: frozenset[UUID]

    @property
    def contract(self) -> tuple[object, ...]:
        """What a change would move."""
        row = self.row
        return (row.plan_id, row.quantity, row.price, row.anchor_on, row.lifecycle, row.access, self.terms)


def books_of(partner_id: UUID, subscription: UUID) -> Books:
    with tenant(partner_id):
        row = Subscription.objects.for_partner(partner_id).select_related("plan").get(pk=subscription)
        terms = Term.objects.for_partner(partner_id).filter(subscription=row).order_by("number")
        balance = Balance.objects.for_partner(partner_id).filter(customer=row.customer_id, currency=row.currency)
        charges = SandboxCharge.objects.for_partner(partner_id).filter(
            status="succeeded", metadata__subscription=str(subscription)
        )
        return Books(
            row,
            tuple((term.number, Period(term.starts_on, term.ends_on)) for term in terms),
            sum(balance.values_list("amount", flat=True)),
            sum(charges.values_list("amount", flat=True)),
            _ids(Invoice, partner_id, subscription),
            _ids(CreditNote, partner_id, subscription),
        )


def keeps_word(quoted: MoneyPlan, before: Books, status: AttemptStatus | None, *, partner_id: UUID) -> None:
    """Raises AssertionError where something is not as the quote said, given how the charge ended, if there was one."""
    assert quoted.planned is not None
    plan, after = quoted.planned.plan, books_of(partner_id, quoted.subscription_id)
    assert (quoted.planned.due_now.amount > 0) == (plan.invoice is not None and bool(plan.invoice.due))
    _says_documents(plan, before, after, partner_id)
    if plan.payment is None:
        taken = quoted.planned.due_now.amount if status is AttemptStatus.SUCCEEDED else 0
        assert after.charged - before.charged == taken, "charged"
    waits = plan.change is not None and plan.change.state is ChangeState.AWAITING
    if waits and status is AttemptStatus.DECLINED:
        assert after.contract == before.contract, "a change that is not paid changes nothing"
        assert after.balance == before.balance + _dropped(plan), "and gives back what was taken for it"
    elif waits and status is None:
        assert after.contract == before.contract, "a change waits for its payment"
        assert after.balance - before.balance == quoted.planned.to_balance.amount
    else:
        assert after.balance - before.balance == quoted.planned.to_balance.amount, "balance"
        _stands(quoted, after)


def stands_ahead(quoted: MoneyPlan, *, partner_id: UUID, now: datetime) -> None:
    """The next invoice and everything else that the quote showed of afterwards follow from the rows as well."""
    with tenant(partner_id):
        facts = load(partner_id, [quoted.subscription_id], now=now)[quoted.subscription_id]
    assert standing_of(facts, now=now) == quoted.after


def _stands(quoted: MoneyPlan, after: Books) -> None:
    row, shown = after.row, quoted.after
    found: dict[str, Any] = {
        "plan": row.plan.name,
        "price": row.price,
        "interval": row.plan.interval,
        "quantity": row.quantity,
        "lifecycle": row.lifecycle,
        "cancels": row.cancel_at_period_end,
        "access": row.access == "open",
        "period": after.terms[-1][1] if after.terms else None,
    }
    assert found == {
        "plan": shown.plan_name,
        "price": shown.price,
        "interval": shown.interval,
        "quantity": shown.quantity,
        "lifecycle": shown.lifecycle,
        "cancels": shown.cancels,
        "access": shown.is_open,
        "period": shown.period,
    }


def _says_documents(plan: BillingPlan, before: Books, after: Books, partner_id: UUID) -> None:
    """Every line that was shown is written, and where the charge did not bring something back no other."""
    with tenant(partner_id):
        invoiced = _lines(InvoiceLine, "invoice", after.invoices - before.invoices, partner_id)
        noted = _lines(CreditNoteLine, "credit_note", after.credit_notes - before.credit_notes, partner_id)
    assert noted == _drafted(plan.credit_note.lines if plan.credit_note else ()), "credit note"
    shown = _drafted(plan.invoice.lines if plan.invoice else ())
    if len(after.invoices - before.invoices) <= 1:
        assert invoiced == shown, "invoice"
    else:  # an unpaid renewal that was billed anew, declined, and so issued again
        assert plan.void is not None
        assert all(line in invoiced for line in shown)


def _dropped(plan: BillingPlan) -> int:
    """What an earlier change, which this one replaces, had taken from the balance. A renewal takes it again."""
    if plan.void is None or plan.void.given_back is None or not plan.changes:
        return 0
    return plan.void.given_back.amount


def _drafted(lines: Collection[LineDraft]) -> list[Line]:
    return sorted(((line.kind.value, line.amount.amount, line.period) for line in lines), key=str)


def _lines(model: Any, owner: str, documents: frozenset[UUID], partner_id: UUID) -> list[Line]:
    rows = model.objects.for_partner(partner_id).filter(**{f"{owner}__in": documents})
    return sorted(
        ((row.kind, row.amount, Period(row.period_starts_on, row.period_ends_on)) for row in rows),
        key=str,
    )


def _ids(model: Any, partner_id: UUID, subscription: UUID) -> frozenset[UUID]:
    return frozenset(
        model.objects.for_partner(partner_id).filter(subscription=subscription).values_list("pk", flat=True)
    )
