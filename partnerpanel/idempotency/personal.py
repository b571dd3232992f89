"""What kept requests of programs say of people: their answers."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from partnerpanel.events.queries import actions_of_customers
from partnerpanel.idempotency.models import KeptRequest
from partnerpanel.kernel.ids import public
from partnerpanel.personal.registry import PersonalTable, Rows


def _of(rows: Rows, partner_id: UUID, customer_ids: Collection[UUID]) -> Rows:
    """What they did to the customers, and answers that name them."""
    about = Q(action_id__in=actions_of_customers(partner_id, customer_ids)) | Q(object_id__in=customer_ids)
    for id_ in customer_ids:
        about |= Q(body__contains=public("cus", id_))
    return rows.filter(about)


PERSONAL = (
    PersonalTable(
        KeptRequest,
        of=_of,
        # Sent again, it is answered anew from what is there.
        erased={"status": None, "body": "", "held_until": None},
        plain=("key", "fingerprint", "object_type"),
        secret=("fingerprint",),
    ),
)
