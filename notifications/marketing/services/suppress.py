"""The list of addresses that get nothing of marketing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from customers.queries.audience import holder_of_address
from customers.rules.keys import email_key
from notifications.marketing.models import Suppression
from notifications.marketing.rules.reasons import NOTE_LENGTH, LeftOut, Suppressed
from notifications.marketing.rules.topics import Topic
from notifications.marketing.services.waiting import leave_out
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.bulk import insert_rows

KIND = "suppression"


class InvalidSuppression(DomainError):
    """No address, or no reason why one is taken off the list."""

    code = "invalid_suppression"


def suppress(address: str, reason: Suppressed, *, note: str = "", actor: Actor, now: datetime) -> UUID | None:
    """The id of what is added; None where the address is on the list for this reason already, and nothing changes.

    What waits of marketing for its customer is left out. Raises InvalidSuppression.
    """
    address, partner_id = address.strip(), actor.partner_id
    try:
        validate_email(address)
    except ValidationError:
        message = _("Write an address such as anna@example.com.")
        raise InvalidSuppression(message, field="address") from None
    id_, said = uuid7(), note.strip()[:NOTE_LENGTH]
    columns = ["id", "address", "address_key", "reason", "note", "since"]
    row = (id_, address, email_key(address), reason.value, said, now)
    if not insert_rows(Suppression, partner_id=partner_id, columns=columns, rows=[row], ignore_conflicts=True):
        return None
    customer_id = holder_of_address(partner_id, address)
    if customer_id is not None:
        leave_out(partner_id, customer_id, list(Topic), because=LeftOut(reason.value), now=now)
    _record("suppression.added", id_, 1, address, reason, said, customer_id, actor, now)
    return id_


def lift(
    address: str, reasons: Collection[Suppressed] = tuple(Suppressed), *, note: str = "", actor: Actor, now: datetime
) -> int:
    """Takes an address off the list for these reasons; returns how many there were."""
    rows = Suppression.objects.for_partner(actor.partner_id).filter(
        address_key=email_key(address), reason__in=[one.value for one in reasons]
    )
    return sum(_lift(row, note, actor, now) for row in list(rows.order_by("id")))


def remove(suppression_id: UUID, *, note: str, actor: Actor, now: datetime) -> None:
    """One entry, by somebody who says why. Raises NotFound, InvalidSuppression."""
    if not note.strip():
        raise InvalidSuppression(_("Say why it is taken off the list."), field="note")
    row = Suppression.objects.for_partner(actor.partner_id).filter(pk=suppression_id).first()
    if row is None or not _lift(row, note, actor, now):
        raise NotFound(_("There is no such entry."), field="id")


def _lift(row: Suppression, note: str, actor: Actor, now: datetime) -> bool:
    """False where somebody else has just done it."""
    id_, customer_id = row.pk, holder_of_address(actor.partner_id, row.address)
    gone, _kinds = Suppression.objects.for_partner(actor.partner_id).filter(pk=id_).delete()
    if not gone:
        return False
    said, reason = note.strip()[:NOTE_LENGTH], Suppressed(row.reason)
    _record("suppression.removed", id_, 2, row.address, reason, said, customer_id, actor, now)
    return True


def _record(
    kind: str,
    id_: UUID,
    sequence: int,
    address: str,
    reason: Suppressed,
    note: str,
    customer_id: UUID | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Words about an address of no customer could be erased by nobody, so they are kept of customers alone."""
    words = {"address": address, **({"note": note} if note else {})} if customer_id is not None else {}
    draft = EventDraft(kind, KIND, id_, sequence, customer_id, {"reason": reason.value}, words)
    record([draft], actor=actor, action_id=uuid7(), now=now)
