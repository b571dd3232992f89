"""Money of the double that goes back: refunds, and disputes of the customer's bank."""

from __future__ import annotations

import time
from typing import Any

from partnerpanel.embedded.stripe.account import Account, Object, Refused
from partnerpanel.embedded.stripe.cards import CARDS


def refund(account: Account, given: Object) -> Object:
    """Never more than is left. Raises Refused."""
    intent: Any = account.get(given.get("payment_intent"), "payment_intent", "payment_intent")
    charge = account.objects.get(intent["latest_charge"] or "")
    if intent["status"] != "succeeded" or charge is None:
        message = "This PaymentIntent does not have a successful charge to refund."
        raise Refused(400, code="payment_intent_unexpected_state", message=message)
    left = charge["amount"] - charge["amount_refunded"]
    amount = int(given.get("amount", left))
    if left == 0:
        raise Refused(400, code="charge_already_refunded", message="Charge has already been refunded.")
    if amount > left:
        message = f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})"
        raise Refused(400, param="amount", message=message)
    if charge["disputed"]:
        raise Refused(400, code="charge_disputed", message="Charge has been charged back; cannot issue a refund.")
    status = CARDS[account.objects[charge["payment_method"]]["_card"]].refund
    charge["amount_refunded"] += amount if status != "failed" else 0
    made = account.make(
        "refund",
        "re",
        amount=amount,
        currency=charge["currency"],
        charge=charge["id"],
        payment_intent=intent["id"],
        metadata=dict(given.get("metadata", {})),
        status=status,
    )
    account.tell("refund.created", made)
    if status == "succeeded":
        account.tell("charge.refunded", charge)
    elif status == "failed":
        account.tell("refund.failed", made)
    return made


def settle_refund(account: Account, refund: Object, *, fails: bool = False) -> None:
    """What the bank does days later with a refund that is on its way."""
    charge = account.objects[refund["charge"]]
    refund["status"] = "failed" if fails else "succeeded"
    if fails:
        charge["amount_refunded"] -= refund["amount"]
    account.tell("refund.failed" if fails else "refund.updated", refund)


def open_dispute(account: Account, intent: Object) -> Object:
    """The customer's bank wants a charge back."""
    charge = account.objects[intent["latest_charge"]]
    charge["disputed"] = True
    made = account.make(
        "dispute",
        "du",
        charge=charge["id"],
        payment_intent=intent["id"],
        amount=intent["amount"],
        currency=intent["currency"],
        reason="fraudulent",
        status="needs_response",
        metadata={},
        evidence_details={"due_by": int(time.time()) + 7 * 86_400, "has_evidence": False},
    )
    account.tell("charge.dispute.created", made)
    account.tell("charge.dispute.funds_withdrawn", made)
    return made


def move_dispute(account: Account, dispute: Object, status: str) -> None:
    """Evidence was sent (`under_review`), or the bank has decided (`won`, `lost`)."""
    dispute["status"] = status
    account.tell("charge.dispute.updated" if status == "under_review" else "charge.dispute.closed", dispute)
