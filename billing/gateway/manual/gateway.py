"""Nothing is charged by itself: an invoice stays open until somebody records what came in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from billing.gateway.port import (
    ChargeAnswer,
    ChargePage,
    ChargeRequest,
    ChargeStatus,
    Decline,
    DeclineKind,
    MethodFacts,
    RefundAnswer,
    RefundPage,
    RefundRequest,
)
from billing.gateway.refusals import UnknownCharge, UnknownMethod


class ManualGateway:
    """Has no payment methods and takes no money, so there is nothing to find in it either."""

    name = "manual"
    charges_a_second = None

    def charge_many(self, partner_id: UUID, requests: Sequence[ChargeRequest]) -> list[ChargeAnswer]:
        return [_refused() for _ in requests]

    def look_up(self, partner_id: UUID, keys: Collection[str]) -> dict[str, ChargeAnswer]:
        return {}

    def cancel(self, partner_id: UUID, charge: str) -> ChargeAnswer:
        raise UnknownCharge("Nothing is charged by itself here.", field="charge")

    def describe_method(self, partner_id: UUID, method: str) -> MethodFacts:
        raise _no_method()

    def refund(self, partner_id: UUID, request: RefundRequest) -> RefundAnswer:
        raise UnknownCharge("Nothing was charged here; record what you give back by hand.", field="charge")

    def look_up_refunds(self, partner_id: UUID, keys: Collection[str]) -> dict[str, RefundAnswer]:
        return {}

    def list_charges(self, partner_id: UUID, *, since: datetime, cursor: str = "") -> ChargePage:
        return ChargePage([])

    def list_refunds(self, partner_id: UUID, *, since: datetime, cursor: str = "") -> RefundPage:
        return RefundPage([])


def _refused() -> ChargeAnswer:
    refusal = _no_method()
    decline = Decline(refusal.code, DeclineKind.HARD, refusal.message)
    return ChargeAnswer(ChargeStatus.DECLINED, decline=decline, refusal=refusal)


def _no_method() -> UnknownMethod:
    return UnknownMethod("Nothing is charged by itself here; record the payment by hand.", field="method")
