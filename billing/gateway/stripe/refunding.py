"""One refund: of an intent that took money from a customer of this partner."""

from __future__ import annotations

from uuid import UUID

import stripe
import structlog

from billing.gateway.port import RefundAnswer, RefundRequest, RefundStatus
from billing.gateway.refusals import (
    GatewayDown,
    GatewayRefusal,
    InvalidRequest,
    KeyReused,
    OverRefund,
    UnknownCharge,
)
from billing.gateway.stripe import metadata, questions
from billing.gateway.stripe.accounts import Connection, connected
from billing.gateway.stripe.amounts import to_stripe
from billing.gateway.stripe.answers import refund_answer
from billing.gateway.stripe.failures import is_missing, only_reading, patiently, was_not_heard
from billing.gateway.stripe.states import Kind
from partnerpanel.tenancy.scope import tenant

log = structlog.get_logger(__name__)

UNKNOWN = RefundAnswer(RefundStatus.UNKNOWN)
PREFIX = "pi_"


def refund(partner_id: UUID, request: RefundRequest) -> RefundAnswer:
    """As the port says it. Opens scopes of its own."""
    connection = connected(partner_id)
    _refuse_other(connection, request)
    fingerprint = questions.refund_fingerprint(connection.account, request)
    with tenant(partner_id):
        stands = questions.put(partner_id, Kind.REFUND, [(request.key, fingerprint, request.charge)])
    if stands[request.key] != fingerprint:
        raise KeyReused("This key stands for another refund.", field="key")
    try:
        return refund_answer(_asked(connection, request))
    except stripe.InvalidRequestError as error:
        raise _refusal(error) from error
    except stripe.StripeError as error:
        if was_not_heard(error):
            raise GatewayDown(f"Stripe gives no answer: {type(error).__name__}.") from error
        log.warning("stripe_gave_no_answer", partner_id=str(partner_id), error=type(error).__name__)
        return UNKNOWN


def _refuse_other(connection: Connection, request: RefundRequest) -> None:
    """Raises UnknownCharge for one that is not this partner's or took nothing, InvalidRequest for another currency."""
    unknown = UnknownCharge("Stripe has no such charge.", field="charge")
    if not request.charge.startswith(PREFIX):
        raise unknown
    with only_reading():
        try:
            intent = connection.client.v1.payment_intents.retrieve(request.charge).to_dict()
        except stripe.InvalidRequestError as error:
            raise unknown from error
    if not metadata.is_mine(intent, connection.partner_id):
        raise unknown
    if intent["status"] != "succeeded":
        raise UnknownCharge("This charge took no money, so there is none to give back.", field="charge")
    currency = intent["currency"].upper()
    if currency != request.amount.currency:
        raise InvalidRequest(f"The charge was in {currency}; so is what is given back of it.", field="amount")


def _asked(connection: Connection, request: RefundRequest) -> dict[str, object]:
    refunds = connection.client.v1.refunds
    key = metadata.idempotency_key(connection.partner_id, "refund", request.key)
    marks = metadata.marked(connection.partner_id, request.key, request.metadata)
    amount = to_stripe(request.amount)
    made = patiently(
        lambda: refunds.create(
            {"payment_intent": request.charge, "amount": amount, "metadata": marks}, {"idempotency_key": key}
        )
    )
    # The answer may be a stored one, and the refund have ended since.
    return (refunds.retrieve(made.id) if made.status == "pending" else made).to_dict()


def _refusal(error: stripe.InvalidRequestError) -> GatewayRefusal:
    if error.code == "charge_already_refunded" or error.param == "amount":
        return OverRefund("This is more than what is left of the charge.", field="amount")
    if is_missing(error):
        return UnknownCharge("Stripe has no such charge.", field="charge")
    return GatewayRefusal(error.user_message or "Stripe does not take this refund.")
