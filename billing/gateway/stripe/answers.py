"""Stripe's objects as the port says them. Pure: plain dictionaries in, values out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from billing.gateway.port import (
    CANCELLED,
    ChargeAnswer,
    ChargeStatus,
    Decline,
    DeclineKind,
    ListedCharge,
    ListedRefund,
    MethodFacts,
    RefundAnswer,
    RefundStatus,
)
from billing.gateway.stripe import metadata
from billing.gateway.stripe.amounts import from_stripe
from billing.gateway.stripe.declines import asks_for_customer, decline_of

Said = Mapping[str, Any]

_CHARGES = {
    "succeeded": ChargeStatus.SUCCEEDED,
    "processing": ChargeStatus.PROCESSING,
    "requires_action": ChargeStatus.ACTION_REQUIRED,
    "canceled": ChargeStatus.DECLINED,
}
# As they are written on cards; Stripe has them in small letters.
BRANDS = {
    "amex": "American Express",
    "diners": "Diners Club",
    "discover": "Discover",
    "eftpos_au": "eftpos",
    "jcb": "JCB",
    "mastercard": "Mastercard",
    "sepa_debit": "SEPA debit",
    "unionpay": "UnionPay",
    "us_bank_account": "Bank account",
    "visa": "Visa",
}
_REFUNDS = {
    "succeeded": RefundStatus.SUCCEEDED,
    "pending": RefundStatus.PENDING,
    "requires_action": RefundStatus.PENDING,
    "failed": RefundStatus.FAILED,
    "canceled": RefundStatus.FAILED,
}


def charge_answer(intent: Said) -> ChargeAnswer:
    """What an intent says; `unknown` for one that nobody has confirmed yet."""
    status, decline = _charge_status(intent)
    return ChargeAnswer(
        status=status,
        gateway_id=intent["id"],
        decline=decline,
        action_url=_action_url(intent) if status is ChargeStatus.ACTION_REQUIRED else "",
        amount=from_stripe(intent["amount"], intent["currency"]),
        metadata=metadata.callers(intent),
    )


def refund_answer(refund: Said) -> RefundAnswer:
    status = _REFUNDS.get(refund["status"], RefundStatus.UNKNOWN)
    return RefundAnswer(status, refund["id"], from_stripe(refund["amount"], refund["currency"]))


def method_facts(method: Said) -> MethodFacts:
    """What may be shown; a method that is no card goes by its kind."""
    kind = method["type"]
    facts = method.get(kind) or {}
    brand = facts.get("brand") or kind
    return MethodFacts(
        BRANDS.get(brand, brand), facts.get("last4") or "", facts.get("exp_month"), facts.get("exp_year")
    )


def listed_charge(intent: Said) -> ListedCharge:
    said = intent["metadata"]
    return ListedCharge(
        key=said[metadata.KEY],
        at=instant(intent["created"]),
        customer=said[metadata.CUSTOMER],
        method=said[metadata.METHOD],
        answer=charge_answer(intent),
    )


def listed_refund(refund: Said) -> ListedRefund:
    """With the intent in it or named by it; one that was made at Stripe goes by its id there."""
    intent = refund["payment_intent"]
    return ListedRefund(
        key=(refund.get("metadata") or {}).get(metadata.KEY) or refund["id"],
        at=instant(refund["created"]),
        charge=intent if isinstance(intent, str) else intent["id"],
        answer=refund_answer(refund),
    )


def instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _charge_status(intent: Said) -> tuple[ChargeStatus, Decline | None]:
    error = intent.get("last_payment_error") or {}
    if intent["status"] == "requires_payment_method" and error:
        if asks_for_customer(error):
            return ChargeStatus.ACTION_REQUIRED, None
        return ChargeStatus.DECLINED, decline_of(error)
    if intent["status"] == "canceled":
        reason = f" ({intent['cancellation_reason']})" if intent.get("cancellation_reason") else ""
        message = f"The payment was cancelled at Stripe{reason}."
        return ChargeStatus.DECLINED, Decline(CANCELLED, DeclineKind.SOFT, message)
    return _CHARGES.get(intent["status"], ChargeStatus.UNKNOWN), None


def _action_url(intent: Said) -> str:
    action = intent.get("next_action") or {}
    return (action.get("redirect_to_url") or {}).get("url") or ""
