"""The countries that a partner's customers live in, without reading the customers.

`SELECT DISTINCT` looks at every row (7.5 ms for 100,000). This jumps through the index by country, one step for each.
"""

from __future__ import annotations

from uuid import UUID

from django.db import connection

_STATEMENT = """
WITH RECURSIVE step (country) AS (
    (SELECT country FROM customers_customer WHERE partner_id = %(partner)s ORDER BY country LIMIT 1)
    UNION ALL
    SELECT (SELECT c.country FROM customers_customer c
            WHERE c.partner_id = %(partner)s AND c.country > step.country ORDER BY c.country LIMIT 1)
    FROM step WHERE step.country IS NOT NULL
)
SELECT country FROM step WHERE country IS NOT NULL
"""


def country_codes(partner_id: UUID) -> list[str]:
    """Country codes in their order, in the open scope."""
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, {"partner": partner_id})
        return [row[0] for row in cursor.fetchall()]
