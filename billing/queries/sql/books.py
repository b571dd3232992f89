"""The books against themselves and against the sandbox's journal: whole tables of one partner, joined once."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from billing.charging.states import OPEN

BALANCES = """
SELECT b.id, customer_id, currency, coalesce(b.amount, 0), coalesce(l.amount, 0)
FROM (SELECT id, customer_id, currency, amount FROM billing_balance WHERE partner_id = %(partner)s) AS b
FULL JOIN (
    SELECT customer_id, currency, sum(amount) AS amount FROM billing_ledgerentry
    WHERE partner_id = %(partner)s GROUP BY customer_id, currency
) AS l USING (customer_id, currency)
WHERE coalesce(b.amount, 0) <> coalesce(l.amount, 0) ORDER BY customer_id, currency LIMIT %(limit)s
"""
# What was paid beyond an invoice went to the balance, and is no part of what the invoice says was paid.
INVOICES = """
SELECT i.id, i.customer_id, i.currency, i.paid_amount, coalesce(p.amount, 0) - coalesce(o.amount, 0)
    - CASE WHEN g.amount IS NULL THEN 0 ELSE g.amount - i.credit_amount END
FROM billing_invoice AS i
LEFT JOIN (
    SELECT invoice_id, sum(amount) AS amount FROM billing_payment WHERE partner_id = %(partner)s GROUP BY invoice_id
) AS p ON p.invoice_id = i.id
LEFT JOIN (
    SELECT p.invoice_id, sum(l.amount) AS amount FROM billing_ledgerentry AS l
    JOIN billing_payment AS p ON p.partner_id = %(partner)s AND p.id = l.payment_id
    WHERE l.partner_id = %(partner)s AND l.reason = 'overpaid' GROUP BY p.invoice_id
) AS o ON o.invoice_id = i.id
LEFT JOIN (
    SELECT invoice_id, sum(amount) AS amount FROM billing_ledgerentry
    WHERE partner_id = %(partner)s AND reason = 'given_back' GROUP BY invoice_id
) AS g ON i.status = 'void' AND g.invoice_id = i.id
WHERE i.partner_id = %(partner)s
    AND i.paid_amount <> coalesce(p.amount, 0) - coalesce(o.amount, 0)
        - CASE WHEN g.amount IS NULL THEN 0 ELSE g.amount - i.credit_amount END
ORDER BY i.id LIMIT %(limit)s
"""
UNCHARGED = """
SELECT p.id, p.customer_id, p.currency, p.amount, coalesce(c.amount, 0)
FROM billing_payment AS p
LEFT JOIN billing_sandboxcharge AS c
    ON c.partner_id = %(partner)s AND c.key = p.attempt_id::text AND c.status = 'succeeded'
WHERE p.partner_id = %(partner)s AND p.gateway = 'sandbox' AND p.attempt_id IS NOT NULL
    AND (c.id IS NULL OR c.amount <> p.amount OR c.currency <> p.currency)
ORDER BY p.id LIMIT %(limit)s
"""
UNBOOKED = """
SELECT c.id, i.customer_id, c.currency, 0, c.amount
FROM billing_sandboxcharge AS c
LEFT JOIN billing_payment AS p ON p.partner_id = %(partner)s AND p.attempt_id::text = c.key
LEFT JOIN billing_paymentattempt AS a ON a.partner_id = %(partner)s AND a.id::text = c.key
LEFT JOIN billing_invoice AS i ON i.partner_id = %(partner)s AND i.id = a.invoice_id
WHERE c.partner_id = %(partner)s AND c.status = 'succeeded' AND jsonb_exists(c.metadata, 'attempt')
    AND p.id IS NULL AND (a.id IS NULL OR a.status <> ALL (%(open)s))
ORDER BY c.id LIMIT %(limit)s
"""


class Odd(NamedTuple):
    """Two amounts that should be one: what stands in the row, and what it should be made of."""

    id: UUID | None
    customer_id: UUID | None
    currency: str
    stands: int
    counted: int


def odd(statement: str, partner_id: UUID, limit: int) -> list[Odd]:
    """Rows of one of the statements above, in the open scope."""
    given: dict[str, Any] = {
        "partner": str(partner_id),
        "limit": limit,
        "open": [status.value for status in OPEN],
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return [Odd(*row) for row in cursor.fetchall()]
