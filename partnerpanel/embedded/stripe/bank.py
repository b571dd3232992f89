"""The page of a bank on which a payment of the double is confirmed, or not."""

from __future__ import annotations

from html import escape
from urllib.parse import urlencode

from partnerpanel.embedded.stripe.account import Account, Object
from partnerpanel.embedded.stripe.intents import BANK as PATH
from partnerpanel.embedded.stripe.intents import authenticate, refuse
from partnerpanel.embedded.stripe.pages import page_of
from partnerpanel.kernel.money import Money

__all__ = ["PATH", "answered", "page"]


def answered(account: Account, intent: Object, given: Object) -> str:
    """What the customer does there; the address that the browser is sent to. Once more changes nothing."""
    if given.get("answer") == "confirm":
        authenticate(account, intent)
    else:
        refuse(account, intent)
    status = "succeeded" if intent["status"] == "succeeded" else "failed"
    back = intent["_back"]
    said = urlencode({"payment_intent": intent["id"], "redirect_status": status})
    return f"{back}{'&' if '?' in back else '?'}{said}"


def page(intent: Object) -> str:
    """The page, for a browser."""
    amount = escape(str(Money(intent["amount"], intent["currency"].upper())))
    if intent["status"] != "requires_action":
        return page_of("Your bank", "<p>There is nothing to confirm any more.</p>")
    return page_of(
        "Your bank",
        f"<p>Do you confirm the payment of {amount}?</p>"
        '<form method="post"><button name="answer" value="confirm">Confirm</button> '
        '<button name="answer" value="refuse">Refuse</button></form>',
    )
