"""A gateway as the faults try it: what it did by its own account, and how it is made to fail.

The suite runs with each of GATEWAYS; another is one more entry.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from uuid import UUID

from django.test import override_settings

from billing.gateway.port import ChargeAnswer
from billing.gateway.sandbox import methods
from billing.gateway.sandbox.gateway import complete_authentication
from billing.models import SandboxCharge
from partnerpanel.tenancy.scope import tenant


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
    `docs/sandbox.md`, for this process and for every worker that is started meanwhile.
    """

    name: str
    pays: str
    declines: str
    loses: str
    asks: str
    taken: Callable[[UUID], Sequence[Taken]]
    confirm: Callable[[UUID, str], ChargeAnswer]
    failing: Callable[[str], AbstractContextManager[object]]


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

GATEWAYS: Mapping[str, Tried] = {tried.name: tried for tried in (SANDBOX,)}
