"""Customers by people and programs: made, and their data changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from customers.queries.detail import customer as customer_row
from customers.rules.profile import Profile
from customers.services.create import NewCustomer, create_customers
from customers.services.update import update_profiles
from partnerpanel.actions.permission import Permission, permit
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.scope import tenant

FIELDS = (
    "name",
    "email",
    "country",
    "timezone",
    "locale",
    "tax_id",
    "external_id",
    "region",
    "tax_exempt_for",
)


def create_customer(profile: Profile, *, actor: Actor, now: datetime) -> UUID:
    """Raises Forbidden, InvalidCustomer naming the field."""
    permit(actor, Permission.EDIT_CUSTOMERS)
    with tenant(actor.partner_id):
        return create_customers([NewCustomer(profile, now)], actor=actor, now=now)[0]


def change_customer(customer_id: UUID, changes: Mapping[str, str], *, actor: Actor, now: datetime) -> bool:
    """Writes the fields that are named and leaves the others; whether anything changed.

    Raises Forbidden, NotFound, InvalidCustomer naming the field.
    """
    permit(actor, Permission.EDIT_CUSTOMERS)
    with tenant(actor.partner_id):
        row = customer_row(actor.partner_id, customer_id)
        before = Profile(**{name: getattr(row, name) for name in FIELDS})
        return bool(update_profiles({customer_id: replace(before, **changes)}, actor=actor, now=now))
