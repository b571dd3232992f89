"""Adding payment methods, and choosing which one renewals charge."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from billing.gateway.port import MethodFacts
from billing.gateway.refusals import checked_text
from billing.gateway.registry import gateway_named
from billing.methods.models import PaymentMethod
from customers.queries.facts import identities
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.bulk import insert_objects
from partnerpanel.tenancy.reads import Read


@dataclass(frozen=True, slots=True)
class NewMethod:
    """What the gateway holds for the customer under `ref`; `facts` are its `describe_method`, asked before and outside
    any transaction."""

    customer_id: UUID
    gateway: str
    ref: str
    facts: MethodFacts
    is_default: bool = True


def add_method(
    customer_id: UUID,
    *,
    gateway: str,
    ref: str,
    facts: MethodFacts,
    actor: Actor,
    now: datetime,
    make_default: bool = True,
    action_id: UUID | None = None,
) -> UUID:
    """One method for one customer, as `add_methods` says; returns its id."""
    new = NewMethod(customer_id, gateway, ref, facts, make_default)
    return add_methods([new], actor=actor, now=now, action_id=action_id)[0]


def add_methods(new: Sequence[NewMethod], *, actor: Actor, now: datetime, action_id: UUID | None = None) -> list[UUID]:
    """Keeps them in the open scope, at most one for a customer; returns their ids in the order given.

    A new default replaces the one before it. A method that the customer has already stays one, so a repeat changes
    nothing. Raises NotFound for a customer, UnknownGateway, InvalidRequest; then none is written.
    """
    names = {one.gateway: gateway_named(one.gateway).name for one in new}
    for one in new:
        checked_text(one.ref, "ref")
    customers = {one.customer_id for one in new}
    if len(identities(actor.partner_id, customers, lock=True)) != len(new):
        raise NotFound("There is no such customer.", field="customer")
    present: defaultdict[UUID, list[PaymentMethod]] = defaultdict(list)
    for row in _PRESENT(actor.partner_id, customers):
        present[row.customer_id].append(row)
    ids, drafts, made = [], [], []
    for one in new:
        theirs = present[one.customer_id]
        method = next((row for row in theirs if (row.gateway, row.gateway_ref) == (names[one.gateway], one.ref)), None)
        id_ = uuid7() if method is None else method.pk
        ids.append(id_)
        if one.is_default:
            drafts += _replaced([row for row in theirs if row.is_default and row is not method], by=id_, now=now)
        if method is None:
            method = _new(id_, one, names[one.gateway], actor=actor, now=now)
            made.append(method)
            drafts.append(event_of(method, "added", gateway=method.gateway))
        elif one.is_default and not method.is_default:
            method.is_default, method.version = True, method.version + 1
            method.save(update_fields=["is_default", "version"])
            drafts.append(event_of(method, "made_default"))
    insert_objects(made)
    record(drafts, actor=actor, action_id=action_id or uuid7(), now=now)
    return ids


def method_changed(gateway: str, ref: str, facts: MethodFacts | None, *, actor: Actor, now: datetime) -> bool:
    """What the gateway says anew of a method that customers have: other dates or digits, or None for one that can be
    charged no more. In the open scope; False where nobody has it. A repeat changes nothing."""
    rows = PaymentMethod.objects.for_partner(actor.partner_id).filter(gateway=gateway, gateway_ref=ref)
    identities(actor.partner_id, set(rows.values_list("customer_id", flat=True)), lock=True)
    held = list(rows.order_by("pk"))
    in_use = [row for row in held if row.replaced_at is None]
    changed = _removed(in_use, now) if facts is None else _updated(in_use, facts)
    record(changed, actor=actor, action_id=uuid7(), now=now)
    return bool(held)


def _removed(methods: Sequence[PaymentMethod], now: datetime) -> list[EventDraft]:
    for one in methods:
        one.is_default, one.replaced_at, one.version = False, now, one.version + 1
        one.save(update_fields=["is_default", "replaced_at", "version"])
    return [event_of(one, "removed", gateway=one.gateway) for one in methods]


def _updated(methods: Sequence[PaymentMethod], facts: MethodFacts) -> list[EventDraft]:
    columns = ("brand", "last4", "exp_month", "exp_year")
    told = {name: getattr(facts, name) for name in columns}
    moved = [one for one in methods if {name: getattr(one, name) for name in columns} != told]
    for one in moved:
        for name, value in told.items():
            setattr(one, name, value)
        one.version += 1
        one.save(update_fields=[*columns, "version"])
    return [event_of(one, "updated", gateway=one.gateway) for one in moved]


_PRESENT = Read(
    lambda partner_id, customer_ids: (
        PaymentMethod.objects.for_partner(partner_id)
        .filter(customer__among=customer_ids, replaced_at=None)
        .order_by("pk")
    )
)


def _replaced(methods: Sequence[PaymentMethod], *, by: UUID, now: datetime) -> list[EventDraft]:
    for one in methods:
        one.is_default, one.replaced_at, one.version = False, now, one.version + 1
        one.save(update_fields=["is_default", "replaced_at", "version"])
    return [event_of(one, "replaced", by=str(by)) for one in methods]


def _new(id_: UUID, one: NewMethod, gateway: str, *, actor: Actor, now: datetime) -> PaymentMethod:
    return PaymentMethod(
        id=id_,
        partner_id=actor.partner_id,
        customer_id=one.customer_id,
        gateway=gateway,
        gateway_ref=one.ref,
        brand=one.facts.brand,
        last4=one.facts.last4,
        exp_month=one.facts.exp_month,
        exp_year=one.facts.exp_year,
        is_default=one.is_default,
        added_at=now,
    )


def event_of(method: PaymentMethod, what: str, **data: str) -> EventDraft:
    """What happened to it, as its newest version."""
    return EventDraft(
        kind=f"payment_method.{what}",
        object_type="payment_method",
        object_id=method.pk,
        sequence=method.version,
        customer_id=method.customer_id,
        data=data,
    )
