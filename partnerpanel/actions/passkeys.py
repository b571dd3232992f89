"""Signing in to the portal with a device instead of a mail. Each log-in looks after its own passkeys."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from customers.queries.passkeys import PasskeyLine, passkeys_of
from customers.queries.portal import SignedIn, login_named
from customers.rules.passkeys import Person, Site
from customers.services import passkeys as devices
from customers.services import portal_logins
from customers.services.passkeys import MOST
from partnerpanel.actions.portal_access import begin_session
from partnerpanel.kernel.clock import system_now
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.scope import tenant

__all__ = ["MOST", "PasskeyLine", "Site"]


def own_passkeys(partner_id: UUID, visitor: SignedIn) -> list[PasskeyLine]:
    """Those of the visitor's own log-in, in the open scope."""
    return passkeys_of(partner_id, visitor.login_id)


def ask_to_add(partner_id: UUID, visitor: SignedIn, *, site: Site) -> dict[str, Any]:
    """What the browser is given to add one, good for five minutes. Raises TooManyPasskeys."""
    person = Person(visitor.login_id.bytes, visitor.email, f"{visitor.customer_name} ({visitor.email})")
    with tenant(partner_id):
        return devices.ask_to_make(partner_id, visitor.login_id, site=site, person=person, at=system_now())


def add(visitor: SignedIn, answer: str, *, site: Site, agent: str, actor: Actor, now: datetime) -> UUID:
    """Keeps what the device has made. Raises PasskeyRefused, TooManyPasskeys, LoginRemoved."""
    with tenant(actor.partner_id):
        portal_logins.passkey_changed(visitor.login_id, "added", actor=actor, now=now)
        return devices.keep(actor.partner_id, visitor.login_id, answer, site=site, agent=agent, at=system_now())


def take_away(visitor: SignedIn, passkey_id: UUID, *, actor: Actor, now: datetime) -> None:
    """It signs in no more; where it has signed in stays open until it is signed out. Raises NotFound, LoginRemoved."""
    with tenant(actor.partner_id):
        devices.take_away(actor.partner_id, passkey_id, login_id=visitor.login_id)
        portal_logins.passkey_changed(visitor.login_id, "removed", actor=actor, now=now)


def ask_to_prove(partner_id: UUID, *, site: Site) -> dict[str, Any]:
    """What the browser of anybody is given to sign in, good for five minutes."""
    with tenant(partner_id):
        return devices.ask_to_prove(partner_id, site=site, at=system_now())


def enter(partner_id: UUID, answer: str, *, site: Site, agent: str, now: datetime) -> str:
    """The token of a new session, which is short: the next one is a touch away. Raises PasskeyRefused."""
    with tenant(partner_id):
        login_id = devices.use(partner_id, answer, site=site, at=system_now())
        login = login_named(partner_id, login_id)
        return begin_session(partner_id, login, agent=agent, remember=False, now=now)
