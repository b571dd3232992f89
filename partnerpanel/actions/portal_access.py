"""How a partner's customers get into the portal: asked for by mail, let in by link or code, signed out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from customers.queries.facts import identities
from customers.queries.portal import (
    Browser,
    Login,
    SignedIn,
    browsers_of,
    customer_with_address,
    login_named,
    logins_at,
    logins_of,
    signed_in,
    signed_in_ahead,
)
from customers.rules.keys import email_key
from customers.rules.portal_roles import PortalRole
from customers.services import portal_logins, portal_sessions
from notifications.sign_ins import desk
from notifications.sign_ins.desk import Entered, Entry
from notifications.sign_ins.states import SignInKind
from partnerpanel.actions.permission import OF_PORTAL, Permission, confine, permit
from partnerpanel.brand.queries import BrandLine, brand_ahead, brand_of
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.errors import NotFound
from partnerpanel.tenancy.actor import Actor, ActorKind
from partnerpanel.tenancy.ahead import ahead
from partnerpanel.tenancy.scope import tenant

__all__ = ["Browser", "Entry", "HandedOver", "Login", "Opened", "PortalRole", "SignedIn"]


@dataclass(frozen=True, slots=True)
class Opened:
    """What came of a link or a code; `token` proves the new session, where there is one."""

    entry: Entry
    token: str = ""
    tries_left: int = 0


def actor_of(partner_id: UUID, visitor: SignedIn, *, request_id: str = "") -> Actor:
    """The customer, acting through this log-in."""
    return _actor(partner_id, visitor.login_id, visitor.customer_id, visitor.role, request_id)


def _actor(partner_id: UUID, login_id: UUID, customer_id: UUID, role: PortalRole, request_id: str) -> Actor:
    return Actor(
        ActorKind.CUSTOMER,
        partner_id,
        login_id,
        request_id=request_id,
        customer_id=customer_id,
        permissions=frozenset(OF_PORTAL[role]),
    )


def visitor_of(partner_id: UUID, token: str) -> tuple[SignedIn | None, BrandLine]:
    """Who is signed in with this token, and the brand of the page that is shown; in the open scope."""
    at, hashed = system_now(), portal_sessions.hash_of(token)
    if token:
        ahead(signed_in_ahead(partner_id, hashed, at=at), brand_ahead(partner_id))
    found = signed_in(partner_id, hashed, at=at) if token else None
    if found is not None:
        portal_sessions.seen(partner_id, found, at=at)
    return found, brand_of(partner_id)


def ask(partner_id: UUID, address: str) -> UUID:
    """Has link and code mailed, if somebody signs in with the address; does and takes the same if nobody does."""
    with tenant(partner_id):
        language = get_language() or ""
        return desk.ask(partner_id, address, kind=SignInKind.SIGN_IN, language=language, at=system_now())


def enter_link(partner_id: UUID, token: str, *, agent: str, remember: bool, now: datetime) -> Opened:
    """Uses a mailed link up."""
    with tenant(partner_id):
        entered = desk.by_link(partner_id, token, at=system_now())
        return _let_in(partner_id, entered, agent=agent, remember=remember, now=now)


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A way in without a mail, good once and until `expires_at`; `token` belongs behind the “#”."""

    token: str
    expires_at: datetime


def hand_over(customer_id: UUID, *, email: str = "", actor: Actor, now: datetime) -> HandedOver:
    """For somebody whom the partner's own site has signed in: the log-in with this address, or the customer's own.

    Raises Forbidden, NotFound.
    """
    permit(actor, Permission.MANAGE_LOGINS)
    confine(actor, [customer_id])
    with tenant(actor.partner_id):
        login = _login_for(customer_id, email, actor=actor, now=now)
        portal_logins.handed_over(login.id, actor=actor, now=now)
        token, until = desk.hand_over(actor.partner_id, login.email, customer_id=customer_id, at=system_now())
    return HandedOver(token, until)


def _login_for(customer_id: UUID, email: str, *, actor: Actor, now: datetime) -> Login:
    """A customer's own address needs no invitation: its first sign-in makes the owner."""
    partner_id = actor.partner_id
    found = identities(partner_id, [customer_id])
    if not found:
        raise NotFound("There is no such customer.", field="customer")
    own = found[customer_id].email
    wanted = email.strip() or own
    for one in logins_of(partner_id, customer_id):
        if email_key(one.email) == email_key(wanted):
            return one
    is_own = bool(own) and email_key(wanted) == email_key(own)
    if not is_own or customer_with_address(partner_id, own) != customer_id:
        raise NotFound("Nobody signs in for this customer with that address.", field="email")
    made = portal_logins.add_login(customer_id, email=own, role=PortalRole.OWNER, actor=actor, now=now)
    return login_named(partner_id, made)


def enter_handed_over(partner_id: UUID, token: str, *, agent: str, now: datetime) -> Opened:
    """Uses up what was handed over, for that customer alone; the device is not remembered."""
    with tenant(partner_id):
        entered = desk.by_link(partner_id, token, at=system_now(), kinds=(SignInKind.SSO,))
        whose = entered.customer_id
        return _let_in(partner_id, entered, agent=agent, remember=False, now=now, whose=whose)


def enter_code(partner_id: UUID, sign_in: UUID, code: str, *, agent: str, remember: bool, now: datetime) -> Opened:
    """Uses a mailed code up, in the browser that asked for it; a wrong one is counted."""
    with tenant(partner_id):
        entered = desk.by_code(partner_id, sign_in, code, at=system_now())
        return _let_in(partner_id, entered, agent=agent, remember=remember, now=now)


def _let_in(
    partner_id: UUID, entered: Entered, *, agent: str, remember: bool, now: datetime, whose: UUID | None = None
) -> Opened:
    if entered.entry is not Entry.RIGHT:
        return Opened(entered.entry, tries_left=entered.tries_left)
    found = logins_at(partner_id, entered.address)
    login = next((one for one in found if whose in (None, one.customer_id)), None)
    if login is None:  # removed since the mail went out
        return Opened(Entry.GONE)
    return Opened(Entry.RIGHT, begin_session(partner_id, login, agent=agent, remember=remember, now=now))


def begin_session(partner_id: UUID, login: Login, *, agent: str, remember: bool, now: datetime) -> str:
    """Signs a browser in as somebody who has proved to be this log-in, in the open scope; the token that proves it."""
    actor = _actor(partner_id, login.id, login.customer_id, login.role, "")
    portal_logins.accept(login.id, actor=actor, now=now)
    return portal_sessions.begin(partner_id, login.id, agent=agent, remember=remember, at=system_now())


def switch(partner_id: UUID, visitor: SignedIn, login_id: UUID, *, agent: str, remember: bool, now: datetime) -> str:
    """A session for another customer that the same address signs in for. Raises NotFound."""
    with tenant(partner_id):
        login = next((one for one in logins_at(partner_id, visitor.email) if one.id == login_id), None)
        if login is None:
            raise NotFound("There is no such log-in.")
        portal_sessions.end(partner_id, visitor.session_id, login_id=visitor.login_id, at=system_now())
        return begin_session(partner_id, login, agent=agent, remember=remember, now=now)


def sign_out(partner_id: UUID, visitor: SignedIn) -> None:
    """In this browser."""
    with tenant(partner_id):
        portal_sessions.end(partner_id, visitor.session_id, login_id=visitor.login_id, at=system_now())


def sign_out_of(partner_id: UUID, visitor: SignedIn, session_id: UUID) -> None:
    """In another browser of the same log-in. Raises NotFound."""
    with tenant(partner_id):
        if not portal_sessions.end(partner_id, session_id, login_id=visitor.login_id, at=system_now()):
            raise NotFound("There is no such session.")


def sign_out_everywhere(partner_id: UUID, visitor: SignedIn) -> int:
    """In every browser, this one too; of how many."""
    with tenant(partner_id):
        return portal_sessions.end_all(partner_id, visitor.login_id, at=system_now())


def browsers(partner_id: UUID, visitor: SignedIn) -> list[Browser]:
    """Where the log-in is signed in now, in the open scope."""
    return browsers_of(partner_id, visitor.login_id, at=system_now())


def invite(customer_id: UUID, *, email: str, role: PortalRole, actor: Actor, now: datetime) -> UUID:
    """A log-in for the customer, and the mail that says so.

    Raises Forbidden, NotFound, InvalidAddress, AddressTaken.
    """
    permit(actor, Permission.MANAGE_LOGINS)
    confine(actor, [customer_id])
    with tenant(actor.partner_id):
        login_id = portal_logins.add_login(customer_id, email=email, role=role, actor=actor, now=now)
        _mail(actor.partner_id, email.strip())
    return login_id


def invite_again(login_id: UUID, *, actor: Actor) -> str:
    """Mails the invitation once more; to which address. Raises Forbidden, NotFound, LoginRemoved."""
    permit(actor, Permission.MANAGE_LOGINS)
    with tenant(actor.partner_id):
        login = login_named(actor.partner_id, login_id)
        confine(actor, [login.customer_id])
        portal_logins.refuse_removed(login.removed_at)
        _mail(actor.partner_id, login.email)
    return login.email


def change_role(login_id: UUID, role: PortalRole, *, actor: Actor, now: datetime) -> None:
    """What the log-in may do from now on. Raises Forbidden, NotFound, LoginRemoved, LastOwner."""
    permit(actor, Permission.MANAGE_LOGINS)
    with tenant(actor.partner_id):
        login = login_named(actor.partner_id, login_id)
        confine(actor, [login.customer_id])
        portal_logins.change_role(login_id, role, actor=actor, now=now)


def remove(login_id: UUID, *, actor: Actor, now: datetime) -> str:
    """Takes a log-in away; which address it had. Raises Forbidden, NotFound, LoginRemoved, LastOwner."""
    permit(actor, Permission.MANAGE_LOGINS)
    with tenant(actor.partner_id):
        login = login_named(actor.partner_id, login_id)
        confine(actor, [login.customer_id])
        portal_logins.remove_login(login_id, actor=actor, now=now)
    return login.email


def logins(customer_id: UUID, *, actor: Actor) -> list[Login]:
    """The customer's, in the open scope. Raises NotFound for another's customer."""
    confine(actor, [customer_id])
    return logins_of(actor.partner_id, customer_id)


def _mail(partner_id: UUID, email: str) -> None:
    desk.ask(partner_id, email, kind=SignInKind.INVITATION, language="", at=system_now())


def role_name(role: PortalRole) -> str:
    """As people call it."""
    names = {
        PortalRole.OWNER: _("Owner"),
        PortalRole.BILLING: _("Billing"),
        PortalRole.TECHNICAL: _("Technical"),
    }
    return names[role]
