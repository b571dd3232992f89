"""Notes and tags."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from customers.models import Customer, CustomerTag, Note, Tag
from customers.queries import detail
from customers.rules.profile import InvalidCustomer
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.actor import Actor


def add_note(customer_id: UUID, *, text: str, actor: Actor, now: datetime) -> Note:
    """Writes a note in the open scope. Raises InvalidCustomer for an empty or overlong text, NotFound."""
    text = text.strip()
    if not 1 <= len(text) <= 5_000:
        raise InvalidCustomer("A note has 1 to 5,000 letters.", field="text")
    customer = detail.customer(actor.partner_id, customer_id)
    note = Note.objects.create(
        partner_id=actor.partner_id, customer=customer, author_id=actor.id, text=text, created_at=now
    )
    # The note is an object of its own: the customer's version stays, and with it the way to undo what was done.
    record([EventDraft("note.added", "note", note.pk, 1, customer_id)], actor=actor, action_id=uuid7(), now=now)
    return note


def set_tags(customer_id: UUID, *, names: Collection[str], actor: Actor, now: datetime) -> list[str]:
    """Makes these the customer's tags, in the open scope. Raises InvalidCustomer for an unusable name, NotFound."""
    wanted = sorted({" ".join(name.split()) for name in names} - {""})
    for name in wanted:
        if len(name) > 40:
            raise InvalidCustomer(f"“{name}” is too long for a tag; 40 letters at most.", field="tags")
    customer = _locked(actor.partner_id, customer_id)
    rows = CustomerTag.objects.for_partner(actor.partner_id).filter(customer=customer_id)
    present = set(rows.values_list("tag__name", flat=True))
    if present == set(wanted):
        return wanted
    tag_rows(actor.partner_id, {customer_id: set(wanted) - present})
    rows.filter(tag__name__in=present - set(wanted)).delete()
    data = {"added": sorted(set(wanted) - present), "removed": sorted(present - set(wanted))}
    _record(customer, "customer.tagged", data, actor=actor, now=now)
    return wanted


def tag_rows(partner_id: UUID, wanted: dict[UUID, set[str]]) -> None:
    """Puts tags on many customers at once, making the tags that are new; those already there stay."""
    names = sorted(set().union(*wanted.values()) if wanted else set())
    Tag.objects.bulk_create([Tag(partner_id=partner_id, name=name) for name in names], ignore_conflicts=True)
    tags = {tag.name: tag for tag in Tag.objects.for_partner(partner_id).filter(name__in=names)}
    CustomerTag.objects.bulk_create(
        [
            CustomerTag(partner_id=partner_id, customer_id=customer_id, tag=tags[name])
            for customer_id, its_names in wanted.items()
            for name in sorted(its_names)
        ],
        ignore_conflicts=True,
        batch_size=1_000,
    )


def _locked(partner_id: UUID, customer_id: UUID) -> Customer:
    detail.customer(partner_id, customer_id)
    return Customer.objects.for_partner(partner_id).select_for_update().get(pk=customer_id)


def _record(customer: Customer, kind: str, data: Mapping[str, object], *, actor: Actor, now: datetime) -> None:
    customer.version += 1
    customer.save(update_fields=["version"])
    draft = EventDraft(kind, "customer", customer.pk, customer.version, customer.pk, data)
    record([draft], actor=actor, action_id=uuid7(), now=now)
