"""What our objects at Stripe carry beside the caller's metadata: whose they are and what they stand for.

Two partners may use one account; nobody sees the other's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

_OURS = "partnerpanel_"
PARTNER, KEY, CUSTOMER, METHOD = (_OURS + name for name in ("partner", "key", "customer", "method"))


def marked(partner_id: UUID, key: str, metadata: Mapping[str, str], **more: str) -> dict[str, str]:
    """The metadata to send."""
    ours = {PARTNER: str(partner_id), KEY: key} | {_OURS + name: value for name, value in more.items()}
    return {**metadata, **ours}


def callers(said: Mapping[str, Any]) -> dict[str, str]:
    """The caller's own again."""
    return {name: value for name, value in said["metadata"].items() if not name.startswith(_OURS)}


def is_mine(said: Mapping[str, Any], partner_id: UUID) -> bool:
    return bool((said.get("metadata") or {}).get(PARTNER) == str(partner_id))


def idempotency_key(partner_id: UUID, kind: str, key: str) -> str:
    """What Stripe knows the question by. The partner is in it, as two may use one account."""
    return f"{kind}:{partner_id}:{key}"
