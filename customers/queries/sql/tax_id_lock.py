"""One at a time under the same tax id: who sells and who bans look at customers that are not their own."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import connection

STATEMENT = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


def hold_tax_ids(partner_id: UUID, tax_ids: Collection[str]) -> None:
    """Waits for whoever else holds one of them, until the open transaction ends.

    No row stands for a tax id, and locking all customers that have it would wait in a circle with who locks them one by
    one. Taken in their order, so that two who want several never wait for each other.
    """
    with connection.cursor() as cursor:
        for tax_id in sorted({one for one in tax_ids if one}):
            cursor.execute(STATEMENT, [f"{partner_id}:{tax_id}"])
