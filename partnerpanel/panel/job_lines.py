"""Rows of a bulk job as pages and files show them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from billing.charging.states import AttemptStatus
from partnerpanel.kernel.ids import public
from partnerpanel.kernel.money import Money
from partnerpanel.panel.quote_view import refusal_text
from partnerpanel.panel.statuses import look
from partnerpanel.panel.templatetags.formats import day, money_text

if TYPE_CHECKING:
    from partnerpanel.actions.models import BulkRow

# “Start: open, Plus: blocked”, “Plus: 20.00 EUR, 2026-05-01, open”: each plan with its state.
STATE_AT_END = re.compile(r"(?<=[:,] )(open|blocked|ended|cancelling|scheduled|announced|discounted)(?=, |$)")
AMOUNT = re.compile(r"(?<=: )(\d+(?:\.\d+)?) ([A-Z]{3})(?=,)")
DAY = re.compile(r"(?<=, )\d{4}-\d\d-\d\d(?=,)")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a job in the reader's language. `charge` is the code of how its charge stands."""

    customer_id: str
    name: str
    subscription_id: str
    plan: str
    state: str
    before: str
    after: str
    amount: str
    charge: str
    message: str

    @classmethod
    def of(cls, row: BulkRow, charges: Mapping[UUID, AttemptStatus]) -> Line:
        charge = charges.get(row.attempt_id) if row.attempt_id else None
        return cls(
            customer_id=public("cus", row.customer_id),
            name=row.customer.name,
            subscription_id=public("sub", row.subscription_id) if row.subscription_id else "",
            plan=row.subscription.plan.name if row.subscription_id else "",
            state=row.state,
            before=_in_words(row.before),
            after=_in_words(row.after),
            amount=money_text(Money(row.due, row.currency)) if row.due else "",
            charge=charge.value if charge else "",
            message=refusal_text(row.refusal, row.message),
        )


def cells(row: BulkRow, charges: Mapping[UUID, AttemptStatus]) -> tuple[object, ...]:
    """The row in a file: ids, amounts and days as programs read them."""
    charge = charges.get(row.attempt_id) if row.attempt_id else None
    due, back = (str(Money(one, row.currency).major) if row.currency else "" for one in (row.due, row.given_back))
    return (
        public("cus", row.customer_id),
        row.customer.name,
        public("sub", row.subscription_id) if row.subscription_id else "",
        _with_states(row.before),
        _with_states(row.after),
        due,
        back,
        row.currency,
        row.state,
        charge.value if charge else "",
        refusal_text(row.refusal, row.message),
    )


def _in_words(text: str) -> str:
    text = AMOUNT.sub(lambda found: money_text(Money.parse(found[1], found[2])), text)
    text = DAY.sub(lambda found: day(date.fromisoformat(found[0])), text)
    return _with_states(text)


def _with_states(text: str) -> str:
    return STATE_AT_END.sub(lambda found: str(look(found[0]).text), text)
