"""Browsers in which somebody is signed in to the portal: begun, seen, ended. Times are the system's."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from customers.models import PortalSession
from customers.queries.portal import SignedIn
from partnerpanel.queues.purging import Purge
from partnerpanel.tenancy.rows import TenantQuerySet

TOKEN_BYTES = 32
LONGEST_TOKEN = 100
# A device that was not to be remembered is forgotten the same day.
FORGOTTEN_AFTER = timedelta(hours=12)
REMEMBERED_FOR = timedelta(days=60)
# Seen again so soon is not written again.
SEEN_EVERY = timedelta(minutes=10)


def hash_of(token: str) -> str:
    """A plain SHA-256: against 256 random bits a slow hash adds nothing but seconds."""
    return hashlib.sha256(token[:LONGEST_TOKEN].encode()).hexdigest()


def begin(partner_id: UUID, login_id: UUID, *, agent: str, remember: bool, at: datetime) -> str:
    """Signs a browser in, in the open scope; the token that proves it, which is kept nowhere else."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    PortalSession.objects.create(
        partner_id=partner_id,
        login_id=login_id,
        token_hash=hash_of(token),
        agent=agent[:200],
        is_remembered=remember,
        began_at=at,
        seen_at=at,
        expires_at=at + (REMEMBERED_FOR if remember else FORGOTTEN_AFTER),
    )
    return token


def seen(partner_id: UUID, visitor: SignedIn, *, at: datetime) -> None:
    """Notes that the browser was here, now and then."""
    if at - visitor.seen_at >= SEEN_EVERY:
        PortalSession.objects.for_partner(partner_id).filter(pk=visitor.session_id).update(seen_at=at)


def end(partner_id: UUID, session_id: UUID, *, login_id: UUID, at: datetime) -> bool:
    """Signs one browser of this log-in out; False where there is no such one."""
    return _open(partner_id, login_id).filter(pk=session_id).update(ended_at=at) == 1


def end_all(partner_id: UUID, login_id: UUID, *, at: datetime) -> int:
    """Signs the log-in out everywhere; of how many browsers."""
    return _open(partner_id, login_id).update(ended_at=at)


def _open(partner_id: UUID, login_id: UUID) -> TenantQuerySet[PortalSession]:
    return PortalSession.objects.for_partner(partner_id).filter(login=login_id, ended_at=None)


OLD_SESSIONS = Purge(
    name="portal sessions",
    model=PortalSession,
    kept_for=timedelta(days=30),
    old=lambda rows, before: rows.filter(expires_at__lt=before).order_by("expires_at", "pk"),
)
