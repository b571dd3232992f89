"""The test cards of docs.stripe.com/testing that the double knows, and two of its own that lose an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Card:
    """`decline` is the code of every charge; `authenticates` wants the customer; `processes` takes days, as debits do.

    A charge with `loses_answer` is made and its connection dropped; with `breaks` it is made and answered by a 500.
    """

    brand: str
    last4: str
    decline: str = ""
    authenticates: bool = False
    processes: bool = False
    refund: str = "succeeded"
    disputed: bool = False
    loses_answer: bool = False
    breaks: bool = False


CARDS: Mapping[str, Card] = {
    "pm_card_visa": Card("visa", "4242"),
    "pm_card_mastercard": Card("mastercard", "4444"),
    "pm_card_amex": Card("amex", "8431"),
    "pm_card_chargeDeclined": Card("visa", "0002", decline="generic_decline"),
    "pm_card_chargeDeclinedInsufficientFunds": Card("visa", "9995", decline="insufficient_funds"),
    "pm_card_chargeDeclinedLostCard": Card("visa", "9987", decline="lost_card"),
    "pm_card_chargeDeclinedStolenCard": Card("visa", "9979", decline="stolen_card"),
    "pm_card_chargeDeclinedExpiredCard": Card("visa", "0069", decline="expired_card"),
    "pm_card_chargeDeclinedIncorrectCvc": Card("visa", "0127", decline="incorrect_cvc"),
    "pm_card_chargeDeclinedProcessingError": Card("visa", "0119", decline="processing_error"),
    "pm_card_chargeCustomerFail": Card("visa", "0341", decline="generic_decline"),
    "pm_card_authenticationRequired": Card("visa", "3184", authenticates=True),
    "pm_card_pendingRefund": Card("visa", "7726", refund="pending"),
    "pm_card_refundFail": Card("visa", "5126", refund="failed"),
    "pm_card_createDispute": Card("visa", "0259", disputed=True),
    "pm_usBankAccount_processing": Card("us_bank_account", "6789", processes=True),
    "pm_card_answerLost": Card("visa", "0500", loses_answer=True),
    "pm_card_serverError": Card("visa", "0501", breaks=True),
}
# Declines that are an error code of their own; all others are `card_declined`.
OWN_CODES = frozenset(
    {
        "authentication_required",
        "expired_card",
        "incorrect_cvc",
        "payment_intent_authentication_failure",
        "processing_error",
    }
)
