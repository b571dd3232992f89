"""Asking the DNS for the records of a sender. Outside any transaction; it ends after seconds, whoever is silent."""

from __future__ import annotations

import time
from collections.abc import Callable

from partnerpanel.hosts.dns import Unanswered, alias, texts
from partnerpanel.hosts.rules.names import challenge
from partnerpanel.hosts.senders.rules.records import (
    Found,
    Record,
    Setup,
    judged_alias,
    judged_dmarc,
    judged_key,
    judged_ownership,
    judged_spf,
)
from partnerpanel.hosts.senders.rules.spf import policy_of

PATIENCE = 12.0
# DMARC is looked for at a domain, and at what it lies below.
MOST_ABOVE = 6


def look(domain: str, token: str, *, setup: Setup) -> dict[Record, Found]:
    """What was found, without the records of which no name server said anything."""
    until = time.monotonic() + PATIENCE

    def read(name: str) -> list[str]:
        return texts(name, patience=until - time.monotonic())

    def dkim() -> Found:
        name = f"{setup.selector}._domainkey.{domain}"
        if setup.key_is_text:
            return judged_key(read(name), setup.key)
        return judged_alias(alias(name, patience=until - time.monotonic()), setup.key)

    asked: dict[Record, Callable[[], Found]] = {
        Record.OWNERSHIP: lambda: judged_ownership(read(challenge(domain)), token)
    }
    if setup.signs:
        asked[Record.DKIM] = dkim
    if setup.include:
        asked[Record.SPF] = lambda: judged_spf(policy_of(domain, setup.include, read))
    asked[Record.DMARC] = lambda: judged_dmarc(_dmarc(domain, read))
    found = {}
    for record, ask in asked.items():
        try:
            found[record] = ask()
        except Unanswered:
            continue
    return found


def _dmarc(domain: str, read: Callable[[str], list[str]]) -> list[str]:
    """The nearest that has any, as receivers walk up the tree."""
    labels = domain.split(".")
    for start in range(min(len(labels) - 1, MOST_ABOVE)):
        if found := read("_dmarc." + ".".join(labels[start:])):
            return found
    return []
