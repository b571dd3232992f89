"""Asking a gateway for leased attempts, outside any transaction.

Everything that is asked stands in the attempt's row and its key never changes, so whoever asks again asks the same.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import structlog

from billing.charging.models import PaymentAttempt
from billing.charging.states import TO_ASK
from billing.gateway.port import ChargeAnswer, ChargeRequest, ChargeStatus, Gateway
from billing.gateway.refusals import GatewayDown, InvalidRequest, UnknownCharge
from partnerpanel.kernel.clock import system_now

log = structlog.get_logger(__name__)

# A key is asked again for less than a day: gateways forget keys, and then only looking up is safe.
ASK_AGAIN_FOR = timedelta(hours=23)
DOWN_FOR = timedelta(minutes=2)
# So long a worker waits for a gateway that takes no more at once, before it leaves the rest to the next look.
PATIENCE_SECONDS = 5.0
# So many are looked up together, and for so long a worker begins with more; the rest comes with the next look.
LOOK_UP_AT_ONCE = 40
LOOK_UP_SECONDS = 5.0
SILENCE = ChargeAnswer(ChargeStatus.UNKNOWN)


@dataclass
class Asked:
    """What a gateway said, by attempt. Of the `unasked` it has heard nothing; they may come again after `wait`."""

    answers: dict[UUID, ChargeAnswer] = field(default_factory=dict)
    unasked: list[PaymentAttempt] = field(default_factory=list)
    wait: timedelta = timedelta()


def ask(
    gateway: Gateway, partner_id: UUID, rows: Sequence[PaymentAttempt], *, superseded: Collection[UUID] = ()
) -> Asked:
    """Charges what may be asked for, takes the superseded back, and looks up the others and what stays in doubt."""
    asked = Asked(unasked=[row for row in rows if _may_ask(row)])
    looked = [row for row in rows if not _may_ask(row) and row.pk not in superseded]
    try:
        looked += _take_back(gateway, partner_id, [row for row in rows if row.pk in superseded], asked)
        _charge(gateway, partner_id, asked)
        # Twice without an answer: what the gateway has under our key says more than asking a third time.
        looked += [row for row in rows if row.attempts > 1 and _is_unknown(asked.answers.get(row.pk))]
        _look_up(gateway, partner_id, looked, asked)
    except GatewayDown:
        log.warning("gateway_down", gateway=gateway.name, partner_id=str(partner_id), attempts=len(rows))
        asked.unasked = [row for row in rows if row.pk not in asked.answers]
        asked.wait = DOWN_FOR
    return asked


def request_of(row: PaymentAttempt) -> ChargeRequest:
    """The question of an attempt, from its row alone. Raises InvalidRequest for one that no gateway takes."""
    return ChargeRequest(
        key=str(row.pk),
        amount=row.money,
        method=row.method_ref,
        customer=str(row.customer_id),
        metadata={
            "attempt": str(row.pk),
            "invoice": str(row.invoice_id),
            "subscription": str(row.subscription_id),
            "partner": str(row.partner_id),
            # With these the question can be asked once more where a restore has forgotten it.
            "term": str(row.invoice.term_number or ""),
            "kind": row.invoice.kind,
            "purpose": row.purpose,
        },
    )


def _charge(gateway: Gateway, partner_id: UUID, asked: Asked) -> None:
    """Asks for what is unasked, and again for those turned away because they were too many at once."""
    requests = _requests(asked)
    until = time.monotonic() + PATIENCE_SECONDS
    while asked.unasked:
        answers = gateway.charge_many(partner_id, [requests[row.pk] for row in asked.unasked])
        answered = list(zip(asked.unasked, answers, strict=True))
        asked.answers |= {row.pk: answer for row, answer in answered if answer.again_in is None}
        asked.unasked = [row for row, answer in answered if answer.again_in is not None]
        asked.wait = max((answer.again_in for answer in answers if answer.again_in), default=timedelta())
        if not asked.unasked or time.monotonic() + asked.wait.total_seconds() >= until:
            return
        time.sleep(asked.wait.total_seconds())


def _requests(asked: Asked) -> dict[UUID, ChargeRequest]:
    """The questions of the unasked; one that no gateway would take is answered here, and takes no other along."""
    requests: dict[UUID, ChargeRequest] = {}
    for row in asked.unasked:
        try:
            requests[row.pk] = request_of(row)
        except InvalidRequest as refusal:
            asked.answers[row.pk] = ChargeAnswer(ChargeStatus.DECLINED, refusal=refusal)
    asked.unasked = [row for row in asked.unasked if row.pk in requests]
    return requests


def _take_back(
    gateway: Gateway, partner_id: UUID, rows: Sequence[PaymentAttempt], asked: Asked
) -> list[PaymentAttempt]:
    """Those that the gateway does not know by the id they have: they are looked up."""
    unknown = []
    for row in rows:
        try:
            asked.answers[row.pk] = gateway.cancel(partner_id, row.gateway_id)
        except UnknownCharge:
            unknown.append(row)
    return unknown


def _look_up(gateway: Gateway, partner_id: UUID, rows: Sequence[PaymentAttempt], asked: Asked) -> None:
    """What the gateway has under the keys; where it has nothing, what is known already."""
    until = time.monotonic() + LOOK_UP_SECONDS
    for start in range(0, len(rows), LOOK_UP_AT_ONCE):
        if start and time.monotonic() >= until:
            asked.unasked += [row for row in rows[start:] if row.pk not in asked.answers]
            return
        some = rows[start : start + LOOK_UP_AT_ONCE]
        known = gateway.look_up(partner_id, [str(row.pk) for row in some])
        for row in some:
            asked.answers[row.pk] = known.get(str(row.pk)) or asked.answers.get(row.pk) or _as_it_is(row)


def _as_it_is(row: PaymentAttempt) -> ChargeAnswer:
    if row.status in TO_ASK:
        return SILENCE
    return ChargeAnswer(ChargeStatus(row.status), row.gateway_id, action_url=row.action_url)


def _may_ask(row: PaymentAttempt) -> bool:
    if row.status not in TO_ASK:
        return False
    return row.first_asked_at is None or system_now() - row.first_asked_at < ASK_AGAIN_FOR


def _is_unknown(answer: ChargeAnswer | None) -> bool:
    return answer is not None and answer.status is ChargeStatus.UNKNOWN
