"""Signatures as Standard Webhooks 1.0 writes them: HMAC-SHA256 over id, timestamp and body, one for each live secret.

Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterable
from datetime import datetime

PREFIX = "whsec_"
SECRET_BYTES = 32
ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"


def written_secret(random: bytes) -> str:
    """A secret as people copy it. Raises ValueError for other than 24 to 64 bytes."""
    if not 24 <= len(random) <= 64:
        raise ValueError("a secret has 24 to 64 bytes")
    return PREFIX + base64.b64encode(random).decode()


def signed_headers(message_id: str, *, body: bytes, at: datetime, secrets: Iterable[str]) -> dict[str, str]:
    """The three headers of a message sent at this instant of the system's clock."""
    timestamp = str(int(at.timestamp()))
    content = f"{message_id}.{timestamp}.".encode() + body
    return {
        ID: message_id,
        TIMESTAMP: timestamp,
        SIGNATURE: " ".join(f"v1,{_signature(secret, content)}" for secret in secrets),
    }


def _signature(secret: str, content: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    return base64.b64encode(hmac.digest(key, content, "sha256")).decode()
