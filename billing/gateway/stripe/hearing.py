"""Stripe's webhooks: whether one is Stripe's, and which news it holds. What it says of money is believed nowhere."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import stripe

from billing.gateway.news import Forged, News, Topic
from billing.gateway.stripe import metadata
from billing.gateway.stripe.answers import instant
from billing.gateway.stripe.models import StripeAccount
from billing.gateway.stripe.signing import secrets_of
from billing.gateway.stripe.states import Mode

HEADER = "Stripe-Signature"
# Older ones are refused: somebody may have kept them.
TOLERANCE_SECONDS = 300
TOPICS: Mapping[str, Topic] = {
    **dict.fromkeys(
        (
            *("payment_intent.succeeded", "payment_intent.payment_failed", "payment_intent.processing"),
            *("payment_intent.requires_action", "payment_intent.canceled"),
        ),
        Topic.CHARGE,
    ),
    **dict.fromkeys(("refund.created", "refund.updated", "refund.failed"), Topic.REFUND),
    "charge.refunded": Topic.REFUNDED_CHARGE,
    **dict.fromkeys(
        (
            *("charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed"),
            *("charge.dispute.funds_withdrawn", "charge.dispute.funds_reinstated"),
        ),
        Topic.DISPUTE,
    ),
    **dict.fromkeys(
        ("payment_method.updated", "payment_method.automatically_updated", "payment_method.detached"), Topic.METHOD
    ),
    **dict.fromkeys(("checkout.session.completed", "setup_intent.succeeded"), Topic.CARD),
}
_ID = re.compile(r"\w{1,100}")
_KIND = re.compile(r"[\w.]{1,80}")


def heard(partner_id: UUID, body: bytes, signature: str) -> News:
    """What a webhook says, in the open scope. Raises Forged."""
    account = StripeAccount.objects.for_partner(partner_id).first()
    secrets = secrets_of(partner_id, account.account) if account is not None else []
    if account is None or not any(_is_signed(body, signature, secret) for secret in secrets):
        raise Forged("The signature is not of this endpoint's secret, or too old.", field="signature")
    try:
        event = json.loads(body)
        news = _read(partner_id, event)
        is_live = bool(event["livemode"])
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise Forged("This is no event of Stripe's.", field="body") from error
    if is_live != (account.mode == Mode.LIVE):
        raise Forged(f"This endpoint takes events of {account.mode} mode alone.", field="livemode")
    return news


def _is_signed(body: bytes, signature: str, secret: str) -> bool:
    """Whether the SDK finds it signed with this secret, and recent."""
    try:
        return bool(stripe.WebhookSignature.verify_header(body, signature, secret, TOLERANCE_SECONDS))
    except (stripe.SignatureVerificationError, UnicodeDecodeError):
        return False


def _read(partner_id: UUID, event: Mapping[str, Any]) -> News:
    said, kind = event["data"]["object"], event["type"]
    topic = TOPICS.get(kind, Topic.NONE)
    # Refunds are of intents here, as charges are.
    about = said["payment_intent"] if topic is Topic.REFUNDED_CHARGE else said.get("id")
    for text, pattern in ((event["id"], _ID), (kind, _KIND)):
        if not pattern.fullmatch(text):
            raise ValueError("not as Stripe writes it")
    if not isinstance(about, str) or not _ID.fullmatch(about):
        about, topic = "", Topic.NONE
    key = str(said["metadata"].get(metadata.KEY) or "") if metadata.is_mine(said, partner_id) else ""
    return News(
        event["id"], kind, topic, about, key if key.isascii() and key.isprintable() else "", instant(event["created"])
    )
