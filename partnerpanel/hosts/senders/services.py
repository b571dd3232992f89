"""The sender wished for, proved, broken and given up; each change with its event, in the open scope."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.hosts.senders.rules.addresses import sender_address
from partnerpanel.hosts.senders.rules.records import Found, Record, Setup, is_proved, kept, missing
from partnerpanel.hosts.senders.setup import own_names
from partnerpanel.kernel.errors import Conflict, NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.mail_senders import is_proved_elsewhere, lock_sender
from partnerpanel.tenancy.models import MailSender, Partner

PREFIX = "partnerpanel-mail-"


class SenderTaken(Conflict):
    """Another partner has proved the domain."""

    code = "sender_taken"


def set_sender(address: str, *, actor: Actor, now: datetime) -> UUID:
    """From where mails shall come; the same again changes nothing. Raises InvalidSender, SenderTaken.

    Another address of the same domain keeps what was proved; another domain is proved anew, by another token.
    """
    wanted, domain = sender_address(address, own=own_names())
    Partner.objects.select_for_update().get(pk=actor.partner_id)
    if is_proved_elsewhere(domain, actor.partner_id):
        raise SenderTaken("Another partner sends from this domain.", field="address")
    held = lock_sender(actor.partner_id)
    if held is not None and held.address == wanted:
        return _id(held)
    if held is not None and held.domain == domain:
        held.address = wanted
        _record("set", held, actor, now)
        held.save()
        return _id(held)
    if held is not None:
        _remove(held, actor, now)
    token = PREFIX + secrets.token_hex(20)
    made = MailSender(partner_id=actor.partner_id, address=wanted, domain=domain, token=token, set_at=now)
    _record("set", made, actor, now)
    made.save(force_insert=True)
    return _id(made)


def settle(sender_id: UUID, looked: Mapping[Record, Found], *, setup: Setup, actor: Actor, now: datetime) -> MailSender:
    """What a look at the DNS means: proved, broken, or as before. Of what nobody answered the last word stands.

    Raises NotFound where it was given up meanwhile, SenderTaken.
    """
    sender = lock_sender(actor.partner_id)
    if sender is None or sender.pk != sender_id:
        raise NotFound("There is no such sender.", field="sender")
    found = {**kept(sender.found), **looked}
    sender.found = {one.value: found[one].as_data() for one in found}
    sender.looked_at = now if looked else sender.looked_at
    was, is_now = sender.proved_at is not None, is_proved(found, setup=setup)
    if is_now and not was:
        sender.proved_at, sender.broken_at = now, None
        _keep_proved(sender)
        _record("proved", sender, actor, now)
    elif was and not is_now:
        sender.proved_at, sender.broken_at = None, now
        _record("broken", sender, actor, now, records=[one.value for one in missing(found, setup=setup)])
    sender.save()
    return sender


def _keep_proved(sender: MailSender) -> None:
    try:
        with transaction.atomic():
            sender.save()
    except IntegrityError as error:
        raise SenderTaken("Another partner sends from this domain.", field="address") from error


def remove_sender(*, actor: Actor, now: datetime) -> str:
    """Mails come from the installation's address again. Raises NotFound."""
    held = lock_sender(actor.partner_id)
    if held is None:
        raise NotFound("Mails come from no address of your own.", field="sender")
    _remove(held, actor, now)
    return str(held.address)


def _remove(held: MailSender, actor: Actor, now: datetime) -> None:
    _record("removed", held, actor, now)
    MailSender.objects.filter(pk=held.pk).delete()


def _record(what: str, sender: MailSender, actor: Actor, now: datetime, *, records: list[str] | None = None) -> None:
    sender.version += 1
    draft = EventDraft(
        f"mail_sender.{what}",
        "mail_sender",
        sender.pk,
        sender.version,
        data={"records": records} if records else {},
        words={"address": sender.address},
    )
    record([draft], actor=actor, action_id=uuid7(), now=now)


def _id(sender: MailSender) -> UUID:
    found: UUID = sender.pk
    return found
