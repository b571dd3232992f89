"""Credentials of a service account: looked at, renewed, mailed, and opened by a one-time link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from partnerpanel.actions.permission import Permission, permit
from partnerpanel.events.consumers import Foreseen, foresee
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.errors import DomainError
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.scope import refuse_open_scope, tenant
from subscriptions.queries.credentials import Login, NoLogin, login_of
from subscriptions.services import credential_links, credentials
from subscriptions.services.credential_links import LinkUnusable
from subscriptions.services.credentials import CredentialsMoved
from subscriptions.services.credentials_read import Credentials, CredentialsUnreadable

__all__ = [
    "Credentials",
    "CredentialsMoved",
    "CredentialsUnreadable",
    "InvalidReason",
    "LinkUnusable",
    "Login",
    "NoLogin",
    "NotConfirmed",
    "Sending",
    "open_link",
    "preview_reset",
    "preview_sending",
    "preview_view",
    "reset",
    "send",
    "view",
]

REASON_LENGTH = 300


class NotConfirmed(DomainError):
    """The person has not shown lately that it is still them."""

    code = "reauthentication_required"
    status = 403


class InvalidReason(DomainError):
    """A look at credentials without a reason that a team could read."""

    code = "invalid_reason"


@dataclass(frozen=True, slots=True)
class Sending:
    """What mailing credentials would do: how, and the mail as it is written, with a mask for what is secret."""

    login: Login
    mode: str
    foreseen: Sequence[Foreseen]


def preview_view(subscription_id: UUID, *, actor: Actor) -> Login:
    """Whose credentials would be shown; shows and writes nothing. Raises Forbidden, NoLogin."""
    permit(actor, Permission.VIEW_CREDENTIALS)
    with tenant(actor.partner_id):
        return login_of(actor.partner_id, subscription_id)


def view(
    subscription_id: UUID, *, reason: str, confirmed_at: datetime | None, actor: Actor, now: datetime
) -> Credentials:
    """The credentials in the clear, once the look is recorded with its reason.

    `confirmed_at` is when the person last proved who they are, in system time. Raises Forbidden, NotConfirmed,
    InvalidReason, NoLogin, CredentialsUnreadable; then nothing is shown and nothing written.
    """
    permit(actor, Permission.VIEW_CREDENTIALS)
    if not is_recent(confirmed_at):
        raise NotConfirmed(_("Confirm first that it is you."))
    if not 1 <= len(reason.strip()) <= REASON_LENGTH:
        raise InvalidReason(_("Give a reason of at most 300 letters; your team reads it."), field="reason")
    refuse_open_scope("A look at credentials")
    with tenant(actor.partner_id):
        return credentials.view(subscription_id, reason=reason.strip(), actor=actor, now=now)


def is_recent(confirmed_at: datetime | None) -> bool:
    """Whether a proof of that instant still counts."""
    patience = timedelta(seconds=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)
    return confirmed_at is not None and timedelta(0) <= system_now() - confirmed_at < patience


def preview_reset(subscription_id: UUID, *, actor: Actor) -> Login:
    """Whose password would be replaced; writes nothing. Raises Forbidden, NoLogin."""
    permit(actor, Permission.RESET_CREDENTIALS)
    with tenant(actor.partner_id):
        return login_of(actor.partner_id, subscription_id)


def reset(subscription_id: UUID, *, number: int, actor: Actor, now: datetime) -> None:
    """Replaces the password by a new one, which the service is told. It cannot be undone.

    `number` is that of the password shown as the one to be replaced. Raises Forbidden, NoLogin, CredentialsMoved.
    """
    permit(actor, Permission.RESET_CREDENTIALS)
    with tenant(actor.partner_id):
        credentials.reset(subscription_id, number=number, actor=actor, now=now)


def preview_sending(subscription_id: UUID, *, actor: Actor) -> Sending:
    """What mailing the credentials would do; writes nothing. Raises Forbidden, NoLogin."""
    permit(actor, Permission.SEND_CREDENTIALS)
    with tenant(actor.partner_id):
        login = login_of(actor.partner_id, subscription_id)
        mode = credentials.mode_of(actor.partner_id)
        return Sending(login, mode, foresee([credentials.mailing(login, mode=mode)]))


def send(subscription_id: UUID, *, mode: str, actor: Actor, now: datetime) -> None:
    """Mails the credentials to the customer in the way that was shown; an older link stops working now.

    Raises Forbidden, NoLogin, CredentialsMoved.
    """
    permit(actor, Permission.SEND_CREDENTIALS)
    with tenant(actor.partner_id):
        credentials.send(subscription_id, mode=mode, actor=actor, now=now)


def open_link(partner_id: UUID, token: str, *, now: datetime) -> Credentials:
    """What a one-time link shows, to whoever has it, once. Raises LinkUnusable, CredentialsUnreadable."""
    with tenant(partner_id):
        return credential_links.open_link(partner_id, token, now=now)
