"""What a partner has, by the columns that mean something to a person: the same for the same seed on every machine.

Texts of mails are left out: they name the partner, and another of the same seed has another name.
"""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

from django.apps import apps

from partnerpanel.tenancy.scope import tenant

CUSTOMER, ITS_CUSTOMER = "customer__email", "subscription__customer__email"
COLUMNS = (
    ("customers.Customer", "name email country tax_id external_id registered_at version is_active is_suspended"),
    ("subscriptions.Subscription", f"{CUSTOMER} plan__name quantity price_amount currency lifecycle collection"),
    (
        "subscriptions.Subscription",
        f"{CUSTOMER} started_at anchor_on access ended_at trial_ends_at paused_from due_at version",
    ),
    ("subscriptions.Term", f"{ITS_CUSTOMER} number starts_on ends_on granted_days"),
    ("subscriptions.Hold", f"{CUSTOMER} kind reason placed_at released_at"),
    ("customers.Note", f"{CUSTOMER} text created_at"),
    ("customers.CustomerTag", f"{CUSTOMER} tag__name"),
    ("billing.PaymentMethod", f"{CUSTOMER} gateway_ref is_default added_at replaced_at"),
    ("billing.Invoice", f"{CUSTOMER} kind status number total_amount credit_amount paid_amount issued_at paid_at"),
    ("billing.InvoiceLine", "invoice__number position kind text quantity amount derivation"),
    ("billing.CreditNote", f"{CUSTOMER} number total_amount issued_at"),
    ("billing.CreditNoteLine", "credit_note__number text amount"),
    ("billing.Payment", f"{CUSTOMER} source amount received_on note recorded_at"),
    ("billing.PaymentAttempt", f"{CUSTOMER} ordinal purpose status made_at settled_at"),
    ("billing.SandboxCharge", "method amount currency status"),
    ("billing.LedgerEntry", f"{CUSTOMER} reason amount balance_after currency entered_at"),
    ("billing.Balance", f"{CUSTOMER} amount currency"),
    ("billing.CollectionCase", f"{ITS_CUSTOMER} first_on attempts is_hard in_grace_from over_on opened_at closed_at"),
    ("subscriptions.Movement", f"{CUSTOMER} kind amount currency occurred_at"),
    ("events.Event", "kind object_type sequence occurred_at actor_kind data__placed"),
    ("subscriptions.ServiceAccount", f"{ITS_CUSTOMER} desired actual changed_at parked_at attempts"),
    ("notifications.Message", f"{CUSTOMER} kind state to_address language queued_at sent_at"),
)


def business_rows(partner_id: UUID) -> list[str]:
    """All of them as text, table by table and in its order; without ids, and without the system's instants."""
    found: list[str] = []
    with tenant(partner_id):
        for name, columns in COLUMNS:
            rows = apps.get_model(name)._default_manager.filter(partner=partner_id).order_by()
            found += sorted(map(repr, rows.values_list(*columns.split())))
    return found


def digest(partner_id: UUID) -> str:
    """The same for two partners with the same rows."""
    seen = sha256()
    for row in business_rows(partner_id):
        seen.update(row.encode())
    return seen.hexdigest()
