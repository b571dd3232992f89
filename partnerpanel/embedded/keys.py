"""The demo's own secret key and key ring, made once and kept in its state."""

import base64
import secrets

from partnerpanel.embedded.state import State


def secrets_of(state: State) -> tuple[str, list[str]]:
    """The secret key, and the ring as "name:base64 of 32 bytes", newest first."""
    kept = state.remember("secrets.json", _make)
    return kept["secret_key"], [kept["secret_ring"]]


def _make() -> dict[str, str]:
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    return {"secret_key": secrets.token_urlsafe(50), "secret_ring": f"demo:{key}"}
