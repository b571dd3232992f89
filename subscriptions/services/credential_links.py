"""One-time links to credentials: 24 hours, one view. The token is handed out once and stored as its hash alone."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.actor import Actor
from subscriptions.models import CredentialLink, ServiceAccount
from subscriptions.queries.credentials import logins
from subscriptions.services.credentials_read import Credentials, read

HOURS = 24
TOKEN_BYTES = 32
LONGEST_TOKEN = 200


class LinkUnusable(NotFound):
    """Used, expired, revoked or never made: nobody is told which."""

    code = "link_unusable"


def issue_link(partner_id: UUID, account_id: UUID) -> str:
    """The token of a new link, in the open scope; the account's older link no longer works.

    Only the hash is stored, so it cannot be had again. Raises ServiceAccount.DoesNotExist.
    """
    account = ServiceAccount.objects.for_partner(partner_id).select_for_update(of=("self",)).get(pk=account_id)
    revoke_links(partner_id, account.pk)
    token, made_at = secrets.token_urlsafe(TOKEN_BYTES), system_now()
    CredentialLink.objects.create(
        partner_id=partner_id,
        account=account,
        token_hash=_hash(token),
        made_at=made_at,
        expires_at=made_at + timedelta(hours=HOURS),
    )
    return token


def revoke_links(partner_id: UUID, account_id: UUID) -> None:
    """Takes the account's open link back; the caller has locked the account."""
    rows = CredentialLink.objects.for_partner(partner_id).filter(account=account_id, used_at=None, revoked_at=None)
    rows.update(revoked_at=system_now())


def open_link(partner_id: UUID, token: str, *, now: datetime) -> Credentials:
    """The credentials behind the link, once, in the open scope; the event names nobody, for nobody has signed in.

    Of two who ask at the same time, one is shown them. Raises LinkUnusable; CredentialsUnreadable, after which the
    scope's transaction must not be kept, so that the link still works.
    """
    at, hashed = system_now(), _hash(token[:LONGEST_TOKEN])
    link = CredentialLink.objects.for_partner(partner_id).filter(token_hash=hashed).first()
    if link is None:
        raise LinkUnusable("This link does not work.")
    accounts = ServiceAccount.objects.for_partner(partner_id)
    account = accounts.select_for_update(of=("self",)).get(pk=link.account_id)
    usable = CredentialLink.objects.for_partner(partner_id).filter(
        pk=link.pk, used_at=None, revoked_at=None, expires_at__gt=at
    )
    if usable.update(used_at=at) != 1:
        raise LinkUnusable("This link does not work.")
    login = logins(partner_id, [account.pk])[account.pk]
    found = read(account, login)
    account.version += 1
    account.save(update_fields=["version"])
    data = {"subscription": str(login.subscription_id), "link": str(link.pk)}
    kind = "service_account.credentials_opened"
    draft = EventDraft(kind, "service_account", account.pk, account.version, login.customer_id, data)
    record([draft], actor=Actor.system(partner_id), action_id=uuid7(), now=now)
    return found


def _hash(token: str) -> str:
    """A plain SHA-256: against 256 random bits a slow hash adds nothing but seconds."""
    return hashlib.sha256(token.encode()).hexdigest()
