"""Checkout of the double in its set-up mode: a page of its own on which one of the test cards is chosen."""

from __future__ import annotations

from html import escape

from partnerpanel.embedded.stripe import intents
from partnerpanel.embedded.stripe.account import Account, Object, Refused
from partnerpanel.embedded.stripe.cards import CARDS
from partnerpanel.embedded.stripe.pages import page_of

PATH = "/c/pay/"


def create(account: Account, given: Object) -> Object:
    """A session that waits for the customer. Raises Refused."""
    for name in ("mode", "customer", "success_url"):
        if name not in given:
            raise Refused(400, code="parameter_missing", param=name, message=f"Missing required param: {name}.")
    if given["mode"] != "setup":
        raise Refused(400, param="mode", message="The double knows the mode setup alone.")
    customer = account.get(given["customer"], "customer", "customer")["id"]
    setup = account.make(
        "setup_intent",
        "seti",
        customer=customer,
        payment_method=None,
        status="requires_payment_method",
        metadata=dict(given.get("setup_intent_data", {}).get("metadata", {})),
    )
    session = account.make(
        "checkout.session",
        "cs_test",
        mode="setup",
        customer=customer,
        status="open",
        payment_status="no_payment_required",
        setup_intent=setup["id"],
        success_url=given["success_url"],
        cancel_url=given.get("cancel_url"),
        metadata=dict(given.get("metadata", {})),
        _told=given.get("custom_text", {}).get("submit", {}).get("message", ""),
    )
    session["url"] = f"{account.url}{PATH}{session['id']}"
    return session


def complete(account: Account, session: Object, card: str) -> str:
    """What the customer does on the page; the address that the browser is sent to."""
    setup = account.objects[session["setup_intent"]]
    if session["status"] == "open":
        method = intents.method_of(account, card)
        method["customer"] = session["customer"]
        setup |= {"payment_method": method["id"], "status": "succeeded"}
        session |= {"status": "complete", "url": None}
        account.tell("setup_intent.succeeded", setup)
        account.tell("checkout.session.completed", session)
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])


def page(session: Object) -> str:
    """The page, for a browser."""
    options = "".join(
        f'<option value="{name}">{escape(f"{card.brand} {card.last4} – {name}")}</option>'
        for name, card in CARDS.items()
    )
    away = escape(session["cancel_url"] or "/")
    return page_of(
        "Enter a card",
        f'<p>{escape(session["_told"])}</p><form method="post"><label>Card <select name="card">{options}</select>'
        f'</label> <button>Save card</button></form><p><a href="{away}">Back</a></p>',
    )


def answered(account: Account, session: Object, given: Object) -> str:
    """What was chosen there; the address that the browser is sent to."""
    return complete(account, session, given["card"])
