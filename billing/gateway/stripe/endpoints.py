"""The address that Stripe calls: made through its API where the key may, else by hand with the secret that it shows."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import stripe
import structlog
from django.conf import settings
from django.urls import reverse

from billing.gateway.refusals import GatewayDown, GatewayRefusal
from billing.gateway.stripe.accounts import Connection, account_of, connected, connection_of, record_account
from billing.gateway.stripe.hearing import TOPICS
from billing.gateway.stripe.models import StripeAccount
from billing.gateway.stripe.signing import InvalidSecret, keep_secret, newest_secret
from partnerpanel.kernel.ids import public
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.scope import tenant

log = structlog.get_logger(__name__)


class EndpointRefused(GatewayRefusal):
    """Stripe makes no endpoint with this key."""

    code = "endpoint_refused"


def address_of(partner_id: UUID) -> str:
    """Where Stripe tells news of this partner."""
    return str(settings.PUBLIC_URL) + reverse("gateway-news", args=["stripe", public("par", partner_id)])


def make_endpoint(*, actor: Actor, now: datetime) -> str:
    """Has Stripe make an endpoint for the partner's address and keeps its secret; returns its id.

    One that was made before is removed once the new one is kept; what it has sent by then is taken for a day more.
    Raises EndpointRefused, GatewayDown. Opens scopes of its own.
    """
    connection = connected(actor.partner_id)
    with tenant(actor.partner_id):
        before = newest_secret(actor.partner_id)
    made = _made(connection)
    _keep(connection.account, made["secret"], endpoint=made["id"], actor=actor, now=now)
    if before is not None and before.endpoint and before.account == connection.account:
        remove(connection, before.endpoint)
    return str(made["id"])


def set_secret(secret: str, *, actor: Actor, now: datetime) -> None:
    """Keeps the secret of an endpoint that was made by hand; the one before is taken for a day more.

    Raises InvalidSecret, GatewayDown where no account is connected. Opens scopes of its own.
    """
    _keep(connected(actor.partner_id).account, secret, endpoint="", actor=actor, now=now)


def listens(partner_id: UUID) -> bool:
    """Whether webhooks of the account that is connected now are taken; in the open scope."""
    account, secret = account_of(partner_id), newest_secret(partner_id)
    return account is not None and secret is not None and secret.account == account.account


def remove_ours(partner_id: UUID) -> None:
    """Has Stripe forget the endpoint that was made through its API, if any. Opens scopes of its own."""
    connection = connection_of(partner_id)
    with tenant(partner_id):
        newest = newest_secret(partner_id)
    if connection is not None and newest is not None and newest.endpoint and newest.account == connection.account:
        remove(connection, newest.endpoint)


def remove(connection: Connection, endpoint: str) -> None:
    """Best effort: what is left over is refused here and switched off by Stripe."""
    try:
        connection.client.v1.webhook_endpoints.delete(endpoint)
    except stripe.StripeError as error:
        log.warning("stripe_endpoint_left", partner_id=str(connection.partner_id), error=type(error).__name__)


def _made(connection: Connection) -> dict[str, Any]:
    params: Any = {
        "url": address_of(connection.partner_id),
        "enabled_events": sorted(TOPICS),
        "api_version": stripe.api_version,
        "description": "PartnerPanel",
    }
    try:
        return dict(connection.client.v1.webhook_endpoints.create(params).to_dict())
    except (stripe.PermissionError, stripe.AuthenticationError) as error:
        raise EndpointRefused("This key may make no webhook endpoint; make it by hand.", field="key") from error
    except stripe.InvalidRequestError as error:
        # Such as an address that Stripe cannot reach.
        raise EndpointRefused(error.user_message or "Stripe does not take this address.", field="key") from error
    except stripe.StripeError as error:
        raise GatewayDown("Stripe gives no answer; try again in a moment.") from error


def _keep(account: str, secret: str, *, endpoint: str, actor: Actor, now: datetime) -> None:
    with tenant(actor.partner_id):
        row = StripeAccount.objects.for_partner(actor.partner_id).select_for_update().first()
        if row is None or row.account != account:
            raise InvalidSecret("The account was changed meanwhile; look again.", field="secret")
        keep_secret(actor.partner_id, account, secret, endpoint=endpoint, now=now)
        row.version += 1
        row.save(update_fields=["version"])
        record_account("gateway.secret_set", row, actor, now)
