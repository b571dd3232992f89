"""Stripe Checkout in its set-up mode: the customer enters a card at Stripe, and Stripe keeps it for later charges."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import stripe

from billing.gateway.cards import CardPage, CardWish, EnteredCard
from billing.gateway.refusals import GatewayDown, InvalidRequest
from billing.gateway.stripe import metadata
from billing.gateway.stripe.accounts import connected, connection_of
from billing.gateway.stripe.answers import method_facts
from billing.gateway.stripe.customers import refs_for
from billing.gateway.stripe.failures import is_missing, only_reading
from partnerpanel.kernel.ids import uuid7

PAGE = 100
SESSION, SETUP = "cs_", "seti_"
# Stripe puts the session's id in its place.
PLACE = "{CHECKOUT_SESSION_ID}"
SUBSCRIPTION, BESIDE = "subscription", "beside"


def card_page(partner_id: UUID, wish: CardWish) -> CardPage:
    """As the port says it."""
    connection = connected(partner_id)
    customer = str(wish.customer_id)
    ref = refs_for(connection, [customer]).get(customer)
    if ref is None:
        raise GatewayDown("Stripe takes no more at this moment.")
    more = {SUBSCRIPTION: str(wish.subscription_id)} if wish.subscription_id else {}
    more |= {BESIDE: "yes"} if wish.beside else {}
    marks = metadata.marked(partner_id, str(uuid7()), more, customer=customer)
    params: Any = {
        "mode": "setup",
        "customer": ref,
        "allowed_payment_method_types": ["card"],
        "success_url": wish.back.replace("{page}", PLACE),
        "cancel_url": wish.away,
        "metadata": marks,
        "setup_intent_data": {"metadata": marks},
        "custom_text": {"submit": {"message": wish.told}},
    }
    try:
        made = connection.client.v1.checkout.sessions.create(params)
    except stripe.InvalidRequestError as error:
        raise InvalidRequest(error.user_message or "Stripe makes no page for this card.") from error
    except stripe.StripeError as error:
        raise GatewayDown(f"Stripe gives no answer: {type(error).__name__}.") from error
    if not made.url:
        raise GatewayDown("Stripe gives no address.")
    return CardPage(made.id, made.url)


def entered_card(partner_id: UUID, about: str) -> EnteredCard | None:
    """As the port says it, for a session and for its set-up intent."""
    if not about.startswith((SESSION, SETUP)):
        return None
    with only_reading():
        try:
            return _entered(partner_id, about)
        except stripe.InvalidRequestError as error:
            if is_missing(error):
                return None
            raise


def cards_since(partner_id: UUID, since: datetime) -> list[EnteredCard]:
    """As the port says it; nothing without an account."""
    connection = connection_of(partner_id)
    if connection is None:
        return []
    api = connection.client.v1
    created = {"gte": int(since.timestamp())}
    wanted: Any = {"created": created, "status": "complete", "limit": PAGE, "expand": ["data.setup_intent"]}
    with only_reading():
        page = api.checkout.sessions.list(wanted)
        found = [_card(partner_id, api, one.to_dict().get("setup_intent")) for one in page.auto_paging_iter()]
    return [one for one in found if one is not None]


def _entered(partner_id: UUID, about: str) -> EnteredCard | None:
    api = connected(partner_id).client.v1
    if about.startswith(SESSION):
        intent = api.checkout.sessions.retrieve(about, {"expand": ["setup_intent"]}).to_dict().get("setup_intent")
    else:
        intent = api.setup_intents.retrieve(about).to_dict()
    return _card(partner_id, api, intent)


def _card(partner_id: UUID, api: Any, intent: Any) -> EnteredCard | None:
    """None for one that is not ours, or from which its customer was parted since."""
    if not isinstance(intent, dict) or not metadata.is_mine(intent, partner_id) or intent["status"] != "succeeded":
        return None
    said, ref = intent["metadata"], intent["payment_method"]
    method = api.payment_methods.retrieve(ref).to_dict()
    if not method.get("customer"):
        return None
    subscription = said.get(SUBSCRIPTION)
    for_whom = UUID(said[metadata.CUSTOMER]), UUID(subscription) if subscription else None
    return EnteredCard(*for_whom, ref, method_facts(method), beside=BESIDE in said)
