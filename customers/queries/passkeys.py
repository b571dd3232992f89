"""Passkeys of log-ins; in the open scope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from customers.models import Passkey


@dataclass(frozen=True, slots=True)
class PasskeyLine:
    """One as its owner sees it: made in the browser `agent`, good on `host`."""

    id: UUID
    host: str
    credential_id: str
    agent: str
    made_at: datetime
    used_at: datetime | None


def passkeys_of(partner_id: UUID, login_id: UUID) -> list[PasskeyLine]:
    """The log-in's, the oldest first."""
    rows = Passkey.objects.for_partner(partner_id).filter(login=login_id).order_by("made_at", "pk")
    return [PasskeyLine(*row) for row in rows.values_list("id", "host", "credential_id", "agent", "made_at", "used_at")]
