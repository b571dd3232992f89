"""Moving in with cards that the gateway has already: nobody enters one again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from billing.gateway.stripe.accounts import connected
from billing.gateway.stripe.adopting import Adopted, Verified, remember, verified
from billing.methods.services import NewMethod, add_methods
from billing.moving_in.models import Opening
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.scope import tenant

__all__ = ["Verified", "adopt_brought", "adopt_cards", "refused_cards", "wrong_cards"]


def wrong_cards(partner_id: UUID, wanted: Sequence[tuple[UUID, str, str]]) -> list[Verified]:
    """Of customers with what Stripe calls them and their card, those that Stripe knows differently; writes nothing."""
    return refused_cards(verified(partner_id, [Adopted(*one) for one in wanted]))


def adopt_brought(wanted: Sequence[tuple[UUID, str, str]], *, actor: Actor, now: datetime) -> list[Verified]:
    """Takes over what Stripe confirms of the cards that customers bring along; returns the others, which wait.

    Raises GatewayDown.
    """
    found = verified(actor.partner_id, [Adopted(*one) for one in wanted])
    _take(found, actor=actor, now=now)
    good = [one.adopted.customer_id for one in found if one.facts]
    with tenant(actor.partner_id):
        rows = Opening.objects.for_partner(actor.partner_id).filter(customer__in=good, adopted_at=None)
        rows.update(adopted_at=now)
    return refused_cards(found)


def refused_cards(found: Sequence[Verified]) -> list[Verified]:
    """Those that cannot be taken over."""
    return [one for one in found if one.facts is None]


def adopt_cards(wanted: Sequence[Adopted], *, actor: Actor, now: datetime) -> list[Verified]:
    """Takes all of them over, or none where Stripe knows one differently; returns those that cannot be.

    Repeating it changes nothing more. Raises GatewayDown, NotFound for a customer.
    """
    found = verified(actor.partner_id, wanted)
    if refused := refused_cards(found):
        return refused
    _take(found, actor=actor, now=now)
    return []


def _take(found: Sequence[Verified], *, actor: Actor, now: datetime) -> None:
    account = connected(actor.partner_id).account
    good = [(one.adopted, one.facts) for one in found if one.facts]
    with tenant(actor.partner_id):
        new = [NewMethod(adopted.customer_id, "stripe", adopted.method, facts) for adopted, facts in good]
        add_methods(new, actor=actor, now=now)
        remember(actor.partner_id, account, [adopted for adopted, _ in good])
