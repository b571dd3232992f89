"""Stripe as a gateway: many charges at once, at a bounded rate, outside of any transaction."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import stripe
from django.conf import settings

from billing.gateway.cards import CardPage, CardWish, EnteredCard
from billing.gateway.news import DisputedCharge, News
from billing.gateway.pace import take_places
from billing.gateway.port import (
    ChargeAnswer,
    ChargePage,
    ChargeRequest,
    ChargeStatus,
    MethodFacts,
    RefundAnswer,
    RefundPage,
    RefundRequest,
)
from billing.gateway.refusals import GatewayDown, InvalidRequest
from billing.gateway.stripe import (
    cancelling,
    card_pages,
    charging,
    confirming,
    detaching,
    hearing,
    journal,
    looking,
    questions,
    refunding,
    telling,
)
from billing.gateway.stripe.accounts import Connection, connected, is_connected
from billing.gateway.stripe.amounts import to_stripe
from billing.gateway.stripe.answers import method_facts
from billing.gateway.stripe.customers import refs_for
from billing.gateway.stripe.failures import only_reading
from billing.gateway.stripe.states import Kind
from partnerpanel.tenancy.scope import tenant

AT_ONCE = 8
# A task is cut off after half a minute: what has not been asked by then comes with the next one.
BEGIN_WITHIN_SECONDS = 8.0
# Where Stripe answers slowly, places pass by; what was not begun by then comes with the next task too.
ANSWERED_WITHIN_SECONDS = 10.0
# After so many in a row that reached nobody the rest is not tried.
GIVE_UP_AFTER = 3
METHODS = ("pm_", "card_", "src_", "ba_")


class StripeGateway:
    """See the package. Raises ScopeError inside an open transaction, GatewayDown where no account is connected."""

    name = "stripe"

    @property
    def charges_a_second(self) -> int:
        found: int = settings.STRIPE_CHARGES_A_SECOND
        return found

    def charge_many(self, partner_id: UUID, requests: Sequence[ChargeRequest]) -> list[ChargeAnswer]:
        if not requests:
            return []
        connection = connected(partner_id)
        answers = {n: answer for n, one in enumerate(requests) if (answer := _refused(one)) is not None}
        good = [one for n, one in enumerate(requests) if n not in answers]
        refs = refs_for(connection, {one.customer for one in good})
        unmade = {one.key for one in good if one.customer not in refs}
        asked = _put(connection, [one for one in good if one.key not in unmade], refs)
        said = _Batch(connection, refs).ask(list(asked.values()), a_second=self.charges_a_second)
        if asked and all(answer == charging.UNREACHED for answer in said.values()):
            raise GatewayDown("Stripe cannot be reached.")
        said |= dict.fromkeys(unmade, charging.TOO_MANY)
        return [
            answers.get(n) or (said[one.key] if one.key in unmade or asked.get(one.key) == one else _reused())
            for n, one in enumerate(requests)
        ]

    def look_up(self, partner_id: UUID, keys: Collection[str]) -> dict[str, ChargeAnswer]:
        return looking.charges(partner_id, keys)

    def cancel(self, partner_id: UUID, charge: str) -> ChargeAnswer:
        return cancelling.cancel(partner_id, charge)

    def describe_method(self, partner_id: UUID, method: str) -> MethodFacts:
        if not method.startswith(METHODS):
            raise charging.no_such(method)
        with only_reading():
            try:
                said = connected(partner_id).client.v1.payment_methods.retrieve(method).to_dict()
            except stripe.InvalidRequestError as error:
                raise charging.no_such(method) from error
        return method_facts(said)

    def refund(self, partner_id: UUID, request: RefundRequest) -> RefundAnswer:
        return refunding.refund(partner_id, request)

    def look_up_refunds(self, partner_id: UUID, keys: Collection[str]) -> dict[str, RefundAnswer]:
        return looking.refunds(partner_id, keys)

    def list_charges(self, partner_id: UUID, *, since: datetime, cursor: str = "") -> ChargePage:
        return journal.charges(partner_id, since, cursor)

    def list_refunds(self, partner_id: UUID, *, since: datetime, cursor: str = "") -> RefundPage:
        return journal.refunds(partner_id, since, cursor)

    def heard(self, partner_id: UUID, body: bytes, headers: Mapping[str, str]) -> News:
        return hearing.heard(partner_id, body, headers.get(hearing.HEADER, ""))

    def dispute(self, partner_id: UUID, about: str) -> DisputedCharge | None:
        return telling.dispute(partner_id, about)

    def disputes_since(self, partner_id: UUID, since: datetime) -> Sequence[DisputedCharge]:
        return telling.disputes_since(partner_id, since)

    def method(self, partner_id: UUID, about: str) -> MethodFacts | None:
        return telling.method(partner_id, about)

    def takes_cards(self, partner_id: UUID) -> bool:
        return is_connected(partner_id)

    def card_page(self, partner_id: UUID, wish: CardWish) -> CardPage:
        return card_pages.card_page(partner_id, wish)

    def entered_card(self, partner_id: UUID, about: str) -> EnteredCard | None:
        return card_pages.entered_card(partner_id, about)

    def bank_page(self, partner_id: UUID, charge: str, back: str) -> str:
        return confirming.bank_page(partner_id, charge, back)

    def detach(self, partner_id: UUID, ref: str) -> None:
        detaching.detach(partner_id, ref)

    def cards_since(self, partner_id: UUID, since: datetime) -> Sequence[EnteredCard]:
        return card_pages.cards_since(partner_id, since)


class _Batch:
    """Charges of one partner, begun one after the other in their places and answered at the same time."""

    def __init__(self, connection: Connection, refs: Mapping[str, str]) -> None:
        self._connection = connection
        self._refs = refs
        self._unreached = 0

    def ask(self, requests: Sequence[ChargeRequest], *, a_second: int) -> dict[str, ChargeAnswer]:
        """Those that have no place in time may come again when there are some."""
        if not requests:
            return {}
        within = timedelta(seconds=BEGIN_WITHIN_SECONDS)
        places = take_places(
            self._connection.partner_id, StripeGateway.name, wanted=len(requests), a_second=a_second, within=within
        )
        began = time.monotonic()
        first, apart = began + places.after.total_seconds(), places.apart.total_seconds()
        with ThreadPoolExecutor(AT_ONCE) as threads:
            waiting = {
                one.key: threads.submit(self._ask, one, first + n * apart, began + ANSWERED_WITHIN_SECONDS)
                for n, one in enumerate(requests[: places.many])
            }
            answers = {key: future.result() for key, future in waiting.items()}
        later = replace(charging.TOO_MANY, again_in=max(places.apart, places.after))
        return answers | {one.key: later for one in requests[places.many :]}

    def _ask(self, request: ChargeRequest, not_before: float, until: float) -> ChargeAnswer:
        time.sleep(max(0.0, min(not_before, until) - time.monotonic()))
        if self._unreached >= GIVE_UP_AFTER:
            return charging.UNREACHED
        if time.monotonic() >= until:
            return charging.TOO_MANY
        answer = charging.ask(self._connection, request, self._refs[request.customer])
        self._unreached = self._unreached + 1 if answer == charging.UNREACHED else 0
        return answer


def _put(
    connection: Connection, requests: Sequence[ChargeRequest], refs: Mapping[str, str]
) -> dict[str, ChargeRequest]:
    """Writes the questions down; those that stand under their keys, by key."""
    if not requests:
        return {}
    mine = [(questions.charge_fingerprint(connection.account, one), one) for one in requests]
    rows = [(one.key, fingerprint, refs[one.customer]) for fingerprint, one in mine]
    with tenant(connection.partner_id):
        stands = questions.put(connection.partner_id, Kind.CHARGE, rows)
    return {one.key: one for fingerprint, one in mine if stands[one.key] == fingerprint}


def _refused(request: ChargeRequest) -> ChargeAnswer | None:
    """What needs no asking."""
    if not request.method.startswith(METHODS):
        return charging.refused(charging.no_such(request.method))
    try:
        to_stripe(request.amount)
    except InvalidRequest as refusal:
        return charging.refused(refusal)
    return None


def _reused() -> ChargeAnswer:
    return ChargeAnswer(ChargeStatus.UNKNOWN, refusal=charging.reused())
