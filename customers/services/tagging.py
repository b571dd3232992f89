"""Tags on many customers at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from customers.models import Customer, CustomerTag
from customers.services.notes import tag_rows
from customers.services.standing import set_versions
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.tenancy.actor import Actor


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
