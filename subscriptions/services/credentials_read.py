"""Reading a stored password out of its seal."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from partnerpanel.kernel.errors import DomainError
from partnerpanel.tenancy.secrets import SecretUnreadable
from subscriptions.models import ServiceAccount
from subscriptions.provisioning.accounts import password_of
from subscriptions.queries.credentials import Login


class CredentialsUnreadable(DomainError):
    """The password is stored, but does not open: its key is no longer in the ring, or the row was altered."""

    code = "credentials_unreadable"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a customer signs in with. Nothing keeps it longer than it takes to show it."""

    login: Login
    password: str = field(repr=False)  # no log or traceback shows it


def read(row: ServiceAccount, login: Login) -> Credentials:
    """Raises CredentialsUnreadable."""
    return Credentials(login, _password(row))


def password_of_account(partner_id: UUID, account_id: UUID) -> str:
    """The password alone, for a mail; in the open scope. Raises CredentialsUnreadable."""
    row = ServiceAccount.objects.for_partner(partner_id).get(pk=account_id)
    return _password(row)


def _password(row: ServiceAccount) -> str:
    try:
        return password_of(row)
    except SecretUnreadable as error:
        raise CredentialsUnreadable(str(error)) from None
