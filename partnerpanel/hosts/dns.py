"""What the DNS says, and proofs in it. Asks the network; never inside a transaction."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Any

from django.conf import settings
from dns import exception, resolver

from partnerpanel.hosts.rules.names import challenge

PATIENCE = 5.0
MOST = 50


class Unanswered(Exception):
    """No name server said anything, which proves nothing and disproves nothing."""


class Proof(StrEnum):
    """`UNANSWERED`: as above."""

    THERE = "there"
    MISSING = "missing"
    UNANSWERED = "unanswered"


def look_for(name: str, token: str) -> Proof:
    """Whether the token stands in a TXT record below the host."""
    try:
        return Proof.THERE if token in texts(challenge(name)) else Proof.MISSING
    except Unanswered:
        return Proof.UNANSWERED


def texts(name: str, *, patience: float = PATIENCE) -> list[str]:
    """The TXT records there, each in one piece; none where there is no such name. Raises Unanswered."""
    if (given := _of_zone(name, "TXT")) is not None:
        return given
    return [b"".join(one.strings).decode("ascii", "replace").strip() for one in _asked(name, "TXT", patience)]


def alias(name: str, *, patience: float = PATIENCE) -> str:
    """Where the CNAME record leads, in lower case; empty where there is none. Raises Unanswered."""
    if (given := _of_zone(name, "CNAME")) is not None:
        return next(iter(given), "")
    return next((one.target.to_text(omit_final_dot=True).lower() for one in _asked(name, "CNAME", patience)), "")


def _asked(name: str, kind: str, patience: float) -> list[Any]:
    if patience <= 0:
        raise Unanswered
    try:
        return list(resolver.resolve(name, kind, lifetime=min(patience, PATIENCE), search=False))[:MOST]
    except (resolver.NXDOMAIN, resolver.NoAnswer):
        return []
    except exception.DNSException as error:
        raise Unanswered from error


def _of_zone(name: str, kind: str) -> list[str] | None:
    """By the file that stands in for the DNS in the demo, for the domains that it has; None: ask the DNS."""
    if settings.DNS_ZONE is None or not settings.DNS_ZONE.exists():
        return None
    zone: dict[str, dict[str, dict[str, list[str]]]] = json.loads(settings.DNS_ZONE.read_text())
    for domain, records in zone.items():
        if name == domain or name.endswith(f".{domain}"):
            return records.get(name, {}).get(kind, [])
    return None
