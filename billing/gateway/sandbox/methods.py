"""What each of the sandbox's payment methods does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from billing.gateway.port import ChargeStatus, Decline, DeclineKind, MethodFacts, RefundStatus
from billing.gateway.refusals import UnknownMethod

OK = "sandbox_ok"
SOFT_DECLINE = "sandbox_soft_decline"
HARD_DECLINE = "sandbox_hard_decline"
DECLINES_ON_RENEWAL = "sandbox_declines_on_renewal"
ANSWER_LOST = "sandbox_answer_lost"
AUTHENTICATION = "sandbox_authentication"
REFUND_PENDING = "sandbox_refund_pending"
REFUND_FAILS = "sandbox_refund_fails"
DISPUTED = "sandbox_disputed"

NO_FUNDS = Decline("insufficient_funds", DeclineKind.SOFT, "The account has too little money.")
CLOSED = Decline("account_closed", DeclineKind.HARD, "The account behind this card is closed.")
NO_SUCH_METHOD = Decline("unknown_payment_method", DeclineKind.HARD, "The sandbox has no such payment method.")


@dataclass(frozen=True, slots=True)
class Behaviour:
    """`status` is what the journal says of a charge; with `only_first`, of every customer's first one alone.

    `decline` is why the others, or all of them, are declined; without `answers` the caller never hears of it.
    A refund with `refund_ends` is pending at first and stands so after that time. A `disputed` charge is disputed by
    the customer's bank at once.
    """

    status: ChargeStatus
    last4: str
    decline: Decline | None = None
    only_first: bool = False
    answers: bool = True
    refund_ends: tuple[RefundStatus, timedelta] | None = None
    disputed: bool = False


BEHAVIOURS: Mapping[str, Behaviour] = {
    OK: Behaviour(ChargeStatus.SUCCEEDED, "0001"),
    SOFT_DECLINE: Behaviour(ChargeStatus.DECLINED, "0002", decline=NO_FUNDS),
    HARD_DECLINE: Behaviour(ChargeStatus.DECLINED, "0003", decline=CLOSED),
    DECLINES_ON_RENEWAL: Behaviour(ChargeStatus.SUCCEEDED, "0004", decline=NO_FUNDS, only_first=True),
    ANSWER_LOST: Behaviour(ChargeStatus.SUCCEEDED, "0005", answers=False),
    AUTHENTICATION: Behaviour(ChargeStatus.ACTION_REQUIRED, "0006"),
    REFUND_PENDING: Behaviour(ChargeStatus.SUCCEEDED, "0007", refund_ends=(RefundStatus.SUCCEEDED, timedelta(days=5))),
    REFUND_FAILS: Behaviour(ChargeStatus.SUCCEEDED, "0008", refund_ends=(RefundStatus.FAILED, timedelta(days=1))),
    DISPUTED: Behaviour(ChargeStatus.SUCCEEDED, "0009", disputed=True),
}


def behaviour_of(method: str) -> Behaviour:
    """Raises UnknownMethod."""
    if method not in BEHAVIOURS:
        raise no_such(method)
    return BEHAVIOURS[method]


def no_such(method: str) -> UnknownMethod:
    return UnknownMethod(
        f"The sandbox has no payment method “{method}”; it has {', '.join(BEHAVIOURS)}.", field="method"
    )


def facts_of(method: str) -> MethodFacts:
    """What the panel shows of the method; every name ends in digits of its own. Raises UnknownMethod."""
    return MethodFacts(brand="sandbox", last4=behaviour_of(method).last4, exp_month=12, exp_year=2099)
