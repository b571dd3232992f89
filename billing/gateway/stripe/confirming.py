"""Where a customer confirms a charge at the bank."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import stripe

from billing.gateway.port import ChargeStatus
from billing.gateway.stripe import metadata
from billing.gateway.stripe.accounts import connected
from billing.gateway.stripe.answers import charge_answer
from billing.gateway.stripe.failures import only_reading


def bank_page(partner_id: UUID, charge: str, back: str) -> str:
    """As the port says it: the intent is confirmed once more as with the customer present. It stays one intent, which
    takes money once, so no key is needed."""
    intents = connected(partner_id).client.v1.payment_intents
    with only_reading():
        try:
            known = intents.retrieve(charge).to_dict()
            if not metadata.is_mine(known, partner_id):
                return ""
            if charge_answer(known).status is not ChargeStatus.ACTION_REQUIRED:
                return ""
            again: Any = {"payment_method": known["metadata"][metadata.METHOD], "return_url": back}
            return charge_answer(intents.confirm(charge, again).to_dict()).action_url
        except (stripe.InvalidRequestError, stripe.CardError):
            # It has moved meanwhile, or the bank declines: whoever looks it up finds how it stands.
            return ""
