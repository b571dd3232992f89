"""New customers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from customers.models import Customer
from customers.rules.keys import email_key, search_key
from customers.rules.profile import InvalidCustomer, Profile, checked
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.bulk import insert_objects


@dataclass(frozen=True, slots=True)
class NewCustomer:
    """`registered_at` is when the customer came, which may be long before now."""

    profile: Profile
    registered_at: datetime


def create_customers(
    new: Sequence[NewCustomer], *, actor: Actor, now: datetime, action_id: UUID | None = None
) -> list[UUID]:
    """Writes customers with their events in the open scope; ids come in the order given.

    Raises InvalidCustomer naming the field, also for an address or own number that is taken; then none is written.
    """
    profiles = [checked(one.profile) for one in new]
    _refuse_taken(actor.partner_id, profiles)
    rows = [
        Customer(partner_id=actor.partner_id, registered_at=one.registered_at, version=1, **columns(profile))
        for one, profile in zip(new, profiles, strict=True)
    ]
    insert_objects(rows)
    drafts = [EventDraft("customer.created", "customer", row.pk, 1, row.pk) for row in rows]
    record(drafts, actor=actor, action_id=action_id or uuid7(), now=now)
    return [row.pk for row in rows]


def columns(profile: Profile) -> dict[str, str]:
    """The columns that a checked profile fills."""
    return {
        "name": profile.name,
        "name_key": search_key(profile.name),
        "email": profile.email,
        "email_key": email_key(profile.email),
        "country": profile.country,
        "locale": profile.locale,
        "timezone": profile.timezone,
        "region": profile.region,
        "tax_id": profile.tax_id,
        "tax_exempt_for": profile.tax_exempt_for,
        "external_id": profile.external_id,
    }


def _refuse_taken(partner_id: UUID, profiles: Sequence[Profile]) -> None:
    emails = [email_key(profile.email) for profile in profiles]
    numbers = [profile.external_id for profile in profiles if profile.external_id]
    rows = Customer.objects.for_partner(partner_id)
    for field, values, taken in (
        ("email", emails, set(rows.filter(email_key__in=emails).values_list("email_key", flat=True))),
        ("external_id", numbers, set(rows.filter(external_id__in=numbers).values_list("external_id", flat=True))),
    ):
        for value in values:
            if value in taken:
                raise InvalidCustomer(f"“{value}” belongs to another customer already.", field=field)
            taken.add(value)
