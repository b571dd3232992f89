"""Changes of a customer's own data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from customers.models import Customer
from customers.rules.erasure import NOBODY, CustomerErased
from customers.rules.profile import InvalidCustomer, Profile, checked
from customers.services.create import columns
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.bulk import update_rows


def update_profiles(
    profiles: Mapping[UUID, Profile], *, actor: Actor, now: datetime, action_id: UUID | None = None
) -> list[UUID]:
    """Writes what differs, in the open scope, and returns the ids that changed.

    Raises InvalidCustomer naming the field, NotFound for an id of nobody, CustomerErased; then nothing is written.
    """
    wanted = {id_: columns(checked(profile)) for id_, profile in profiles.items()}
    partner_id = actor.partner_id
    rows = Customer.objects.for_partner(partner_id).filter(pk__in=wanted).order_by("pk").select_for_update()
    found = {row.pk: row for row in rows}
    if len(found) != len(wanted):
        raise NotFound("There is no such customer.", field="customer")
    if any(row.erased_at for row in found.values()):
        raise CustomerErased(NOBODY, field="customer")
    _refuse_taken(partner_id, wanted)
    changes = {
        id_: sorted(name for name, value in values.items() if getattr(found[id_], name) != value and "_key" not in name)
        for id_, values in wanted.items()
    }
    changed = [id_ for id_, names in changes.items() if names]
    if not changed:
        return []
    names = list(wanted[changed[0]])
    update_rows(
        Customer,
        partner_id=partner_id,
        columns=[*names, "version"],
        rows=[(id_, *(wanted[id_][name] for name in names), found[id_].version + 1) for id_ in changed],
    )
    drafts = [
        EventDraft(
            kind="customer.updated",
            object_type="customer",
            object_id=id_,
            sequence=found[id_].version + 1,
            customer_id=id_,
            data={"fields": changes[id_]},
            words={f"{name}_before": str(getattr(found[id_], name)) for name in changes[id_]}
            | {f"{name}_after": wanted[id_][name] for name in changes[id_]},
        )
        for id_ in changed
    ]
    record(drafts, actor=actor, action_id=action_id or uuid7(), now=now)
    return changed


def _refuse_taken(partner_id: UUID, wanted: Mapping[UUID, Mapping[str, str]]) -> None:
    rows = Customer.objects.for_partner(partner_id)
    for column, field in (("email_key", "email"), ("external_id", "external_id")):
        holders = {values[column]: id_ for id_, values in wanted.items() if values[column]}
        for value, id_ in rows.filter(**{f"{column}__in": list(holders)}).values_list(column, "pk"):
            if holders[value] != id_:
                raise InvalidCustomer(f"“{value}” belongs to another customer already.", field=field)
