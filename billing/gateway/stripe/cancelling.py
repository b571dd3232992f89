"""Taking a charge back that waits for the customer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import stripe

from billing.gateway.port import ChargeAnswer, ChargeStatus
from billing.gateway.refusals import UnknownCharge
from billing.gateway.stripe import metadata
from billing.gateway.stripe.accounts import connected
from billing.gateway.stripe.answers import charge_answer
from billing.gateway.stripe.failures import only_reading

PREFIX = "pi_"


def cancel(partner_id: UUID, charge: str) -> ChargeAnswer:
    """As the port says it. An intent is cancelled once whoever asks how often, so no key is needed; an answer that got
    lost is GatewayDown, and asked again it is what became of it."""
    if not charge.startswith(PREFIX):
        raise _unknown()
    intents = connected(partner_id).client.v1.payment_intents
    with only_reading():
        try:
            known = intents.retrieve(charge).to_dict()
        except stripe.InvalidRequestError as error:
            raise _unknown() from error
        if not metadata.is_mine(known, partner_id):
            raise _unknown()
        if charge_answer(known).status is not ChargeStatus.ACTION_REQUIRED:
            return charge_answer(known)
        abandoned: Any = {"cancellation_reason": "abandoned"}
        try:
            return charge_answer(intents.cancel(charge, abandoned).to_dict())
        except stripe.InvalidRequestError:
            # It moved meanwhile: the customer confirmed it, or somebody else was first to take it back.
            return charge_answer(intents.retrieve(charge).to_dict())


def _unknown() -> UnknownCharge:
    return UnknownCharge("Stripe has no such charge.", field="charge")
