"""A gateway as the faults try it: what it did by its own account, and how it is made to fail.

The suite runs with each of GATEWAYS; another is one more entry.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from uuid import UUID

from django.test import override_settings

from billing.gateway.port import ChargeAnswer
from billing.gateway.sandbox import methods
from billing.gateway.sandbox.gateway import complete_authentication
from billing.models import SandboxCharge
from partnerpanel.tenancy.scope import tenant
from tests.faults.stripe_double import FAULTY
from tests.world import World


@dataclass(frozen=True)
class Taken:
    """Money that the gateway took under one key, for one of our invoices."""

    key: str
    amount: int
    invoice: UUID


@dataclass(frozen=True)
class Tried:
    """`pays`, `declines`, `loses` (its answer never comes) and `asks` (the customer has to confirm) are cards.

    `taken` reads the gateway's own journal; `confirm` is what the customer does. `failing` takes the words of
    `docs/sandbox.md`, for this process and for every worker that is started meanwhile. While it is `serving` partners
    may `connect` to it.
    """

    name: str
    pays: str
    declines: str
    loses: str
    asks: str
    taken: Callable[[UUID], Sequence[Taken]]
    confirm: Callable[[UUID, str], ChargeAnswer]
    failing: Callable[[str], AbstractContextManager[object]]
    serving: Callable[[], AbstractContextManager[object]] = nullcontext
    connect: Callable[[World], object] = lambda _: None


def _taken(partner_id: UUID) -> list[Taken]:
    with tenant(partner_id):
        rows = SandboxCharge.objects.for_partner(partner_id).filter(status="succeeded")
        found = rows.values_list("key", "amount", "metadata__invoice")
        return [Taken(key, amount, UUID(invoice)) for key, amount, invoice in found]


SANDBOX = Tried(
    name="sandbox",
    pays=methods.OK,
    declines=methods.SOFT_DECLINE,
    loses=methods.ANSWER_LOST,
    asks=methods.AUTHENTICATION,
    taken=_taken,
    confirm=complete_authentication,
    failing=lambda words: override_settings(SANDBOX_FAULTS=words),
)

STRIPE = Tried(
    name="stripe",
    pays="pm_card_visa",
    declines="pm_card_chargeDeclinedInsufficientFunds",
    loses="pm_card_answerLost",
    asks="pm_card_authenticationRequired",
    taken=lambda partner_id: [Taken(key, amount, invoice) for key, amount, invoice in FAULTY.taken(partner_id)],
    confirm=FAULTY.confirm,
    failing=FAULTY.failing,
    serving=FAULTY.serving,
    connect=FAULTY.connect,
)

GATEWAYS: Mapping[str, Tried] = {tried.name: tried for tried in (SANDBOX, STRIPE)}
