"""Taking numbers of a series that leaves no gap, under its row's lock."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

STATEMENT = """
UPDATE billing_numberseries SET next_number = next_number + %s WHERE partner_id = %s AND series = %s
RETURNING next_number - %s
"""


def take(partner_id: UUID, series: str, many: int) -> int | None:
    """The first of so many in a row; None where there is no such series yet. In the open scope."""
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, [many, partner_id, series, many])
        row = cursor.fetchone()
    return None if row is None else int(row[0])
