"""Where the demo's partners send from: one has proved a domain of its own, another has lost the proof of one."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings

from partnerpanel.embedded.demo.office import Office
from partnerpanel.embedded.state import State
from partnerpanel.hosts.senders.rules.records import Finding, Found, Record, Wanted, kept, wanted
from partnerpanel.hosts.senders.rules.spf import VERSION
from partnerpanel.hosts.senders.services import set_sender, settle
from partnerpanel.hosts.senders.setup import setup
from partnerpanel.tenancy.models import Role
from partnerpanel.tenancy.scope import tenant

ADDRESSES: Mapping[str, str] = {"northwind": "billing@northwind.example", "sakura": "info@sakura.example"}
LOST = frozenset({"sakura"})
SET_DAYS_AGO, LOST_DAYS_AGO = 60, 1
# What SPF records of the two include.
OTHERS = {
    name: {name: {"TXT": [f"{VERSION} ip4:192.0.2.0/24 -all"]}} for name in ("spf.panel.example", "spf.mailbox.example")
}
ALL_RIGHT = dict.fromkeys(Record, Found(Finding.RIGHT))
# What whoever moved the domain to another provider has left of it.
MOVED = f"{VERSION} include:spf.mailbox.example -all"
LEFT = {
    Record.SPF: Found(Finding.OTHER, (MOVED,)),
    Record.DKIM: Found(Finding.MISSING),
    Record.DMARC: Found(Finding.ASKS_NOTHING, ("v=DMARC1; p=none",)),
}


def send_from_own_address(office: Office) -> None:
    """As the owner, some weeks ago; what stands in the DNS is what pages say about it."""
    partner, said = office.partner, setup()
    address = "" if partner.is_test else ADDRESSES.get(partner.slug, "")
    if not address:
        return
    actor, at = office.actors[Role.OWNER], office.days.at(SET_DAYS_AGO, 10)
    with tenant(partner.pk):
        id_ = set_sender(address, actor=actor, now=at)
        sender = settle(id_, ALL_RIGHT, setup=said, actor=actor, now=at)
        records = wanted(sender.address, sender.domain, sender.token, setup=said, found=kept({}))
        if partner.slug in LOST:
            sender = settle(id_, LEFT, setup=said, actor=actor, now=office.days.at(LOST_DAYS_AGO, 4))
    _write(sender.domain, records, lost=partner.slug in LOST)


def _write(domain: str, records: list[Wanted], *, lost: bool) -> None:
    """Into the file that stands in for the DNS, where there is one."""
    if settings.DNS_ZONE is None:
        return
    zone = {one.name: {one.type: [one.value]} for one in records if not (lost and one.record is Record.DKIM)}
    zone[f"_dmarc.{domain}"] = {"TXT": ["v=DMARC1; p=none" if lost else "v=DMARC1; p=quarantine"]}
    if lost:
        zone[domain] = {"TXT": [MOVED]}
    state = State(settings.DNS_ZONE.parent)
    with state.locked("dns.lock"):
        written = state.read(settings.DNS_ZONE.name) or {}
        state.write(settings.DNS_ZONE.name, {**written, **OTHERS, domain: zone})
