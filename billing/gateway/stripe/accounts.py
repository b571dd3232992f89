"""A partner's connection to Stripe, and the client that speaks with its key. The key leaves this module nowhere."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import stripe
from django.conf import settings

from billing.gateway.refusals import GatewayDown, GatewayRefusal
from billing.gateway.stripe.models import StripeAccount
from billing.gateway.stripe.signing import forget_secrets
from billing.gateway.stripe.states import Mode
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.scope import refuse_open_scope, tenant
from partnerpanel.tenancy.secrets import seal, unseal

COLUMN = "stripe_key"
# To connect, and to answer: a worker's task is cut off after half a minute.
TIMEOUT_SECONDS = (3.0, 15.0)
_KEY = re.compile(r"[sr]k_(test|live)_[A-Za-z0-9]{8,250}")


class InvalidKey(GatewayRefusal):
    """No secret key of Stripe's, or one that Stripe does not take."""

    code = "invalid_stripe_key"


@dataclass(frozen=True, slots=True)
class Connection:
    """Whose account it is, and a client that speaks for it."""

    partner_id: UUID
    account: str
    client: stripe.StripeClient = field(repr=False)


def connect(key: str, *, actor: Actor, now: datetime) -> str:
    """Keeps the key once Stripe has taken it for a harmless question; returns the account that it is for.

    A key that is there already is replaced. Raises InvalidKey, GatewayDown. Opens scopes of its own.
    """
    refuse_open_scope("Stripe")
    partner_id, key = actor.partner_id, key.strip()
    account, mode = _checked(key)
    with tenant(partner_id):
        row = StripeAccount.objects.for_partner(partner_id).select_for_update().first()
        row = row or StripeAccount(id=uuid7(), partner_id=partner_id)
        row.account, row.mode, row.connected_at = account, mode, now
        row.sealed_key = seal(key, partner_id=partner_id, row=row.pk, column=COLUMN)
        row.version += 1
        row.save()
        record_account("gateway.connected", row, actor, now)
    return account


def disconnect(*, actor: Actor, now: datetime) -> bool:
    """Forgets key and signing secrets; what is under way waits until a key is there again. False without one."""
    with tenant(actor.partner_id):
        row = StripeAccount.objects.for_partner(actor.partner_id).select_for_update().first()
        if row is None:
            return False
        row.version += 1
        record_account("gateway.disconnected", row, actor, now)
        forget_secrets(actor.partner_id)
        row.delete()
    return True


def connection_of(partner_id: UUID) -> Connection | None:
    """None where the partner has none. Raises ScopeError inside a transaction. Opens a scope of its own."""
    refuse_open_scope("Stripe")
    with tenant(partner_id):
        row = StripeAccount.objects.for_partner(partner_id).first()
    if row is None:
        return None
    key = unseal(row.sealed_key, partner_id=partner_id, row=row.pk, column=COLUMN)
    return Connection(partner_id, row.account, client_for(key))


@dataclass(frozen=True, slots=True)
class Account:
    """What people may see of the connection; of the key its last letters. `version` grows with each change."""

    account: str
    mode: Mode
    last4: str
    connected_at: datetime
    version: int


def account_of(partner_id: UUID) -> Account | None:
    """In the open scope."""
    row = StripeAccount.objects.for_partner(partner_id).first()
    if row is None:
        return None
    key = unseal(row.sealed_key, partner_id=partner_id, row=row.pk, column=COLUMN)
    return Account(row.account, Mode(row.mode), key[-4:], row.connected_at, row.version)


def is_connected(partner_id: UUID) -> bool:
    """In the open scope."""
    return StripeAccount.objects.for_partner(partner_id).exists()


def try_connection(partner_id: UUID) -> None:
    """Asks Stripe a harmless question with the key. Raises InvalidKey, GatewayDown. Opens a scope of its own."""
    _asked(connected(partner_id).client)


def connected(partner_id: UUID) -> Connection:
    """The same, where one is needed: raises GatewayDown without, since nobody can be asked."""
    found = connection_of(partner_id)
    if found is None:
        raise GatewayDown("Stripe is not connected.")
    return found


def client_for(key: str) -> stripe.StripeClient:
    """Asks once and no more: whoever asks decides whether to ask again."""
    return stripe.StripeClient(
        key,
        base_addresses={"api": settings.STRIPE_URL} if settings.STRIPE_URL else None,
        max_network_retries=0,
        http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
    )


def record_account(kind: str, row: StripeAccount, actor: Actor, now: datetime) -> None:
    """Tells what was done to the connection, without key or secret; in the open scope."""
    data = {"gateway": "stripe", "account": row.account, "mode": row.mode}
    record(
        [EventDraft(kind, "stripe_account", row.pk, row.version, data=data)], actor=actor, action_id=uuid7(), now=now
    )


def _checked(key: str) -> tuple[str, Mode]:
    found = _KEY.fullmatch(key)
    if not found:
        raise InvalidKey("A secret key begins with sk_test_, sk_live_, rk_test_ or rk_live_.", field="key")
    mode = Mode(found[1])
    account, is_live = _asked(client_for(key))
    if is_live != (mode is Mode.LIVE):
        raise InvalidKey("Stripe says that this key is for the other mode.", field="key")
    return account, mode


def _asked(client: stripe.StripeClient) -> tuple[str, bool]:
    """The account, and whether it is live."""
    try:
        return client.v1.accounts.retrieve_current().id, client.v1.balance.retrieve().livemode
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        raise InvalidKey(
            "Stripe does not take this key, or it may not read account and balance.", field="key"
        ) from error
    except stripe.StripeError as error:
        raise GatewayDown("Stripe gives no answer; try again in a moment.") from error
