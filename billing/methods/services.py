"""Adding payment methods, and choosing which one renewals charge."""

from __future__ import annotations

from collections.abc import Sequence
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
    """Keeps what the gateway holds for the customer under `ref`, in the open scope; returns the method's id.

    `facts` are the gateway's `describe_method`, asked before and outside any transaction. A new default replaces the
    one before it. A method that the customer has already stays one, so a repeat changes nothing.
    Raises NotFound for the customer, UnknownGateway, InvalidRequest.
    """
    checked_text(ref, "ref")
    name = gateway_named(gateway).name
    if not identities(actor.partner_id, [customer_id], lock=True):
        raise NotFound("There is no such customer.", field="customer")
    rows = PaymentMethod.objects.for_partner(actor.partner_id).filter(customer=customer_id, replaced_at=None)
    present = list(rows.order_by("pk"))
    method = next((one for one in present if (one.gateway, one.gateway_ref) == (name, ref)), None)
    id_ = uuid7() if method is None else method.pk
    drafts = []
    if make_default:
        drafts += _replaced([one for one in present if one.is_default and one is not method], by=id_, now=now)
    if method is None:
        method = _new(id_, customer_id, name, ref, facts, actor=actor, now=now, is_default=make_default)
        drafts.append(_draft(method, "added", gateway=name))
    elif make_default and not method.is_default:
        method.is_default, method.version = True, method.version + 1
        method.save(update_fields=["is_default", "version"])
        drafts.append(_draft(method, "made_default"))
    record(drafts, actor=actor, action_id=action_id or uuid7(), now=now)
    return id_


def _replaced(methods: Sequence[PaymentMethod], *, by: UUID, now: datetime) -> list[EventDraft]:
    for one in methods:
        one.is_default, one.replaced_at, one.version = False, now, one.version + 1
        one.save(update_fields=["is_default", "replaced_at", "version"])
    return [_draft(one, "replaced", by=str(by)) for one in methods]


def _new(
    id_: UUID,
    customer_id: UUID,
    gateway: str,
    ref: str,
    facts: MethodFacts,
    *,
    actor: Actor,
    now: datetime,
    is_default: bool,
) -> PaymentMethod:
    return PaymentMethod.objects.create(
        id=id_,
        partner_id=actor.partner_id,
        customer_id=customer_id,
        gateway=gateway,
        gateway_ref=ref,
        brand=facts.brand,
        last4=facts.last4,
        exp_month=facts.exp_month,
        exp_year=facts.exp_year,
        is_default=is_default,
        added_at=now,
    )


def _draft(method: PaymentMethod, what: str, **data: str) -> EventDraft:
    return EventDraft(
        kind=f"payment_method.{what}",
        object_type="payment_method",
        object_id=method.pk,
        sequence=method.version,
        customer_id=method.customer_id,
        data=data,
    )
