"""The sandbox as a gateway: its journal behind the port, with the faults that the settings ask for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import Error

from billing.gateway.models import SandboxCharge
from billing.gateway.port import (
    ChargeAnswer,
    ChargePage,
    ChargeRequest,
    ChargeStatus,
    MethodFacts,
    RefundAnswer,
    RefundPage,
    RefundRequest,
    RefundStatus,
)
from billing.gateway.refusals import GatewayDown, KeyReused, UnknownCharge
from billing.gateway.sandbox import faults, journal, refunds
from billing.gateway.sandbox.methods import BEHAVIOURS, NO_SUCH_METHOD, behaviour_of, facts_of, no_such
from partnerpanel.tenancy.clocks import business_now_of
from partnerpanel.tenancy.scope import refuse_open_scope, tenant

log = structlog.get_logger(__name__)

UNKNOWN = ChargeAnswer(ChargeStatus.UNKNOWN)
TOO_MANY = ChargeAnswer(ChargeStatus.UNKNOWN, again_in=timedelta(seconds=1))


class SandboxGateway:
    """See the package for its payment methods. Raises ScopeError inside an open transaction."""

    name = "sandbox"
    charges_a_second = None

    def __init__(self) -> None:
        self._taken = faults.Taken()

    def charge_many(self, partner_id: UUID, requests: Sequence[ChargeRequest]) -> list[ChargeAnswer]:
        now = _reach(partner_id)
        taken = faults.current().takes(len(requests), self._taken)
        return self._charge(partner_id, requests[:taken], now) + [TOO_MANY for _ in requests[taken:]]

    def _charge(self, partner_id: UUID, requests: Sequence[ChargeRequest], now: datetime) -> list[ChargeAnswer]:
        chargeable = [one for one in requests if one.method in BEHAVIOURS]
        try:
            with tenant(partner_id):
                rows, new = journal.write(partner_id, chargeable, now)
        except Error:
            # It may have been the commit whose answer did not arrive.
            log.exception("sandbox_journal_failed", partner_id=str(partner_id), requests=len(requests))
            return [UNKNOWN if one.method in BEHAVIOURS else _refused(one) for one in requests]
        return [_answer(one, rows, new) for one in requests]

    def look_up(self, partner_id: UUID, keys: Collection[str]) -> dict[str, ChargeAnswer]:
        with _reading(partner_id):
            return {key: journal.answer(row) for key, row in journal.read(partner_id, keys).items()}

    def cancel(self, partner_id: UUID, charge: str) -> ChargeAnswer:
        try:
            _reach(partner_id)
            with tenant(partner_id):
                return journal.answer(journal.taken_back(partner_id, charge))
        except Error as error:
            raise GatewayDown("The sandbox keeps its journal in the database, which gives no answer.") from error

    def describe_method(self, partner_id: UUID, method: str) -> MethodFacts:
        return facts_of(method)

    def refund(self, partner_id: UUID, request: RefundRequest) -> RefundAnswer:
        now = _reach(partner_id)
        try:
            with tenant(partner_id):
                row, is_new = refunds.write(partner_id, request, now)
        except Error:
            log.exception("sandbox_journal_failed", partner_id=str(partner_id), requests=1)
            return RefundAnswer(RefundStatus.UNKNOWN)
        if is_new and faults.current().loses_answer(request.key):
            return RefundAnswer(RefundStatus.UNKNOWN)
        return refunds.answer(row)

    def look_up_refunds(self, partner_id: UUID, keys: Collection[str]) -> dict[str, RefundAnswer]:
        with _reading(partner_id) as now:
            refunds.ripen(partner_id, now)
            return {key: refunds.answer(row) for key, row in refunds.read(partner_id, keys).items()}

    def list_charges(self, partner_id: UUID, *, since: datetime, cursor: str = "") -> ChargePage:
        with _reading(partner_id):
            return journal.listed(partner_id, since, cursor)

    def list_refunds(self, partner_id: UUID, *, since: datetime, cursor: str = "") -> RefundPage:
        with _reading(partner_id):
            return refunds.listed(partner_id, since, cursor)


def complete_authentication(partner_id: UUID, gateway_id: str) -> ChargeAnswer:
    """What the customer does for `sandbox_authentication`: the charge has succeeded then; once more changes nothing.

    Raises UnknownCharge for a charge that did not ask for it, or was taken back meanwhile.
    """
    _reach(partner_id)
    with tenant(partner_id):
        row = journal.locked(partner_id, gateway_id)
        asked = behaviour_of(row.method).status is ChargeStatus.ACTION_REQUIRED
        if not asked or row.status == ChargeStatus.DECLINED:
            raise UnknownCharge("This charge waits for nobody.", field="charge")
        row.status = ChargeStatus.SUCCEEDED
        row.save(update_fields=["status"])
        return journal.answer(row)


def _reach(partner_id: UUID) -> datetime:
    """The partner's time. Raises ScopeError inside a transaction, GatewayDown where nobody can be asked."""
    refuse_open_scope("The sandbox")
    try:
        now = business_now_of(partner_id)
    except Error as error:
        raise GatewayDown("The sandbox keeps its journal in the database, which gives no answer.") from error
    faults.current().reach(now)
    return now


@contextmanager
def _reading(partner_id: UUID) -> Iterator[datetime]:
    """The scope of a look into the journal, at the partner's time. Raises GatewayDown where it cannot be read."""
    now = _reach(partner_id)
    try:
        with tenant(partner_id):
            yield now
    except Error as error:
        raise GatewayDown("The sandbox cannot read its journal.") from error


def _answer(request: ChargeRequest, rows: Mapping[str, SandboxCharge], new: Collection[UUID]) -> ChargeAnswer:
    if request.method not in BEHAVIOURS:
        return _refused(request)
    row = rows[request.key]
    if not journal.is_of(row, request):
        refusal = KeyReused("This key stands for another charge.", field="key")
        return ChargeAnswer(ChargeStatus.UNKNOWN, refusal=refusal)
    first_answer_lost = row.pk in new and faults.current().loses_answer(request.key)
    if first_answer_lost or not BEHAVIOURS[request.method].answers:
        return UNKNOWN
    return journal.answer(row)


def _refused(request: ChargeRequest) -> ChargeAnswer:
    return ChargeAnswer(ChargeStatus.DECLINED, decline=NO_SUCH_METHOD, refusal=no_such(request.method))
