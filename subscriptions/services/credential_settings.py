"""How a partner hands out credentials: in mails, and with which address of the service."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.errors import Conflict
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.actor import Actor
from subscriptions.models import PlainCredentialsConsent, ServiceAddress
from subscriptions.queries.credentials import product_address
from subscriptions.rules.connection import check_address


class AddressMoved(Conflict):
    """Somebody else changed the address since it was shown."""

    code = "address_moved"


def allow_plain_mail(*, actor: Actor, now: datetime) -> None:
    """From now on credentials are mailed in plain text, in the open scope; allowing twice is no error."""
    row, made = PlainCredentialsConsent.objects.get_or_create(
        partner_id=actor.partner_id, defaults={"given_at": now, "given_by": actor.id}
    )
    if made:
        draft = EventDraft("plain_credentials.allowed", "plain_credentials", row.pk, 1)
        record([draft], actor=actor, action_id=uuid7(), now=now)


def forbid_plain_mail(*, actor: Actor, now: datetime) -> None:
    """From now on credentials are mailed as links, also where a mail waits to be sent; forbidding twice is no error."""
    rows = PlainCredentialsConsent.objects.for_partner(actor.partner_id)
    # Of two who forbid at once, one deletes the row.
    for id_ in list(rows.values_list("pk", flat=True)):
        if rows.filter(pk=id_).delete()[0]:
            draft = EventDraft("plain_credentials.forbidden", "plain_credentials", id_, 2)
            record([draft], actor=actor, action_id=uuid7(), now=now)


def set_service_address(product_id: UUID, *, address: str, version: int, actor: Actor, now: datetime) -> None:
    """Says where customers of the product connect to, in the open scope; an empty address takes it back.

    `version` is the one that was shown, 0 where there was none. Raises NotFound, InvalidAddress, AddressMoved.
    """
    address = address.strip()
    check_address(address)
    before = product_address(actor.partner_id, product_id)
    rows = ServiceAddress.objects.for_partner(actor.partner_id).filter(product=product_id)
    if before.version == 0 and version == 0:
        row, fresh = ServiceAddress.objects.get_or_create(
            partner_id=actor.partner_id, product_id=product_id, defaults={"address": address}
        )
        changed = fresh
    else:
        changed = rows.filter(version=version).update(address=address, version=version + 1) == 1
        row = rows.get()
    if not changed:
        raise AddressMoved("Somebody else changed this address meanwhile. Nothing was done.", field="address")
    data = {"product": str(product_id)}
    draft = EventDraft("service_address.changed", "service_address", row.pk, row.version, data=data)
    record([draft], actor=actor, action_id=uuid7(), now=now)
