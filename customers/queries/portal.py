"""Log-ins of the portal, and the browsers in which somebody is signed in; in the open scope."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from customers.models import Customer, PortalLogin, PortalSession
from customers.rules.keys import email_key
from customers.rules.portal_roles import PortalRole
from partnerpanel.kernel.errors import NotFound
from partnerpanel.tenancy.ahead import Asked
from partnerpanel.tenancy.reads import Read


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody who signs in for a customer."""

    id: UUID
    customer_id: UUID
    email: str
    role: PortalRole
    invited_at: datetime
    accepted_at: datetime | None
    removed_at: datetime | None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is behind a browser, and for whom; `session_id` is this sign-in. `locale` and `timezone` are the customer's,
    which is `is_owner_address` when its own address signs in."""

    session_id: UUID
    login_id: UUID
    email: str
    role: PortalRole
    customer_id: UUID
    customer_name: str
    customer_email: str
    locale: str
    timezone: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Browser:
    """One sign-in as its owner sees it."""

    id: UUID
    agent: str
    began_at: datetime
    seen_at: datetime
    is_remembered: bool


def logins_of(partner_id: UUID, customer_id: UUID) -> list[Login]:
    """Those that work, the oldest first."""
    rows = PortalLogin.objects.for_partner(partner_id).filter(customer=customer_id, removed_at=None)
    return [_login(row) for row in rows.order_by("invited_at", "pk")]


def login_named(partner_id: UUID, login_id: UUID) -> Login:
    """Also one that was removed. Raises NotFound."""
    row = PortalLogin.objects.for_partner(partner_id).filter(pk=login_id).first()
    if row is None:
        raise NotFound("There is no such log-in.", field="login")
    return _login(row)


def logins_at(partner_id: UUID, address: str) -> list[Login]:
    """Those that sign in with the address, the oldest first."""
    rows = PortalLogin.objects.for_partner(partner_id).filter(email_key=email_key(address), removed_at=None)
    return [_login(row) for row in rows.order_by("invited_at", "pk")]


def emails_of(partner_id: UUID, ids: Collection[UUID]) -> dict[UUID, str]:
    """Addresses of log-ins by id, for timelines; removed ones too."""
    rows = PortalLogin.objects.for_partner(partner_id).filter(pk__in=ids)
    return dict(rows.values_list("pk", "email"))


def signed_in(partner_id: UUID, token_hash: str, *, at: datetime) -> SignedIn | None:
    """Who is behind the hash at this instant of the system's clock, in one query."""
    for row in _SIGNED_IN(partner_id, token_hash, at):
        session_id, login_id, email, role, customer_id, seen_at, *own = row
        name, address, locale, zone = own
        return SignedIn(
            session_id, login_id, email, PortalRole(role), customer_id, name, address, locale, zone, seen_at
        )
    return None


def _sessions(partner_id: UUID, token_hash: str, at: datetime) -> QuerySet[PortalSession, Any]:
    rows = PortalSession.objects.for_partner(partner_id).filter(
        token_hash=token_hash, ended_at=None, expires_at__gt=at, login__removed_at=None
    )
    columns = ("login_id", "login__email", "login__role", "login__customer_id", "seen_at")
    own = ("name", "email", "locale", "timezone")
    return rows.values_list("pk", *columns, *(f"login__customer__{name}" for name in own))


_SIGNED_IN = Read(_sessions)


def signed_in_ahead(partner_id: UUID, token_hash: str, *, at: datetime) -> Asked:
    """What `signed_in` asks."""
    return Asked(_SIGNED_IN, (partner_id, token_hash, at))


def browsers_of(partner_id: UUID, login_id: UUID, *, at: datetime) -> list[Browser]:
    """Where somebody is signed in now, the latest first."""
    rows = PortalSession.objects.for_partner(partner_id).filter(login=login_id, ended_at=None, expires_at__gt=at)
    columns = ("id", "agent", "began_at", "seen_at", "is_remembered")
    return [Browser(*row) for row in rows.order_by("-seen_at", "-pk").values_list(*columns)]


def customer_with_address(partner_id: UUID, address: str) -> UUID | None:
    """Whose own address this is, if it never had a log-in that was taken away again."""
    key = email_key(address)
    if PortalLogin.objects.for_partner(partner_id).filter(email_key=key).exists():
        return None
    return Customer.objects.for_partner(partner_id).filter(email_key=key).values_list("pk", flat=True).first()


def _login(row: PortalLogin) -> Login:
    return Login(
        row.pk, row.customer_id, row.email, PortalRole(row.role), row.invited_at, row.accepted_at, row.removed_at
    )


def an_active_customer(partner_id: UUID) -> str:
    """The address of the first customer by name who is active and owes nothing; empty where there is none."""
    rows = Customer.objects.for_partner(partner_id).filter(
        is_active=True, is_suspended=False, is_in_grace=False, is_cancelling=False, is_paused=False
    )
    return rows.order_by("name_key", "id").values_list("email", flat=True).first() or ""
