"""Letting a card go that a customer took away: Stripe charges it no more, whoever asks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import stripe

from billing.gateway.stripe.accounts import connected
from billing.gateway.stripe.failures import is_missing, only_reading


def detach(partner_id: UUID, ref: str) -> None:
    """As the port says it. A card is detached once whoever asks how often, so no key is needed."""
    methods = connected(partner_id).client.v1.payment_methods
    with only_reading():
        try:
            methods.detach(ref)
        except stripe.InvalidRequestError as error:
            if not is_missing(error) and _is_attached(methods, ref):
                raise


def _is_attached(methods: Any, ref: str) -> bool:
    """Stripe refuses to detach what is not attached, in words that may change."""
    try:
        return bool(methods.retrieve(ref).to_dict().get("customer"))
    except stripe.InvalidRequestError as error:
        if is_missing(error):
            return False
        raise
