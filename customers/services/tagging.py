"""Tags, on one customer or on many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from customers.models import Customer, CustomerTag, Tag
from customers.queries import detail
from customers.rules.tagging import TagChange, tag_names
from customers.services.standing import set_versions
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.actor import Actor


def set_tags(customer_id: UUID, *, names: Collection[str], actor: Actor, now: datetime) -> list[str]:
    """Makes these the customer's tags, in the open scope. Raises InvalidCustomer for an unusable name, NotFound."""
    wanted = list(tag_names(names))
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


def add_tags(
    wanted: Mapping[UUID, Collection[str]], *, actor: Actor, now: datetime, action_id: UUID
) -> dict[UUID, list[str]]:
    """Puts tags on customers in the open scope, with one event for each who gets a new one; none is taken off.

    Returns by customer the names that are new there.
    """
    partner_id = actor.partner_id
    rows = Customer.objects.for_partner(partner_id).filter(pk__in=wanted).order_by("pk").select_for_update()
    versions = dict(rows.values_list("pk", "version"))
    missing = {id_: set(wanted[id_]) for id_ in versions}
    present = CustomerTag.objects.for_partner(partner_id).filter(customer__in=missing)
    for customer_id, name in present.values_list("customer_id", "tag__name"):
        missing[customer_id].discard(name)
    new = {id_: sorted(names) for id_, names in missing.items() if names}
    tag_rows(partner_id, {id_: set(names) for id_, names in new.items()})
    set_versions(partner_id, {id_: versions[id_] + 1 for id_ in new})
    drafts = [
        EventDraft("customer.tagged", "customer", id_, versions[id_] + 1, id_, {"added": names, "removed": []})
        for id_, names in new.items()
    ]
    record(drafts, actor=actor, action_id=action_id, now=now)
    return new


def change_tags(
    changes: Mapping[UUID, TagChange], drafts: Sequence[EventDraft], *, actor: Actor, now: datetime, action_id: UUID
) -> None:
    """Puts tags on customers that are locked, takes others off them, and records it; each draft's sequence is the
    customer's version from then on."""
    partner_id = actor.partner_id
    tag_rows(partner_id, {id_: set(change.added) for id_, change in changes.items()})
    removed: defaultdict[tuple[str, ...], list[UUID]] = defaultdict(list)
    for id_, change in changes.items():
        if change.removed:
            removed[change.removed].append(id_)
    for names, customer_ids in removed.items():
        rows = CustomerTag.objects.for_partner(partner_id).filter(customer__in=customer_ids)
        rows.filter(tag__name__in=names).delete()
    set_versions(partner_id, {draft.object_id: draft.sequence for draft in drafts})
    record(drafts, actor=actor, action_id=action_id, now=now)


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
