"""What production refuses to start with."""

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Any

SHORTEST_KEY = 50
SHORTEST_TOKEN = 32
SUPERUSERS = {"postgres", "root"}


def problems(found: Mapping[str, Any]) -> Iterator[str]:
    """One sentence for each unsafe setting, beginning with the name of the environment variable to change."""
    yield from _keys(found)
    yield from _servers(found)
    if found["DEBUG"]:
        yield "DEBUG is on: errors would show code and data to everybody"
    if not found["ALLOWED_HOSTS"] or "*" in found["ALLOWED_HOSTS"]:
        yield "ALLOWED_HOSTS must name the hosts that this installation answers for, and not be *"
    if not found["PUBLIC_URL"].startswith("https://"):
        yield "PUBLIC_URL must be the https:// address that links in mails begin with"
    if found["SANDBOX_FAULTS"]:
        yield "SANDBOX_FAULTS is set: charges in test mode would fail on purpose"
    if not 1 <= found["STRIPE_CHARGES_A_SECOND"] <= 100:
        yield "STRIPE_CHARGES_A_SECOND must lie between 1 and 100"
    yield from _doubles(found)
    yield from _watched(found)
    for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"):
        if not found[name]:
            yield f"{name} is off: the cookie would travel unencrypted"


def _doubles(found: Mapping[str, Any]) -> Iterator[str]:
    if found["STRIPE_URL"]:
        yield "STRIPE_URL is set: payments would go to a double, and keys to whoever runs it"
    if found["WEBHOOKS_TO_LOOPBACK"]:
        yield "WEBHOOKS_TO_LOOPBACK is on: partners could have this machine ask itself"
    if found["DNS_ZONE"]:
        yield "DNS_ZONE is set: hosts and senders would be proved by a file"


def _keys(found: Mapping[str, Any]) -> Iterator[str]:
    if len(found["SECRET_KEY"]) < SHORTEST_KEY or len(set(found["SECRET_KEY"])) < 5:
        yield f"SECRET_KEY must be random and at least {SHORTEST_KEY} characters long"
    if not found["SECRET_RING"]:
        yield "SECRET_RING must hold at least one key, as name:base64 of 32 bytes"
    names = [entry.partition(":")[0] for entry in found["SECRET_RING"]]
    if len(set(names)) < len(names):
        yield "SECRET_RING names a key twice"
    for entry in found["SECRET_RING"]:
        if not _is_key(entry):
            yield f"SECRET_RING: the key named {entry.partition(':')[0]!r} is not name:base64 of 32 bytes"


def _is_key(entry: str) -> bool:
    name, _, encoded = entry.partition(":")
    try:
        return bool(name) and len(base64.b64decode(encoded, validate=True)) == 32
    except binascii.Error:
        return False


def _watched(found: Mapping[str, Any]) -> Iterator[str]:
    if 0 < len(found["HEALTH_TOKEN"]) < SHORTEST_TOKEN or len(set(found["HEALTH_TOKEN"])) in range(1, 5):
        yield f"HEALTH_TOKEN must be random and at least {SHORTEST_TOKEN} characters long, or empty"
    if found["OPERATOR_EMAIL"] and "@" not in found["OPERATOR_EMAIL"].strip("@"):
        yield "OPERATOR_EMAIL must be an address, or empty"
    if not 1 <= found["BEAT_PATIENCE_MINUTES"] <= 1440:
        yield "BEAT_PATIENCE_MINUTES must lie between 1 and 1440"


def _servers(found: Mapping[str, Any]) -> Iterator[str]:
    application, owner = found["DATABASES"]["default"], found["DATABASES"]["owner"]
    user = application.get("USER", "")
    if not application.get("NAME"):
        yield "DATABASE_URL is missing"
    elif not user or user in SUPERUSERS or user == owner.get("USER"):
        yield f"DATABASE_URL must name the application's own role, which row-level security binds; {user!r} is not it"
    if not found["CELERY_BROKER_URL"]:
        yield "REDIS_URL is missing"
    if not found["EMAIL_HOST"] and not found["MAIL_PROVIDER"]:
        yield "EMAIL_URL is missing"
    if bool(found["MAIL_DKIM_SELECTOR"]) != bool(found["MAIL_DKIM_KEY"]):
        yield "MAIL_DKIM_SELECTOR and MAIL_DKIM_KEY belong together: set both, or neither"
    if found["MAIL_PROVIDER"] and not found["ANYMAIL"].get("WEBHOOK_SECRET"):
        yield "ANYMAIL_WEBHOOK_SECRET is missing: without it anybody could say that mails came back"
