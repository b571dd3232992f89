"""What a decline of Stripe's means for the next try. Pure; the codes are those of docs.stripe.com/declines/codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from billing.gateway.port import Decline, DeclineKind

AUTHENTICATION = "authentication_required"
# The same card never works again, or only after the customer has changed something about it.
HARD = frozenset(
    [
        *(
            "account_closed",
            "account_restricted",
            "bank_account_closed",
            "bank_account_restricted",
            "card_not_supported",
        ),
        *("currency_not_supported", "debit_not_authorized", "do_not_try_again", "expired_card", "fraudulent"),
        *("highest_risk_level", "incorrect_cvc", "incorrect_number", "incorrect_zip", "invalid_account"),
        *("invalid_cvc", "invalid_expiry_month", "invalid_expiry_year", "invalid_number", "live_mode_test_card"),
        *("lost_card", "merchant_blacklist", "mobile_device_authentication_required", "no_account"),
        *("new_account_information_available", "not_permitted", "pickup_card", "restricted_card"),
        *("revocation_of_all_authorizations", "revocation_of_authorization", "security_violation"),
        *("service_not_allowed", "stolen_card", "stop_payment_order", "testmode_decline", "transaction_not_allowed"),
    ]
)
# The networks' own advice about trying again.
HARD_ADVICE = frozenset({"do_not_try_again", "confirm_card_data"})
CODE_LENGTH = 60


def asks_for_customer(error: Mapping[str, Any]) -> bool:
    """Whether the bank wants to see the customer, so that nothing is wrong with the card."""
    return AUTHENTICATION in (error.get("code"), error.get("decline_code"))


def decline_of(error: Mapping[str, Any]) -> Decline:
    """The decline in an intent's last error: by its own code, else by the network's advice."""
    code = error.get("decline_code") or error.get("code") or "declined"
    is_hard = code in HARD or error.get("advice_code") in HARD_ADVICE
    kind = DeclineKind.HARD if is_hard else DeclineKind.SOFT
    return Decline(code[:CODE_LENGTH], kind, error.get("message") or "The card was declined.")
