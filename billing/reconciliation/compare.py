"""One comparison of a partner's books with its gateways, page by page, each in transactions of its own."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog

from billing.charging.models import PaymentAttempt
from billing.charging.settle import Answered, settle
from billing.charging.states import AttemptStatus
from billing.collection.models import Reconciled
from billing.documents.models import Payment
from billing.gateway.port import ChargeStatus, Gateway, ListedCharge
from billing.gateway.registry import CARD_DESKS, GATEWAYS
from billing.reconciliation.disputes import compare_disputes
from billing.reconciliation.models import Mismatch
from billing.reconciliation.recreate import CannotRecreate, recreate
from billing.reconciliation.refunds import Unknown, compare_refunds
from billing.rules.reconciling import BookedAttempt, Difference, Verdict, verdict
from billing.services.entered_card import take_entered_card
from partnerpanel.tenancy.scope import refuse_open_scope, tenant

log = structlog.get_logger(__name__)

AT_ONCE = 200
WHY_LENGTH = 200


@dataclass(slots=True)
class Report:
    """What one comparison did: charges looked at, attempts settled, lost ones recreated, mismatches still open."""

    compared: int = 0
    settled: int = 0
    recreated: int = 0
    open: int = 0


def reconcile(partner_id: UUID, *, since: datetime, now: datetime) -> Report:
    """Compares everything since then, books what was taken, and remembers what needs a person. `now` is system time.

    Repeating it changes nothing more. Raises GatewayDown where one cannot be asked: what was booked until then stays,
    and the partner does not count as compared. Opens its own scopes.
    """
    refuse_open_scope("A comparison with the gateways")
    report = Report()
    for gateway in GATEWAYS.values():
        taken: set[str] = set()
        for page in _pages(gateway, partner_id, since):
            _compare(partner_id, gateway.name, page, report, now)
            taken |= {one.key for one in page if one.answer.status is ChargeStatus.SUCCEEDED}
        _booked_here(partner_id, gateway, since, now, taken=taken)
        settled, unknown = compare_refunds(partner_id, gateway, since=since, now=now)
        report.settled += settled
        _take_cards(partner_id, gateway.name, since, now)
        compare_disputes(partner_id, gateway.name, since=since, now=now)
        for one in unknown:
            _refunded(partner_id, gateway.name, one, now)
    with tenant(partner_id):
        rows = Mismatch.objects.for_partner(partner_id)
        rows.filter(at__gte=since, seen_at__lt=now, closed_at=None).delete()
        report.open = rows.filter(closed_at=None).count()
    Reconciled.objects.update_or_create(
        partner_id=partner_id, defaults={"since": since, "finished_at": now, "open": report.open}
    )
    log.info("reconciled", partner_id=str(partner_id), compared=report.compared, open=report.open)
    return report


def close(partner_id: UUID, key: str, *, because: str, now: datetime) -> bool:
    """A person has dealt with it at the gateway or in the books; False where nothing of this key is open."""
    with tenant(partner_id):
        rows = Mismatch.objects.for_partner(partner_id).filter(key=key, closed_at=None)
        return rows.update(closed_at=now, closed_because=because.strip()[:300]) > 0


def _pages(gateway: Gateway, partner_id: UUID, since: datetime) -> Iterator[Sequence[ListedCharge]]:
    cursor = ""
    while True:
        page = gateway.list_charges(partner_id, since=since, cursor=cursor)
        yield page.charges
        if not page.cursor:
            return
        cursor = page.cursor


def _compare(partner_id: UUID, gateway: str, page: Sequence[ListedCharge], report: Report, now: datetime) -> None:
    """In the journal's order: of one subscription the earlier term comes first."""
    here = _attempts(partner_id, page)
    answers: list[Answered] = []
    lost: list[ListedCharge] = []
    for one in page:
        what, difference = verdict(one, here.get(one.key))
        report.compared += what is not Verdict.OURS_NOT
        if what is Verdict.SETTLE:
            answers.append(Answered(UUID(one.key), one.answer))
        elif what is Verdict.RECREATE:
            lost.append(one)
        elif difference is not None:
            _remember(partner_id, gateway, one, difference, f"the attempt is {here[one.key].status} here", now)
    report.settled += settle(partner_id, answers, now=now) if answers else 0
    for one in lost:
        try:
            recreate(partner_id, gateway, one)
            report.recreated += 1
        except CannotRecreate as error:
            _remember(partner_id, gateway, one, Difference.UNBOOKED, str(error), now)
        except Exception as error:
            log.exception("charge_not_recreated", partner_id=str(partner_id), gateway=gateway, key=one.key)
            _remember(partner_id, gateway, one, Difference.UNBOOKED, type(error).__name__, now)


def _attempts(partner_id: UUID, page: Sequence[ListedCharge]) -> dict[str, BookedAttempt]:
    ids = [id_ for one in page if (id_ := _id(one.key)) is not None]
    with tenant(partner_id):
        rows = PaymentAttempt.objects.for_partner(partner_id).filter(pk__among=ids)
        return {str(row.pk): BookedAttempt(AttemptStatus(row.status), row.money) for row in rows}


def _booked_here(partner_id: UUID, gateway: Gateway, since: datetime, now: datetime, *, taken: Collection[str]) -> None:
    """Payments that the gateway should know: those it does not are money that never came.

    What its list has shown as `taken` is not asked for once more: a gateway may answer one key at a time.
    """
    with tenant(partner_id):
        rows = Payment.objects.for_partner(partner_id).filter(
            gateway=gateway.name, attempt_id__isnull=False, recorded_at__gte=since
        )
        payments = [row for row in rows.order_by("pk") if str(row.attempt_id) not in taken]
    for start in range(0, len(payments), AT_ONCE):
        some = payments[start : start + AT_ONCE]
        known = gateway.look_up(partner_id, [str(one.attempt_id) for one in some])
        for one in some:
            answer = known.get(str(one.attempt_id))
            if answer is None or answer.status is not ChargeStatus.SUCCEEDED:
                _write(
                    partner_id,
                    gateway=gateway.name,
                    key=str(one.attempt_id),
                    gateway_id=one.gateway_id,
                    difference=Difference.UNTAKEN,
                    currency=one.currency,
                    amount=one.amount,
                    customer_id=one.customer_id,
                    why="the gateway does not have it",
                    at=one.recorded_at,
                    seen_at=now,
                )


def _take_cards(partner_id: UUID, gateway: str, since: datetime, now: datetime) -> None:
    """Cards that were entered at the gateway, of which nobody told."""
    desk = CARD_DESKS.get(gateway)
    for entered in desk.cards_since(partner_id, since) if desk is not None else ():
        take_entered_card(partner_id, gateway, entered, now=now)


def _refunded(partner_id: UUID, gateway: str, one: Unknown, now: datetime) -> None:
    money = one.refund.answer.amount
    if money is None:
        raise ValueError("a listed refund has an amount")
    _write(
        partner_id,
        gateway=gateway,
        key=one.refund.key,
        gateway_id=one.refund.answer.gateway_id,
        difference=Difference.REFUNDED,
        currency=money.currency,
        amount=money.amount,
        why=one.why,
        at=one.refund.at,
        seen_at=now,
    )


def _remember(
    partner_id: UUID, gateway: str, one: ListedCharge, difference: Difference, why: str, now: datetime
) -> None:
    money = one.answer.amount
    if money is None:
        raise ValueError("a listed charge has an amount")
    _write(
        partner_id,
        gateway=gateway,
        key=one.key,
        gateway_id=one.answer.gateway_id,
        difference=difference,
        currency=money.currency,
        amount=money.amount,
        customer_id=_id(one.customer),
        why=why[:WHY_LENGTH],
        at=one.at,
        seen_at=now,
    )


def _write(partner_id: UUID, *, gateway: str, key: str, **columns: object) -> None:
    """What a person has closed stays closed."""
    with tenant(partner_id):
        Mismatch.objects.update_or_create(partner_id=partner_id, gateway=gateway, key=key, defaults=columns)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
