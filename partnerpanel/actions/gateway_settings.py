"""How a partner is paid: its own Stripe account, connected, tried, listened to and let go by its people."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from billing.gateway.refusals import GatewayDown
from billing.gateway.stripe import accounts, endpoints
from billing.gateway.stripe.endpoints import EndpointRefused
from partnerpanel.actions.permission import Permission, permit
from partnerpanel.kernel.errors import Conflict, DomainError
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.queries import is_test_mode
from partnerpanel.tenancy.scope import tenant


class GatewayMoved(Conflict):
    """Somebody changed the connection since it was shown."""

    code = "gateway_moved"


class OnlyInEarnest(DomainError):
    """A test mode has the sandbox and nothing else."""

    code = "only_in_earnest"


def connect(key: str, *, version: int, actor: Actor, now: datetime) -> bool:
    """Keeps the key once Stripe has taken it, and has Stripe make a webhook endpoint where there is none yet.

    False where the key may make no endpoint. `version` is that of the connection which was shown, 0 for none. Raises
    Forbidden, GatewayMoved, OnlyInEarnest, InvalidKey, GatewayDown; then nothing is written.
    """
    _allow(actor, version)
    accounts.connect(key, actor=actor, now=now)
    with tenant(actor.partner_id):
        listens = endpoints.listens(actor.partner_id)
    try:
        if not listens:
            endpoints.make_endpoint(actor=actor, now=now)
    except (EndpointRefused, GatewayDown):
        return False
    return True


def make_endpoint(*, version: int, actor: Actor, now: datetime) -> None:
    """Has Stripe make a webhook endpoint with a new secret; one of ours that was there goes. Raises EndpointRefused
    where the key may not, and as `connect`."""
    _allow(actor, version)
    endpoints.make_endpoint(actor=actor, now=now)


def set_secret(secret: str, *, version: int, actor: Actor, now: datetime) -> None:
    """Keeps the secret of an endpoint that was made by hand. Raises InvalidSecret, and as `connect`."""
    _allow(actor, version)
    endpoints.set_secret(secret, actor=actor, now=now)


def disconnect(*, version: int, actor: Actor, now: datetime) -> None:
    """Forgets key and secrets, and removes the endpoint that we made. Raises as `connect`, without asking Stripe."""
    _allow(actor, version)
    endpoints.remove_ours(actor.partner_id)
    accounts.disconnect(actor=actor, now=now)


def try_connection(*, actor: Actor) -> None:
    """Asks Stripe a harmless question. Raises Forbidden, InvalidKey, GatewayDown."""
    permit(actor, Permission.MANAGE_SETTINGS)
    accounts.try_connection(actor.partner_id)


def _allow(actor: Actor, version: int) -> None:
    permit(actor, Permission.MANAGE_SETTINGS)
    if is_test_mode(actor.partner_id):
        raise OnlyInEarnest(_("A test mode is paid through the sandbox alone."))
    with tenant(actor.partner_id):
        found = accounts.account_of(actor.partner_id)
    if (found.version if found else 0) != version:
        raise GatewayMoved(_("Somebody changed the connection since you looked. Nothing was done; look again."))
