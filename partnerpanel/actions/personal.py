"""What bulk jobs keep of people: a mail as a sample, words of reasons, and each row as it was previewed."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from customers.queries.facts import identities
from customers.rules.keys import email_key
from partnerpanel.actions.models import BulkJob, BulkRow, Checkout, CheckoutLink
from partnerpanel.personal.registry import PersonalTable, Rows


def _with_rows_of(rows: Rows, partner_id: UUID, customer_ids: Collection[UUID]) -> Rows:
    of_them = BulkRow.objects.for_partner(partner_id).filter(customer__among=customer_ids)
    return rows.filter(pk__among=list(of_them.values_list("job_id", flat=True).distinct()))


def _made_for(rows: Rows, partner_id: UUID, customer_ids: Collection[UUID]) -> Rows:
    """Links that bring the customer's address along."""
    found = identities(partner_id, customer_ids).values()
    return rows.filter(email_key__in=[email_key(one.email) for one in found if one.email])


PERSONAL = (
    PersonalTable(
        CheckoutLink,
        of=_made_for,
        erased={"email": "", "email_key": ""},
        plain=("key", "note", "coupon", "addons", "terms_url"),
        secret=("key",),
    ),
    PersonalTable(
        Checkout,
        of="customer_id",
        erased={"name": "", "email": "", "region": "", "tax_id": "", "address": "", "agent": "", "page": ""},
        plain=(
            "country",
            "currency",
            "coupon",
            "addons",
            "locale",
            "agreed",
            "terms_url",
            "gateway",
            "refusal",
            "last_error",
        ),
        secret=("page",),
    ),
    PersonalTable(
        BulkJob,
        of=_with_rows_of,
        erased={"sample": {}, "last_error": ""},
        # A job's reason is about all of its rows; it is written for the set, and needed to undo it.
        plain=("verb", "inputs", "actor_kind", "actor_role", "request_id"),
        secret=("inputs", "sample"),
    ),
    PersonalTable(
        BulkRow,
        of="customer_id",
        erased={"facts": {}, "message": ""},
        plain=("before", "after", "refusal", "currency"),
    ),
)
