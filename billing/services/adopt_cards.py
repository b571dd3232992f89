"""Moving in with cards that the gateway has already: nobody enters one again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from billing.gateway.stripe.accounts import connected
from billing.gateway.stripe.adopting import Adopted, Verified, remember, verified
from billing.methods.services import NewMethod, add_methods
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.scope import tenant


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
    account = connected(actor.partner_id).account
    with tenant(actor.partner_id):
        new = [
            NewMethod(one.adopted.customer_id, "stripe", one.adopted.method, one.facts) for one in found if one.facts
        ]
        add_methods(new, actor=actor, now=now)
        remember(actor.partner_id, account, wanted)
    return []
