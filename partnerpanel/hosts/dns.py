"""Proofs in the DNS."""

from __future__ import annotations

from enum import StrEnum

from dns import exception, resolver

from partnerpanel.hosts.rules.names import challenge

PATIENCE = 5.0
MOST = 50


class Proof(StrEnum):
    """`UNANSWERED`: no name server said anything, which proves nothing and disproves nothing."""

    THERE = "there"
    MISSING = "missing"
    UNANSWERED = "unanswered"


def look_for(name: str, token: str) -> Proof:
    """Whether the token stands in a TXT record below the host. Asks the network; never inside a transaction."""
    try:
        answer = resolver.resolve(challenge(name), "TXT", lifetime=PATIENCE, search=False)
    except (resolver.NXDOMAIN, resolver.NoAnswer):
        return Proof.MISSING
    except exception.DNSException:
        return Proof.UNANSWERED
    texts = [b"".join(record.strings).decode("ascii", "replace").strip() for record in list(answer)[:MOST]]
    return Proof.THERE if token in texts else Proof.MISSING
