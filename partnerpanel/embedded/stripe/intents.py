"""Payment intents of the double: made and confirmed in one call, declined, waiting for the customer."""

from __future__ import annotations

from partnerpanel.embedded.stripe.account import Account, Dropped, Object, Refused, shown
from partnerpanel.embedded.stripe.cards import CARDS, OWN_CODES, Card
from partnerpanel.embedded.stripe.returns import open_dispute

# Where the page of the bank lies.
BANK = "/bank/"
# docs.stripe.com/currencies#minimum-and-maximum-charge-amounts, those that the demo and the tests meet.
MINIMUM = {"usd": 50, "eur": 50, "gbp": 30, "jpy": 50, "chf": 50}


def create(account: Account, given: Object) -> Object:
    """Raises Refused for what Stripe refuses, and for a declined card."""
    amount, currency = _amount(given)
    if "customer" in given:
        account.get(given["customer"], "customer", "customer")
    method = method_of(account, given["payment_method"]) if "payment_method" in given else None
    intent = account.make(
        "payment_intent",
        "pi",
        amount=amount,
        amount_received=0,
        currency=currency,
        customer=given.get("customer"),
        payment_method=method and method["id"],
        metadata=dict(given.get("metadata", {})),
        status="requires_confirmation" if method else "requires_payment_method",
        last_payment_error=None,
        next_action=None,
        cancellation_reason=None,
        latest_charge=None,
    )
    if given.get("confirm") == "true":
        confirm(account, intent, given)
    return intent


def confirm(account: Account, intent: Object, given: Object) -> Object:
    if intent["status"] not in ("requires_payment_method", "requires_confirmation", "requires_action"):
        message = f"This PaymentIntent's status is {intent['status']} and it cannot be confirmed."
        raise Refused(400, code="payment_intent_unexpected_state", message=message)
    if "payment_method" in given:
        intent["payment_method"] = method_of(account, given["payment_method"])["id"]
    method = account.get(intent["payment_method"], "payment_method", "payment_method")
    if method["customer"] not in (None, intent["customer"]):
        message = f"The customer does not have a payment method with the ID {method['id']}."
        raise Refused(400, code="resource_missing", param="payment_method", message=message)
    is_present = given.get("off_session") != "true"
    _charge(account, intent, method, is_present=is_present, back=given.get("return_url", ""))
    return intent


def cancel(account: Account, intent: Object, given: Object) -> Object:
    """Takes back what has not taken money."""
    if intent["status"] in ("succeeded", "canceled", "processing"):
        message = f"You cannot cancel this PaymentIntent because it has a status of {intent['status']}."
        raise Refused(400, code="payment_intent_unexpected_state", message=message)
    intent |= {"status": "canceled", "next_action": None, "cancellation_reason": given.get("cancellation_reason")}
    account.tell("payment_intent.canceled", intent)
    return intent


def authenticate(account: Account, intent: Object) -> None:
    """What the customer does at the bank."""
    if intent["status"] == "requires_action":
        take(account, intent, account.objects[intent["payment_method"]])


def refuse(account: Account, intent: Object) -> None:
    """The customer does not confirm, or the bank does not believe it."""
    if intent["status"] == "requires_action":
        method = account.objects[intent["payment_method"]]
        message = "We are unable to authenticate your payment method."
        fail(account, intent, method, "payment_intent_authentication_failure", message)


def settle_processing(account: Account, intent: Object, *, fails: bool = False) -> None:
    """What the bank does days later with a debit."""
    method = account.objects[intent["payment_method"]]
    if intent["status"] == "processing" and fails:
        fail(account, intent, method, "insufficient_funds", "The account has too little money.")
    elif intent["status"] == "processing":
        take(account, intent, method)


def method_of(account: Account, id_: str) -> Object:
    """The payment method; a test card's name makes a new one, as with Stripe's."""
    if id_ not in CARDS:
        return account.get(id_, "payment_method", "payment_method")
    card = CARDS[id_]
    shown = {"brand": card.brand, "last4": card.last4, "exp_month": 12, "exp_year": 2099}
    return account.make("payment_method", "pm", type="card", card=shown, customer=None, metadata={}, _card=id_)


def take(account: Account, intent: Object, method: Object) -> None:
    charge = _charge_row(account, intent, method, status="succeeded")
    intent |= {"status": "succeeded", "amount_received": intent["amount"], "latest_charge": charge["id"]}
    intent |= {"next_action": None, "last_payment_error": None}
    account.tell("payment_intent.succeeded", intent)
    account.tell("charge.succeeded", charge)
    if CARDS[method["_card"]].disputed:
        open_dispute(account, intent)


def fail(account: Account, intent: Object, method: Object, decline: str, message: str) -> Object:
    """Writes the failed charge; returns the error."""
    code = decline if decline in OWN_CODES else "card_declined"
    charge = _charge_row(account, intent, method, status="failed")
    error = {"type": "card_error", "code": code, "decline_code": decline, "message": message, "charge": charge["id"]}
    error["payment_method"] = shown(method)
    intent |= {"status": "requires_payment_method", "payment_method": None, "latest_charge": charge["id"]}
    intent |= {"last_payment_error": error, "next_action": None}
    account.tell("payment_intent.payment_failed", intent)
    return error


def _charge(account: Account, intent: Object, method: Object, *, is_present: bool, back: str) -> None:
    card: Card = CARDS[method["_card"]]
    decline, message = card.decline, "Your card was declined."
    if card.authenticates and not is_present:
        decline, message = "authentication_required", "Your card was declined. This payment requires authentication."
    if decline:
        error = fail(account, intent, method, decline, message)
        raise Refused(402, kind="card_error", is_kept=True, **{**error, "payment_intent": shown(intent)})
    if card.authenticates:
        redirect = {"url": f"{account.url}{BANK}{intent['id']}", "return_url": back}
        intent["next_action"] = {"type": "redirect_to_url", "redirect_to_url": redirect}
        intent |= {"status": "requires_action", "last_payment_error": None, "_back": back}
        account.tell("payment_intent.requires_action", intent)
        return
    if card.processes:
        intent |= {"status": "processing", "last_payment_error": None}
        account.tell("payment_intent.processing", intent)
        return
    take(account, intent, method)
    if card.loses_answer:
        raise Dropped
    if card.breaks:
        raise Refused(500, kind="api_error", is_kept=True, message="An unknown error occurred.")


def _charge_row(account: Account, intent: Object, method: Object, *, status: str) -> Object:
    return account.make(
        "charge",
        "ch",
        amount=intent["amount"],
        amount_refunded=0,
        currency=intent["currency"],
        customer=intent["customer"],
        payment_intent=intent["id"],
        payment_method=method["id"],
        metadata=dict(intent["metadata"]),
        status=status,
        disputed=False,
    )


def _amount(given: Object) -> tuple[int, str]:
    for name in ("amount", "currency"):
        if name not in given:
            raise Refused(400, code="parameter_missing", param=name, message=f"Missing required param: {name}.")
    amount, currency = given["amount"], given["currency"].lower()
    if not amount.isdecimal():
        raise Refused(400, code="parameter_invalid_integer", param="amount", message=f"Invalid integer: {amount}")
    if int(amount) < MINIMUM.get(currency, 1):
        raise Refused(400, code="amount_too_small", param="amount", message="Amount is below the minimum.")
    return int(amount), currency
