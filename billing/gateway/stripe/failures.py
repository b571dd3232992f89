"""What an error of the SDK says about the question: was it heard, and may it come again?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import sleep
from typing import TypeVar

import stripe
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from billing.gateway.refusals import GatewayDown

T = TypeVar("T")

# Somebody else is asking the same at this moment: his answer will be ours.
WAITS_SECONDS = (0.1, 0.3, 0.6, 1.0)
_IN_USE = frozenset({"idempotency_key_in_use", "lock_timeout"})


def patiently(ask: Callable[[], T]) -> T:
    """Asks again while the same question is being answered elsewhere, which both get one answer to."""
    for wait in WAITS_SECONDS:
        try:
            return ask()
        except stripe.StripeError as error:
            if error.code not in _IN_USE:
                raise
            sleep(wait)
    return ask()


def was_not_heard(error: stripe.StripeError) -> bool:
    """Whether Stripe did nothing about the question: it was turned away at the door, or never arrived there."""
    if isinstance(error, stripe.APIConnectionError):
        return _never_connected(error)
    return isinstance(error, stripe.RateLimitError | stripe.AuthenticationError | stripe.PermissionError)


def is_turned_away(error: stripe.StripeError) -> bool:
    """Too many questions at once: nothing is wrong with the gateway, and a second later it hears more."""
    return isinstance(error, stripe.RateLimitError)


def is_missing(error: stripe.InvalidRequestError, *params: str) -> bool:
    return error.code == "resource_missing" and (not params or error.param in params)


@contextmanager
def only_reading() -> Iterator[None]:
    """For questions that move nothing: whatever kept the answer away, they may be asked later."""
    try:
        yield
    except (stripe.InvalidRequestError, stripe.CardError):
        raise
    except stripe.StripeError as error:
        raise GatewayDown(f"Stripe gives no answer: {type(error).__name__}.") from error


def _never_connected(error: stripe.APIConnectionError) -> bool:
    cause = error.__cause__
    inner = cause.args[0] if cause is not None and cause.args else None
    return isinstance(getattr(inner, "reason", None), NewConnectionError | ConnectTimeoutError)
