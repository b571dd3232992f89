"""Where the partner's mails come from, changed by its people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from partnerpanel.actions.permission import Permission, permit
from partnerpanel.hosts.senders import services
from partnerpanel.hosts.senders.looking import look
from partnerpanel.hosts.senders.rules.addresses import InvalidSender
from partnerpanel.hosts.senders.rules.records import Finding, Found, Record, Wanted, kept, missing, wanted
from partnerpanel.hosts.senders.services import SenderTaken
from partnerpanel.hosts.senders.setup import platform_address, setup
from partnerpanel.kernel.errors import Conflict, DomainError, NotFound
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.mail_senders import mail_sender
from partnerpanel.tenancy.models import MailSender
from partnerpanel.tenancy.scope import tenant
from partnerpanel.tenancy.visitors import seconds_to_wait

__all__ = [
    "Finding",
    "Found",
    "InvalidSender",
    "LookedTooOften",
    "NoOwnSenders",
    "Record",
    "SenderTaken",
    "Standing",
    "Wanted",
    "check",
    "give_up",
    "set_address",
    "standing",
]

# So many looks of one partner in so many seconds.
MOST_LOOKS, WINDOW = 10, 300


class LookedTooOften(DomainError):
    """The DNS was asked enough for now."""

    code = "looked_too_often"
    status = 429


class NoOwnSenders(Conflict):
    """The installation has neither SPF nor DKIM that a partner could prove."""

    code = "no_own_senders"


@dataclass(frozen=True, slots=True)
class Standing:
    """`sender` is None where none was wished for; `offered` is false where the installation can send for nobody.

    `records` are those to set, each with what was found there; `missing` those that decide and are not right.
    """

    sender: MailSender | None
    offered: bool
    platform: str
    records: list[tuple[Wanted, Found]]
    missing: list[Record]


def standing(partner_id: UUID) -> Standing:
    """How the partner's sender stands."""
    sender, said = mail_sender(partner_id), setup()
    if sender is None:
        return Standing(None, said.can_send, platform_address(), [], [])
    found = kept(sender.found)
    records = wanted(sender.address, sender.domain, sender.token, setup=said, found=found)
    pairs = [(one, found[one.record]) for one in records]
    return Standing(sender, said.can_send, platform_address(), pairs, missing(found, setup=said))


def set_address(address: str, *, actor: Actor, now: datetime) -> UUID:
    """From where mails shall come once it is proved. Raises Forbidden, NoOwnSenders, InvalidSender, SenderTaken."""
    permit(actor, Permission.MANAGE_SETTINGS)
    if not setup().can_send:
        raise NoOwnSenders("This installation sends mails from its own address alone.", field="address")
    with tenant(actor.partner_id):
        return services.set_sender(address, actor=actor, now=now)


def check(*, actor: Actor, now: datetime) -> MailSender:
    """Looks for the records now; the sender as it stands then.

    Raises Forbidden, NotFound, LookedTooOften, SenderTaken.
    """
    permit(actor, Permission.MANAGE_SETTINGS)
    sender, said = mail_sender(actor.partner_id), setup()
    if sender is None:
        raise NotFound("Mails come from no address of your own.", field="sender")
    if wait := seconds_to_wait("sender-looks", str(actor.partner_id), most=MOST_LOOKS, window=WINDOW):
        raise LookedTooOften(f"The DNS was asked {MOST_LOOKS} times just now. Try again in {wait} seconds.", wait=wait)
    found = look(sender.domain, sender.token, setup=said)
    with tenant(actor.partner_id):
        return services.settle(sender.pk, found, setup=said, actor=actor, now=now)


def give_up(*, actor: Actor, now: datetime) -> str:
    """Mails come from the installation's address again. Raises Forbidden, NotFound."""
    permit(actor, Permission.MANAGE_SETTINGS)
    with tenant(actor.partner_id):
        return services.remove_sender(actor=actor, now=now)
