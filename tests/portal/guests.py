"""A customer's people in the portal: their log-ins, browsers in which they are signed in, and the mails they get."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core import mail
from django.test import Client

from customers.queries.portal import logins_at, signed_in
from customers.rules.portal_roles import PortalRole
from customers.services import portal_sessions
from customers.services.portal_logins import add_login
from partnerpanel.actions.portal_access import actor_of
from partnerpanel.kernel.clock import system_now
from partnerpanel.portal.places import SESSION, cookie_name
from partnerpanel.queues.registry import queue_named
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.models import Partner
from partnerpanel.tenancy.scope import tenant
from tests.world import World


@dataclass(frozen=True)
class Guest:
    """Somebody who signs in for a customer."""

    partner: Partner
    customer: UUID
    email: str
    role: PortalRole
    token: str

    def client(self) -> Client:
        """A browser in which they are signed in."""
        client = Client()
        client.cookies[cookie_name(SESSION, self.partner)] = self.token
        return client

    @property
    def actor(self) -> Actor:
        with tenant(self.partner.pk):
            found = signed_in(self.partner.pk, portal_sessions.hash_of(self.token), at=system_now())
        assert found is not None
        return actor_of(self.partner.pk, found)

    @property
    def at(self) -> str:
        return f"/p/{self.partner.slug}/"


def guest(world: World, customer: UUID, role: PortalRole = PortalRole.OWNER, *, email: str = "") -> Guest:
    """With a log-in of this role, signed in."""
    address = email or f"{role.value}-{str(customer)[-6:]}@{world.partner.slug}.example"
    with tenant(world.id):
        login = add_login(customer, email=address, role=role, actor=world.system, now=world.now)
        token = portal_sessions.begin(world.id, login, agent="Firefox/140.0 Linux", remember=False, at=system_now())
    return Guest(world.partner, customer, address, role, token)


def deliver(world: World, *, now: datetime | None = None) -> list[str]:
    """Sends the mails with which people want to sign in; the texts of those that went out, by address."""
    before = len(mail.outbox)
    queue_named("sign_ins").drain(world.id, now or system_now())
    return [f"{', '.join(one.to)}\n{one.body}" for one in mail.outbox[before:]]


def code_in(text: str) -> str:
    found = re.search(r"\b(\d{4} \d{4})\b", text)
    assert found is not None, text
    return found[1]


def token_in(text: str) -> str:
    found = re.search(r"#([\w-]{20,})", text)
    assert found is not None, text
    return found[1]


def logins(world: World, address: str) -> list[PortalRole]:
    with tenant(world.id):
        return [one.role for one in logins_at(world.id, address)]
