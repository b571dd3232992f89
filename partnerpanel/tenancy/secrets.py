"""Secrets at rest: AES-256-GCM under a ring of keys, each bound to the row and column it belongs to.

The stored form is `name of the key | 12 bytes of nonce | ciphertext`; moved to another row it does not open.
"""

from __future__ import annotations

import base64
import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class SecretUnreadable(RuntimeError):
    """The bytes were altered, belong to another row, or their key is no longer in the ring."""


def ring() -> dict[str, bytes]:
    """Keys by name, the encrypting one first. Raises ImproperlyConfigured for a malformed setting."""
    keys: dict[str, bytes] = {}
    for entry in settings.SECRET_RING:
        name, _, encoded = entry.partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except ValueError:
            key = b""
        if not name or len(name) > 20 or "|" in name or len(key) != 32:
            raise ImproperlyConfigured("SECRET_RING holds entries “name:base64 of 32 bytes”, newest first.")
        keys[name] = key
    if not keys:
        raise ImproperlyConfigured("SECRET_RING is empty; give it at least one key “name:base64 of 32 bytes”.")
    return keys


def seal(plain: str, *, partner_id: UUID, row: UUID, column: str) -> bytes:
    """Encrypts for one column of one row."""
    name, key = next(iter(ring().items()))
    nonce = os.urandom(12)
    return name.encode() + b"|" + nonce + AESGCM(key).encrypt(nonce, plain.encode(), _bound(partner_id, row, column))


def unseal(sealed: bytes | memoryview, *, partner_id: UUID, row: UUID, column: str) -> str:
    """The text again. Raises SecretUnreadable."""
    name, _, rest = bytes(sealed).partition(b"|")
    key = ring().get(name.decode(errors="replace"))
    if key is None:
        raise SecretUnreadable("The key of this secret is not in SECRET_RING.")
    try:
        return AESGCM(key).decrypt(rest[:12], rest[12:], _bound(partner_id, row, column)).decode()
    except (InvalidTag, ValueError):  # ValueError: too short to hold a nonce
        raise SecretUnreadable("This secret does not belong to this row, or was altered.") from None


def _bound(partner_id: UUID, row: UUID, column: str) -> bytes:
    return f"{column}:{partner_id}:{row}".encode()
