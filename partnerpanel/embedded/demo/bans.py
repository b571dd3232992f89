"""A customer of the demo who was banned: one who was suspended for abuse and went on."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from billing.rules.changes.banning import OpenInvoices
from partnerpanel.actions import door
from partnerpanel.actions.ban import Ban
from partnerpanel.actions.door import Refused
from partnerpanel.actions.verb import Target
from partnerpanel.embedded.demo.office import Office
from partnerpanel.tenancy.models import Role
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.facts import load_facts
from subscriptions.rules.states import HoldKind

REASON = "Two warnings about mass mails were ignored."


def ban_somebody(office: Office, customer_ids: Collection[UUID], now: datetime) -> None:
    """The first whose account is suspended for abuse; the next, where a charge is just under way."""
    partner_id, owner = office.partner.pk, office.actors[Role.OWNER]
    with tenant(partner_id):
        facts = load_facts(partner_id, customer_ids, now=now)
    for customer_id in customer_ids:
        if any(hold.kind is HoldKind.ABUSE for hold in facts[customer_id].holds):
            with suppress(Refused):
                verb = Ban((Target(customer_id),), OpenInvoices.VOID, REASON)
                door.commit(verb, quote=None, actor=owner, now=now)
                break
    office.settle(now)
