"""Which of a customer's cards is charged, and taking one away; in the open scope."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from billing.detaching.services import detach_later
from billing.methods.models import PaymentMethod
from billing.methods.queries import held_method
from billing.methods.services import event_of
from customers.queries.facts import identities
from partnerpanel.events.services import record
from partnerpanel.kernel.errors import NotFound
from partnerpanel.tenancy.actor import Actor


def choose_method(method_id: UUID, *, actor: Actor, action_id: UUID, now: datetime) -> bool:
    """Renewals charge it from now on; the one before stays beside it. False where it was chosen already.

    Raises NotFound.
    """
    held = _locked(method_id, actor)
    chosen = next(one for one in held if one.pk == method_id)
    if chosen.is_default:
        return False
    drafts = []
    for one in held:
        if one.is_default:
            one.is_default, one.version = False, one.version + 1
            one.save(update_fields=["is_default", "version"])
            drafts.append(event_of(one, "updated", gateway=one.gateway))
    chosen.is_default, chosen.version = True, chosen.version + 1
    chosen.save(update_fields=["is_default", "version"])
    drafts.append(event_of(chosen, "made_default"))
    record(drafts, actor=actor, action_id=action_id, now=now)
    return True


def take_away(method_id: UUID, *, actor: Actor, action_id: UUID, now: datetime) -> UUID | None:
    """It is charged no more, and its gateway lets it go after the commit; what it paid keeps it. Where it was the
    default the newest other one takes its place: the id of that. Raises NotFound."""
    held = _locked(method_id, actor)
    gone = next(one for one in held if one.pk == method_id)
    heir = next((one for one in held if one is not gone), None) if gone.is_default else None
    gone.is_default, gone.replaced_at, gone.version = False, now, gone.version + 1
    gone.save(update_fields=["is_default", "replaced_at", "version"])
    record([event_of(gone, "removed", gateway=gone.gateway)], actor=actor, action_id=action_id, now=now)
    detach_later(actor.partner_id, [(gone.gateway, gone.gateway_ref)], now=now)
    if heir is None:
        return None
    choose_method(heir.pk, actor=actor, action_id=action_id, now=now)
    id_: UUID = heir.pk
    return id_


def _locked(method_id: UUID, actor: Actor) -> list[PaymentMethod]:
    """All that the customer has, the newest first, once nobody else changes them."""
    owner = held_method(actor.partner_id, method_id).customer_id
    identities(actor.partner_id, {owner}, lock=True)
    rows = PaymentMethod.objects.for_partner(actor.partner_id).filter(customer=owner, replaced_at=None)
    held = list(rows.order_by("-added_at", "-pk"))
    if all(one.pk != method_id for one in held):
        raise NotFound("There is no such payment method.", field="payment_method")
    return held
