"""Logins as popups, mails and settings show them; never a password."""

from __future__ import annotations

from collections.abc import Collection as Many
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf

from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.errors import DomainError, NotFound
from subscriptions.models import CredentialLink, PlainCredentialsConsent, Product, ServiceAccount, ServiceAddress
from subscriptions.rules.connection import Connection, connection_of
from subscriptions.rules.service_states import ServiceState


class NoLogin(DomainError):
    """The subscription has no login at the service."""

    code = "no_login"


@dataclass(frozen=True, slots=True)
class Login:
    """A service account without its secret. `number` counts its passwords, so two of them are told apart.

    `link_until` is when an open one-time link expires; None where there is none.
    """

    account_id: UUID
    subscription_id: UUID
    customer_id: UUID
    version: int
    username: str
    address: str
    number: int
    is_pending: bool
    is_enabled: bool
    link_until: datetime | None = None

    @property
    def connection(self) -> Connection:
        return connection_of(self.address)


@dataclass(frozen=True, slots=True)
class ProductAddress:
    """A product that is still sold or held, and where its customers connect to."""

    product_id: UUID
    product_name: str
    address: str
    version: int


def login_of(partner_id: UUID, subscription_id: UUID) -> Login:
    """The login of one subscription. Raises NotFound for a subscription of nobody, NoLogin for one without."""
    found = with_address(ServiceAccount.objects.for_partner(partner_id)).filter(subscription=subscription_id)
    row = found.select_related("subscription").first()
    if row is None:
        raise NoLogin("This subscription has no login at the service yet.", field="subscription")
    links = CredentialLink.objects.for_partner(partner_id).filter(
        account=row, used_at=None, revoked_at=None, expires_at__gt=system_now()
    )
    return _login(row, links.values_list("expires_at", flat=True).first())


def logins(partner_id: UUID, account_ids: Many[UUID]) -> dict[UUID, Login]:
    """Logins by account, in one query."""
    rows = with_address(ServiceAccount.objects.for_partner(partner_id)).filter(pk__in=account_ids)
    return {row.pk: _login(row) for row in rows.select_related("subscription")}


def logins_of_subscriptions(partner_id: UUID, subscription_ids: Many[UUID]) -> dict[UUID, Login]:
    """Logins by subscription, in one query."""
    rows = with_address(ServiceAccount.objects.for_partner(partner_id)).filter(subscription__in=subscription_ids)
    return {row.subscription_id: _login(row) for row in rows.select_related("subscription")}


def with_address(rows: QuerySet[ServiceAccount]) -> QuerySet[ServiceAccount]:
    """The same accounts with `address`: their own, or their product's, or nothing. Those of somebody
    who is erased are no logins any more."""
    of_product = ServiceAddress.objects.filter(
        partner=OuterRef("partner"), product=OuterRef("subscription__plan__product")
    ).values("address")[:1]
    own = NullIf("endpoint", Value(""))
    return (
        rows.exclude(username="")
        .defer("password_sealed")
        .annotate(address=Coalesce(own, Subquery(of_product), Value("")))
    )


def plain_mail_consent(partner_id: UUID) -> PlainCredentialsConsent | None:
    """The consent to mail credentials in plain text, where the partner has given it."""
    return PlainCredentialsConsent.objects.for_partner(partner_id).first()


def product_addresses(partner_id: UUID) -> list[ProductAddress]:
    """Every product by name, with its address where it has one."""
    known = {row.product_id: row for row in ServiceAddress.objects.for_partner(partner_id)}
    return [
        ProductAddress(id_, name, *((known[id_].address, known[id_].version) if id_ in known else ("", 0)))
        for id_, name in Product.objects.for_partner(partner_id).order_by("name", "id").values_list("pk", "name")
    ]


def product_address(partner_id: UUID, product_id: UUID) -> ProductAddress:
    """Raises NotFound."""
    for found in product_addresses(partner_id):
        if found.product_id == product_id:
            return found
    raise NotFound("There is no such product.", field="product")


def _login(row: ServiceAccount, link_until: datetime | None = None) -> Login:
    return Login(
        account_id=row.pk,
        subscription_id=row.subscription_id,
        customer_id=row.subscription.customer_id,
        version=row.version,
        username=row.username,
        address=row.address,  # type: ignore[attr-defined]
        number=row.password_number,
        is_pending=row.password_pending or row.actual == ServiceState.ABSENT,
        is_enabled=row.desired == ServiceState.ENABLED,
        link_until=link_until,
    )
