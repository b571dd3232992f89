"""Sending messages, each at most once.

A message is claimed with a commit of its own (`sending`) right before the mail server is asked, and settled right
after. Whoever dies in between leaves one message of which nobody knows whether it arrived: it becomes `unknown`, is
shown, and is not sent again, because a customer who gets no mail can be told and one who gets ten cannot be untold.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from prometheus_client import Counter

from notifications.attachments import attached
from notifications.delivery import Delivery, Fate, Mailer
from notifications.enclosures import enclosed
from notifications.envelope import header_id
from notifications.letters import Letter, Occasion, write
from notifications.marketing.services.feedback import Heard, heard
from notifications.marketing.sifting import sift
from notifications.models import Message
from notifications.rules.kinds import MessageKind
from notifications.rules.states import MessageState, origins
from notifications.turns import in_turn, untried
from notifications.welcome import BEGUN, in_time, told
from partnerpanel.events.models import EventDetail
from partnerpanel.events.queries import EVENTS
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.errors import DomainError
from partnerpanel.queues.rows import Batch, postpone, unleased
from partnerpanel.tenancy.bulk import update_rows
from partnerpanel.tenancy.queries import mails_nobody
from partnerpanel.tenancy.reads import Read
from partnerpanel.tenancy.scope import tenant

MAILS = Counter("partnerpanel_mails", "Mails that a server was asked to take", ["outcome"])
BATCH = 100
_DUE = Batch(lambda: Message.objects.filter(state=MessageState.QUEUED), limit=BATCH, beside={"event": EVENTS})
# Long enough for one batch and the slowest answer of a mail server.
LEASE_SECONDS = 120
# A batch gives up the rest after this, so that its task ends well before its limit.
SECONDS_AT_A_TIME = 5.0
# After the last of them the message has failed and waits for a person.
WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60)]


def drain_mail(partner_id: UUID, now: datetime) -> int:
    """Sends one batch of what is due; returns how many it moved on. Where nobody is mailed, it keeps them."""
    if mails_nobody(partner_id):
        return _keep(partner_id, now)
    with tenant(partner_id):
        stranded = _doubt_stranded(partner_id, now)
        taken = _DUE.lease(partner_id, now, seconds=LEASE_SECONDS)
        wanted, unwanted = sift(partner_id, taken, now)
        rows, behind = in_turn(partner_id, wanted, now)
        rows = in_time(partner_id, rows, now, leased=True)
        letters = write(partner_id, _occasions(partner_id, rows)) if rows else []
    work = list(zip(rows, letters, strict=True))
    return stranded + unwanted + behind + _send(work, now)


def _keep(partner_id: UUID, now: datetime) -> int:
    """Test mode is for trying things out on real addresses: the copies are kept and nobody is mailed.

    Nothing leaves here, so nobody waits for a turn, and all are written and settled together under one lock.
    """
    with tenant(partner_id):
        rows, unwanted = sift(partner_id, _DUE.lock(partner_id, now), now)
        rows = in_time(partner_id, rows, now, leased=False)
        letters = write(partner_id, _occasions(partner_id, rows)) if rows else []
        kept = [
            {
                "id": row.pk,
                "state": MessageState.KEPT,
                "due_at": None,
                "leased_until": None,
                "attempts": row.attempts + 1,
                **_copy(row, letter),
            }
            for row, letter in zip(rows, letters, strict=True)
        ]
        columns = list(kept[0])[1:] if kept else []
        update_rows(Message, partner_id=partner_id, columns=columns, rows=[tuple(one.values()) for one in kept])
        for row, letter in zip(rows, letters, strict=True):
            told(row, letter, now)
    return len(rows) + unwanted


def _send(work: Sequence[tuple[Message, Letter]], now: datetime) -> int:
    until, moved = time.monotonic() + SECONDS_AT_A_TIME, 0
    with Mailer() as mailer:
        for row, letter in work:
            if time.monotonic() >= until:
                _put_back([row for row, _ in work[moved:]])
                break
            moved += 1
            if error := mailer.reach():
                # The others would wait for the same server; they are tried again as this one is.
                for refused, _ in work[moved - 1 :]:
                    _settle(refused, Delivery(Fate.REFUSED, error), now, None)
                return len(work)
            if _claim(row, letter):
                _settle(row, _hand_over(mailer, row, letter), now, letter)
    return moved


def _hand_over(mailer: Mailer, row: Message, letter: Letter) -> Delivery:
    """What is enclosed is put in here, after the copy was kept."""
    try:
        complete = attached(row.partner_id, enclosed(row.partner_id, letter))
    except DomainError as error:
        return Delivery(Fate.REFUSED, error.message)
    return mailer.send(complete, message_id=row.pk)


def _claim(row: Message, letter: Letter) -> bool:
    """Keeps the copy of what goes out now. False where another worker has the message: the lease ran out here."""
    return _move(
        row,
        MessageState.SENDING,
        leased_until=system_now() + timedelta(seconds=LEASE_SECONDS),
        **_copy(row, letter),
    )


def _copy(row: Message, letter: Letter) -> dict[str, str | int]:
    return {
        "to_name": letter.to_name,
        "to_address": letter.to_address,
        "language": letter.language,
        "subject": letter.text.subject,
        "body": letter.text.body,
        "own_version": letter.own_version,
        "header_id": header_id(row.pk),
    }


def _settle(row: Message, delivery: Delivery, now: datetime, letter: Letter | None) -> None:
    MAILS.labels(delivery.fate.value).inc()
    if delivery.is_bounce:
        with tenant(row.partner_id):
            heard(row.partner_id, row.pk, Heard.BOUNCED, detail=delivery.error, now=now)
    if delivery.fate is Fate.SENT:
        with tenant(row.partner_id):
            if _moved(row, MessageState.SENT, sent_at=now, due_at=None, leased_until=None, last_error=""):
                told(row, letter, now)
    elif delivery.fate is Fate.UNKNOWN:
        with tenant(row.partner_id):
            if _moved(row, MessageState.UNKNOWN, due_at=None, leased_until=None, last_error=delivery.error[:500]):
                told(row, None, now)
    else:
        postpone(row, error=delivery.error, now=now, waits=WAITS)
        _move(
            row,
            MessageState.FAILED if row.parked_at else MessageState.QUEUED,
            **{name: getattr(row, name) for name in ("leased_until", "last_error", "parked_at", "due_at")},
        )


def _move(row: Message, state: MessageState, **columns: Any) -> bool:
    with tenant(row.partner_id):
        return _moved(row, state, **columns)


def _moved(row: Message, state: MessageState, **columns: Any) -> bool:
    """Compare-and-set: `attempts` grows with every lease, so it tells this worker's claim from any later one."""
    mine = Message.objects.for_partner(row.partner_id).filter(pk=row.pk, attempts=row.attempts)
    return mine.filter(state__in=origins(state)).update(state=state, **columns) == 1


def _doubt_stranded(partner_id: UUID, now: datetime) -> int:
    """Messages whose worker has not come back from sending."""
    if not _SENDING(partner_id):
        return 0
    rows = Message.objects.for_partner(partner_id).filter(unleased(system_now()), state=MessageState.SENDING)
    begun = list(rows.filter(kind__in=BEGUN).select_related("event"))
    error = "The worker stopped while this was being sent."
    doubted = rows.update(state=MessageState.UNKNOWN, due_at=None, leased_until=None, last_error=error)
    for row in begun:
        told(row, None, now)
    return doubted


_SENDING = Read(
    lambda partner_id: Message.objects.for_partner(partner_id).filter(state=MessageState.SENDING).values_list("pk")[:1]
)
_WORDS = Read(
    lambda partner_id, events: (
        EventDetail.objects.for_partner(partner_id).filter(event__among=events).values_list("event_id", "values")
    )
)


def _put_back(rows: Sequence[Message]) -> None:
    """Nobody tried these; another batch takes them at once."""
    with tenant(rows[0].partner_id):
        untried(rows)


def _occasions(partner_id: UUID, rows: Sequence[Message]) -> list[Occasion]:
    words: dict[UUID, dict[str, str]] = dict(_WORDS(partner_id, [row.event_id for row in rows]))
    return [
        Occasion(
            MessageKind(row.kind), row.customer_id, row.event.object_id, row.event.data, words.get(row.event_id, {})
        )
        for row in rows
    ]
