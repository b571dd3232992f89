"""A service account's credentials: looked at, renewed, mailed. Each leaves an event, and no event holds a secret."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.errors import Conflict
from partnerpanel.kernel.ids import uuid7
from partnerpanel.queues.wake import wake
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.secrets import seal
from subscriptions.models import ServiceAccount
from subscriptions.provisioning.accounts import new_password
from subscriptions.queries.credentials import Login, login_of, plain_mail_consent
from subscriptions.services.credential_links import revoke_links
from subscriptions.services.credentials_read import Credentials, read

LINK, PLAIN = "link", "plain"


class CredentialsMoved(Conflict):
    """Somebody else renewed the password, or changed how credentials are mailed, since it was shown."""

    code = "credentials_moved"


def view(subscription_id: UUID, *, reason: str, actor: Actor, now: datetime) -> Credentials:
    """The credentials, and an event of who looked and why, in the open scope.

    Raises NoLogin; CredentialsUnreadable, with nothing written.
    """
    row, login = _locked(actor.partner_id, subscription_id)
    found = read(row, login)
    row.version += 1
    row.save(update_fields=["version"])
    draft = _draft("service_account.credentials_viewed", login, words={"reason": reason})
    record([draft], actor=actor, action_id=uuid7(), now=now)
    return found


def reset(subscription_id: UUID, *, number: int, actor: Actor, now: datetime) -> None:
    """Gives the account a new password and has the service set it, in the open scope; nobody is shown it.

    `number` is that of the password that was seen to be replaced. Raises NoLogin, CredentialsMoved.
    """
    row, login = _locked(actor.partner_id, subscription_id)
    if row.password_number != number:
        raise CredentialsMoved("The password was reset by somebody else meanwhile.")
    row.password_sealed = seal(new_password(), partner_id=row.partner_id, row=row.pk, column="password")
    row.password_number, row.password_pending, row.version = number + 1, True, row.version + 1
    row.due_at, row.attempts, row.parked_at, row.last_error = now, 0, None, ""
    renewed = ["password_sealed", "password_number", "password_pending", "version"]
    row.save(update_fields=[*renewed, "due_at", "attempts", "parked_at", "last_error"])
    record([_draft("service_account.password_reset", login)], actor=actor, action_id=uuid7(), now=now)
    wake("provisioning", actor.partner_id)


def mailing(login: Login, *, mode: str) -> EventDraft:
    """The event that has credentials mailed: as a one-time link, or in plain text."""
    return _draft("service_account.credentials_sent", login, mode=mode)


def mode_of(partner_id: UUID) -> str:
    """How this partner's credentials are mailed, in the open scope."""
    return PLAIN if plain_mail_consent(partner_id) else LINK


def send(subscription_id: UUID, *, mode: str, actor: Actor, now: datetime) -> None:
    """Has the credentials mailed to the customer; an older link stops working now. In the open scope.

    `mode` is the one that was shown. Raises NoLogin, CredentialsMoved.
    """
    row, login = _locked(actor.partner_id, subscription_id)
    if mode != mode_of(actor.partner_id):
        raise CredentialsMoved("How credentials are mailed was changed meanwhile.")
    revoke_links(row.partner_id, row.pk)
    row.version += 1
    row.save(update_fields=["version"])
    record([mailing(login, mode=mode)], actor=actor, action_id=uuid7(), now=now)


def note_sent(subscription_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Records that another mail took the one-time link along; in the open scope. Raises NoLogin."""
    row, login = _locked(actor.partner_id, subscription_id)
    row.version += 1
    row.save(update_fields=["version"])
    draft = _draft("service_account.credentials_sent", login, mode=LINK, along="yes")
    record([draft], actor=actor, action_id=uuid7(), now=now)


def _locked(partner_id: UUID, subscription_id: UUID) -> tuple[ServiceAccount, Login]:
    """The account, which nobody else changes until the transaction ends. Raises NoLogin."""
    rows = ServiceAccount.objects.for_partner(partner_id).filter(subscription=subscription_id)
    locked = list(rows.select_for_update(of=("self",)))
    login = login_of(partner_id, subscription_id)
    return locked[0], login


def _draft(kind: str, login: Login, *, words: dict[str, str] | None = None, **data: str) -> EventDraft:
    about = {"subscription": str(login.subscription_id), **data}
    return EventDraft(
        kind, "service_account", login.account_id, login.version + 1, login.customer_id, about, words or {}
    )
