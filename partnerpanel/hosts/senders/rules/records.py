"""Which records a domain needs so that mails may come from it, what was found, and what that comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from partnerpanel.hosts.rules.names import challenge
from partnerpanel.hosts.senders.rules.spf import MOST_LOOKUPS, VERSION, Policy, with_include

KEY = "v=dkim1"
DMARC = "v=dmarc1"
# Of what was found, so much is kept and shown.
MOST_SEEN, LONGEST_SEEN = 4, 500


class Record(StrEnum):
    OWNERSHIP = "ownership"
    SPF = "spf"
    DKIM = "dkim"
    DMARC = "dmarc"


class Finding(StrEnum):
    """`asks_nothing`: DMARC's p=none. `not_looked`: nobody has, or no name server ever answered."""

    RIGHT = "right"
    MISSING = "missing"
    OTHER = "other"
    SEVERAL = "several"
    TOO_MANY = "too_many"
    ASKS_NOTHING = "asks_nothing"
    NOT_LOOKED = "not_looked"


@dataclass(frozen=True, slots=True)
class Setup:
    """How the installation sends: what SPF includes, and which DKIM key it signs with; empty, it has none to offer.

    `key` is a host that has the key, or the key itself. `is_relayed`: a provider sends in its own envelope, so SPF says
    nothing of the address that people see.
    """

    include: str
    selector: str
    key: str
    is_relayed: bool

    @property
    def signs(self) -> bool:
        return bool(self.selector and self.key)

    @property
    def key_is_text(self) -> bool:
        return self.key.lower().replace(" ", "").startswith(KEY)

    @property
    def can_send(self) -> bool:
        """Whether there is anything that a partner could prove."""
        return self.signs or (bool(self.include) and not self.is_relayed)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A record to be set: where, of which type, with what in it."""

    record: Record
    name: str
    type: str
    value: str


@dataclass(frozen=True, slots=True)
class Found:
    """What stands there instead, or as well."""

    finding: Finding
    seen: tuple[str, ...] = ()

    def as_data(self) -> dict[str, Any]:
        return {"finding": self.finding.value, "seen": [one[:LONGEST_SEEN] for one in self.seen[:MOST_SEEN]]}


def kept(data: Mapping[str, Any]) -> dict[Record, Found]:
    """What a row keeps of the last look; every record has an entry."""
    return {
        one: Found(Finding(data[one]["finding"]), tuple(data[one]["seen"]))
        if one in data
        else Found(Finding.NOT_LOOKED)
        for one in Record
    }


def wanted(address: str, domain: str, token: str, *, setup: Setup, found: Mapping[Record, Found]) -> list[Wanted]:
    """The records to set, of which SPF says how the record that is there already has to change."""
    records = [Wanted(Record.OWNERSHIP, challenge(domain), "TXT", token)]
    if setup.include and not setup.is_relayed:
        records.append(Wanted(Record.SPF, domain, "TXT", _spf(found[Record.SPF], setup.include)))
    if setup.signs:
        kind = "TXT" if setup.key_is_text else "CNAME"
        records.append(Wanted(Record.DKIM, f"{setup.selector}._domainkey.{domain}", kind, setup.key))
    return [*records, Wanted(Record.DMARC, f"_dmarc.{domain}", "TXT", f"v=DMARC1; p=none; rua=mailto:{address}")]


def is_proved(found: Mapping[Record, Found], *, setup: Setup) -> bool:
    """Whether mails may come from there: it is theirs, and receivers can tell that we may send for it.

    Both SPF and DKIM are about the very domain of the address, so whichever is right is aligned as DMARC has it.
    """
    right = {record for record, one in found.items() if one.finding is Finding.RIGHT}
    by_spf = Record.SPF in right and bool(setup.include) and not setup.is_relayed
    by_dkim = Record.DKIM in right and setup.signs
    return Record.OWNERSHIP in right and (by_spf or by_dkim)


def missing(found: Mapping[Record, Found], *, setup: Setup) -> list[Record]:
    """Of the records that decide, those that are not right."""
    deciding = [Record.OWNERSHIP]
    deciding += [Record.SPF] if setup.include and not setup.is_relayed else []
    deciding += [Record.DKIM] if setup.signs else []
    return [one for one in deciding if found[one].finding is not Finding.RIGHT]


def judged_ownership(texts: Sequence[str], token: str) -> Found:
    if token in texts:
        return Found(Finding.RIGHT)
    return Found(Finding.OTHER, tuple(texts)) if texts else Found(Finding.MISSING)


def judged_spf(policy: Policy) -> Found:
    if not policy.records:
        return Found(Finding.MISSING)
    if len(policy.records) > 1:
        return Found(Finding.SEVERAL, policy.records)
    if policy.lookups > MOST_LOOKUPS:
        return Found(Finding.TOO_MANY, policy.records)
    return Found(Finding.RIGHT if policy.includes else Finding.OTHER, policy.records)


def judged_alias(target: str, key: str) -> Found:
    if not target:
        return Found(Finding.MISSING)
    return Found(Finding.RIGHT if target.rstrip(".") == key.rstrip(".").lower() else Finding.OTHER, (target,))


def judged_key(texts: Sequence[str], key: str) -> Found:
    """By the key itself: spaces and the order of tags say nothing."""
    keys = [one for one in texts if "p" in _tags(one)]
    if not keys:
        return Found(Finding.MISSING)
    if len(keys) > 1:
        return Found(Finding.SEVERAL, tuple(keys))
    return Found(Finding.RIGHT if _tags(keys[0])["p"] == _tags(key)["p"] else Finding.OTHER, tuple(keys))


def judged_dmarc(texts: Sequence[str]) -> Found:
    policies = tuple(one for one in texts if one.lower().replace(" ", "").startswith(DMARC))
    if not policies:
        return Found(Finding.MISSING)
    if len(policies) > 1:
        return Found(Finding.SEVERAL, policies)
    asks = _tags(policies[0]).get("p", "none").lower()
    return Found(Finding.RIGHT if asks in ("quarantine", "reject") else Finding.ASKS_NOTHING, policies)


def _spf(found: Found, include: str) -> str:
    if found.finding is Finding.OTHER and found.seen:
        return with_include(found.seen[0], include)
    if found.finding is Finding.RIGHT and found.seen:
        return found.seen[0]
    return f"{VERSION} include:{include} ~all"


def _tags(text: str) -> dict[str, str]:
    parts = (part.partition("=") for part in text.split(";"))
    return {name.strip().lower(): "".join(value.split()) for name, _, value in parts if name.strip()}
