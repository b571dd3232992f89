"""What a customer does for itself in the portal besides the verbs: cards, details, credentials, copies of documents.

Each is confined to the customer; money goes through the same functions as everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.conf import settings

from billing.queries.pay_links import Payer, pay_link
from customers.queries.held import profile_of
from customers.services.update import update_profiles
from partnerpanel.actions import pay_links
from partnerpanel.actions.permission import Permission, confine, permit
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.queries import is_test_mode
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.credentials import Login, login_of
from subscriptions.queries.facts import customers_of
from subscriptions.services import credentials
from subscriptions.services.credentials_read import Credentials

# What the record says of a customer who looks at what is its own.
LOOKED = "In the portal"


@dataclass(frozen=True, slots=True)
class Details:
    """What stands on invoices that are yet to be written."""

    name: str
    country: str
    region: str
    tax_id: str


def card_page(
    customer_id: UUID, subscription_id: UUID | None, *, actor: Actor, now: datetime, beside: bool = False
) -> str:
    """Where a card is entered at the gateway; with a subscription, what that owes is charged to it at once. `beside`:
    it is kept beside the one that is charged.

    Raises Forbidden, NotFound, GatewayDown, GatewayRefusal.
    """
    permit(actor, Permission.REPLACE_CARD)
    confine(actor, [customer_id])
    token = pay_link(actor.partner_id, Payer(customer_id, subscription_id)).partition("#")[2]
    return pay_links.begin(actor.partner_id, token, now=now, beside=beside)


def takes_test_cards(partner_id: UUID) -> bool:
    """Whether customers may choose cards that move no money: in a test mode, and where the installation says so."""
    return settings.SANDBOX_FOR_CUSTOMERS or is_test_mode(partner_id)


def details_of(customer_id: UUID, *, actor: Actor) -> Details:
    """As they stand, in the open scope."""
    confine(actor, [customer_id])
    profile = profile_of(actor.partner_id, customer_id)
    return Details(profile.name, profile.country, profile.region, profile.tax_id)


def set_details(customer_id: UUID, details: Details, *, actor: Actor, now: datetime) -> bool:
    """What the next documents say; those that are written stay as they are. False where nothing changed.

    Raises Forbidden, InvalidCustomer naming the field.
    """
    permit(actor, Permission.EDIT_TAXES)
    confine(actor, [customer_id])
    with tenant(actor.partner_id):
        held = profile_of(actor.partner_id, customer_id)
        wanted = replace(held, name=details.name, country=details.country, region=details.region, tax_id=details.tax_id)
        return bool(update_profiles({customer_id: wanted}, actor=actor, now=now))


def service_login(subscription_id: UUID, *, actor: Actor) -> Login:
    """The login on the service, without its secret, in the open scope. Raises Forbidden, NotFound, NoLogin."""
    permit(actor, Permission.VIEW_CREDENTIALS)
    _own(subscription_id, actor)
    return login_of(actor.partner_id, subscription_id)


def show_credentials(subscription_id: UUID, *, actor: Actor, now: datetime) -> Credentials:
    """In the clear, once the look is recorded. Raises Forbidden, NotFound, NoLogin, CredentialsUnreadable."""
    permit(actor, Permission.VIEW_CREDENTIALS)
    with tenant(actor.partner_id):
        _own(subscription_id, actor)
        return credentials.view(subscription_id, reason=LOOKED, actor=actor, now=now)


def reset_password(subscription_id: UUID, *, number: int, actor: Actor, now: datetime) -> None:
    """A new password, which the service is told. `number` is that of the one that was seen to be replaced.

    Raises Forbidden, NotFound, NoLogin, CredentialsMoved.
    """
    permit(actor, Permission.RESET_CREDENTIALS)
    with tenant(actor.partner_id):
        _own(subscription_id, actor)
        credentials.reset(subscription_id, number=number, actor=actor, now=now)


def _own(subscription_id: UUID, actor: Actor) -> None:
    confine(actor, customers_of(actor.partner_id, [subscription_id]).values())
