"""One account that cannot be set up: its user name is taken at the service, so it waits for a person."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from partnerpanel.embedded.demo.office import Office
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.scope import tenant
from subscriptions.provisioning.internal import InternalService
from subscriptions.provisioning.port import Wanted
from subscriptions.provisioning.worker import WAITS
from subscriptions.queries.facts import load_facts
from subscriptions.rules.service_states import ServiceState


def park(customer_id: UUID, office: Office, at: datetime) -> None:
    """Makes somebody else's account of the same name, then lets the worker try at every time of its schedule."""
    partner_id = office.partner.pk
    with tenant(partner_id):
        subscriptions = load_facts(partner_id, [customer_id], now=at)[customer_id].subscriptions
    names = [one.service_username for one in subscriptions if one.service_username]
    taken = [Wanted(uuid7(), name, "set by hand at the service", ServiceState.ENABLED) for name in names]
    InternalService().ensure(partner_id, taken)
    office.settle(at)
    for wait in WAITS:
        at += wait
        office.settle(at)
