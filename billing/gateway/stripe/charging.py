"""One charge: a PaymentIntent made and confirmed in one call, without the customer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import stripe
import structlog
from django.conf import settings

from billing.gateway.port import ChargeAnswer, ChargeRequest, ChargeStatus, Decline, DeclineKind
from billing.gateway.refusals import GatewayRefusal, InvalidRequest, KeyReused, UnknownMethod
from billing.gateway.stripe import metadata
from billing.gateway.stripe.accounts import Connection
from billing.gateway.stripe.amounts import to_stripe
from billing.gateway.stripe.answers import charge_answer
from billing.gateway.stripe.declines import asks_for_customer
from billing.gateway.stripe.failures import is_missing, is_turned_away, patiently, was_not_heard

log = structlog.get_logger(__name__)

UNKNOWN = ChargeAnswer(ChargeStatus.UNKNOWN)
# Stripe asks to slow down for a moment; where nobody is reached at all it takes longer.
TOO_MANY = ChargeAnswer(ChargeStatus.UNKNOWN, again_in=timedelta(seconds=1))
UNREACHED = ChargeAnswer(ChargeStatus.UNKNOWN, again_in=timedelta(minutes=2))
# States in which a stored answer may be older than the truth.
_MOVING = frozenset({"processing", "requires_action", "requires_confirmation"})


def ask(connection: Connection, request: ChargeRequest, customer: str) -> ChargeAnswer:
    """Asks for one charge, whose amount Stripe can count. Never raises; nothing here touches the database."""
    try:
        return charge_answer(_asked(connection, request, customer))
    except stripe.IdempotencyError as error:
        if error.http_status == 409:
            return UNKNOWN
        return ChargeAnswer(ChargeStatus.UNKNOWN, refusal=reused())
    except stripe.InvalidRequestError as error:
        return refused(_refusal(error))
    except stripe.StripeError as error:
        if is_turned_away(error):
            return TOO_MANY
        log.warning("stripe_gave_no_answer", partner_id=str(connection.partner_id), error=type(error).__name__)
        return UNREACHED if was_not_heard(error) else UNKNOWN
    except Exception:
        # Whatever it was that the answer could not be read for: it may have been charged.
        log.exception("stripe_answer_unreadable", partner_id=str(connection.partner_id))
        return UNKNOWN


def refused(refusal: GatewayRefusal) -> ChargeAnswer:
    """Nothing was charged, and asking again changes nothing."""
    decline = Decline(refusal.code, DeclineKind.HARD, refusal.message)
    return ChargeAnswer(ChargeStatus.DECLINED, decline=decline, refusal=refusal)


def reused() -> KeyReused:
    return KeyReused("This key stands for another charge.", field="key")


def no_such(method: str) -> UnknownMethod:
    return UnknownMethod(f"Stripe has no payment method “{method}” for this customer.", field="method")


def return_url() -> str:
    """Where a bank sends the customer back to after a confirmation."""
    return f"{settings.PUBLIC_URL}/"


def _asked(connection: Connection, request: ChargeRequest, customer: str) -> dict[str, Any]:
    """The intent as it stands after the question."""
    key = metadata.idempotency_key(connection.partner_id, "charge", request.key)
    intents = connection.client.v1.payment_intents
    try:
        made = patiently(lambda: intents.create(_params(connection, request, customer), {"idempotency_key": key}))
    except stripe.CardError as error:
        intent = _intent_of(error)
        if asks_for_customer(intent.get("last_payment_error") or {}):
            return _with_customer(connection, request, intent, key)
        return intent
    return _now(intents, made.to_dict()) if made.status in _MOVING else made.to_dict()


def _now(intents: Any, known: dict[str, Any]) -> dict[str, Any]:
    """The intent as it stands; as it was known where that cannot be read, since it has been heard of."""
    try:
        return dict(intents.retrieve(known["id"]).to_dict())
    except stripe.StripeError:
        return known


def _params(connection: Connection, request: ChargeRequest, customer: str) -> Any:
    marks = {"customer": request.customer, "method": request.method}
    params = {
        "amount": to_stripe(request.amount),
        "currency": request.amount.currency.lower(),
        "customer": customer,
        "payment_method": request.method,
        "confirm": True,
        "return_url": return_url(),
        "metadata": metadata.marked(connection.partner_id, request.key, request.metadata, **marks),
    }
    return params | ({"off_session": True} if request.off_session else {})


def _with_customer(connection: Connection, request: ChargeRequest, known: dict[str, Any], key: str) -> dict[str, Any]:
    """The bank wants to see the customer: the same intent, confirmed once more so that it says where to."""
    intents = connection.client.v1.payment_intents
    present = _now(intents, known)
    if present["status"] != "requires_payment_method":
        return present
    again: Any = {"payment_method": request.method, "return_url": return_url()}
    try:
        return intents.confirm(known["id"], again, {"idempotency_key": f"{key}:present"}).to_dict()
    except stripe.CardError as error:
        return _intent_of(error)
    except stripe.StripeError:
        return present


def _intent_of(error: stripe.CardError) -> dict[str, Any]:
    """The declined intent, which Stripe sends with the error."""
    body: Any = error.json_body
    return dict(body["error"]["payment_intent"])


def _refusal(error: stripe.InvalidRequestError) -> GatewayRefusal:
    if is_missing(error, "payment_method") or error.code == "payment_method_unexpected_state":
        return UnknownMethod("Stripe has no such payment method for this customer.", field="method")
    field = error.param if error.param in ("amount", "currency", "customer") else None
    return InvalidRequest(error.user_message or "Stripe does not take this request.", field=field)
