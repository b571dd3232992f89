"""Stripe's double as the faults try it: one for each test, in this process, heard by the workers in others."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.test import override_settings

from billing.gateway.port import ChargeAnswer
from billing.gateway.registry import gateway_named
from billing.gateway.stripe.accounts import connect
from partnerpanel.embedded.stripe.intents import authenticate
from partnerpanel.embedded.stripe.server import Double, serving
from tests.world import World

KEY = "sk_test_ofTheFaultyPartner"


@dataclass
class FaultyStripe:
    """The double that is serving, if any."""

    double: Double | None = None

    @property
    def _double(self) -> Double:
        assert self.double is not None, "it serves only where a test asks for the fixture `gateway`"
        return self.double

    @contextmanager
    def serving(self) -> Iterator[None]:
        with serving() as self.double, override_settings(STRIPE_URL=self.double.url, STRIPE_CHARGES_A_SECOND=1_000):
            yield
        self.double = None

    def connect(self, world: World) -> None:
        connect(KEY, actor=world.system, now=world.now)

    def taken(self, partner_id: UUID) -> list[tuple[str, int, UUID]]:
        """Key, amount and invoice of what took money, by the double's own books."""
        found = self._double.account(KEY).of("payment_intent", status="succeeded")
        return [
            (said["partnerpanel_key"], one["amount"], UUID(said["invoice"]))
            for one in found
            if (said := one["metadata"])["partnerpanel_partner"] == str(partner_id)
        ]

    def confirm(self, partner_id: UUID, gateway_id: str) -> ChargeAnswer:
        account = self._double.account(KEY)
        intent = account.objects[gateway_id]
        authenticate(account, intent)
        key = intent["metadata"]["partnerpanel_key"]
        return gateway_named("stripe").look_up(partner_id, [key])[key]

    @contextmanager
    def failing(self, words: str) -> Iterator[None]:
        """In an outage nobody is reached; what is too much is turned away by a 429."""
        told = dict(word.split("=", 1) for word in words.split())
        double = self._double
        double.answers_lost, double.seed = int(told.get("answers_lost", 0)), int(told.get("seed", 0))
        double.delay_seconds = int(told.get("latency_ms", 0)) / 1_000
        double.a_second = int(told["charges_a_second"]) if "charges_a_second" in told else None
        with ExitStack() as stack:
            if "outage_until" in told:
                stack.enter_context(override_settings(STRIPE_URL=stack.enter_context(_nobody())))
            try:
                yield
            finally:
                double.answers_lost, double.a_second, double.delay_seconds = 0, None, 0.0


@contextmanager
def _nobody() -> Iterator[str]:
    """An address where nobody listens."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{closed.getsockname()[1]}"


FAULTY = FaultyStripe()
