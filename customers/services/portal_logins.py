"""Log-ins of the portal: made, accepted, taken away. All in the open scope."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from customers.models import PortalLogin, PortalSession
from customers.queries.facts import identities
from customers.rules.keys import email_key
from customers.rules.portal_roles import PortalRole
from customers.services import passkeys
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.errors import Conflict, DomainError, NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.actor import Actor


class InvalidAddress(DomainError):
    """No mail can be sent to it."""

    code = "invalid_address"


class AddressTaken(Conflict):
    """The address signs in for this customer already."""

    code = "address_taken"


class LoginRemoved(Conflict):
    """It was taken away already."""

    code = "login_removed"


class LastOwner(Conflict):
    """Without it nobody could manage the log-ins."""

    code = "last_owner"


def add_login(customer_id: UUID, *, email: str, role: PortalRole, actor: Actor, now: datetime) -> UUID:
    """A log-in that works once its address is proved. Raises NotFound, InvalidAddress, AddressTaken."""
    email, partner_id = email.strip(), actor.partner_id
    try:
        validate_email(email)
    except ValidationError:
        raise InvalidAddress(_("Write an address such as anna@example.com."), field="email") from None
    if not identities(partner_id, [customer_id], lock=True):
        raise NotFound("There is no such customer.", field="customer")
    theirs = PortalLogin.objects.for_partner(partner_id).filter(customer=customer_id, removed_at=None)
    if theirs.filter(email_key=email_key(email)).exists():
        raise AddressTaken(_("This address signs in already. Use another one."), field="email")
    login = PortalLogin(
        partner_id=partner_id,
        customer_id=customer_id,
        email=email,
        email_key=email_key(email),
        role=role,
        invited_at=now,
    )
    login.save(force_insert=True)
    _tell(login, "invited", actor=actor, now=now, role=role.value)
    made: UUID = login.pk
    return made


def remove_login(login_id: UUID, *, actor: Actor, now: datetime) -> None:
    """It signs in no more, and is signed out everywhere at once. Raises NotFound, LoginRemoved, LastOwner.

    A customer keeps an owner as long as it has anybody; staff may take the last one away.
    """
    login = _locked(login_id, actor)
    _refuse_last_owner(login, actor)
    login.removed_at, login.version = now, login.version + 1
    login.save(update_fields=["removed_at", "version"])
    sessions = PortalSession.objects.for_partner(actor.partner_id).filter(login=login.pk, ended_at=None)
    sessions.update(ended_at=system_now())
    passkeys.take_all_away(actor.partner_id, login.pk)
    _tell(login, "removed", actor=actor, now=now)


def change_role(login_id: UUID, role: PortalRole, *, actor: Actor, now: datetime) -> None:
    """From its next request on. The same once more changes nothing. Raises NotFound, LoginRemoved, LastOwner."""
    login = _locked(login_id, actor)
    if login.role == role:
        return
    _refuse_last_owner(login, actor)
    login.role, login.version = role, login.version + 1
    login.save(update_fields=["role", "version"])
    _tell(login, "role_changed", actor=actor, now=now, role=role.value)


def accept(login_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Records a sign-in; the first one accepts the invitation. Raises NotFound, LoginRemoved."""
    login = _locked(login_id, actor)
    login.accepted_at, login.version = login.accepted_at or now, login.version + 1
    login.save(update_fields=["accepted_at", "version"])
    _tell(login, "signed_in", actor=actor, now=now)


def handed_over(login_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Records that somebody was given a way in as this log-in. Raises NotFound, LoginRemoved."""
    login = _locked(login_id, actor)
    login.version += 1
    login.save(update_fields=["version"])
    _tell(login, "handed_over", actor=actor, now=now)


def passkey_changed(login_id: UUID, what: str, *, actor: Actor, now: datetime) -> None:
    """Records that a passkey was “added” or “removed”. Raises NotFound, LoginRemoved."""
    login = _locked(login_id, actor)
    login.version += 1
    login.save(update_fields=["version"])
    _tell(login, f"passkey_{what}", actor=actor, now=now)


def _refuse_last_owner(login: PortalLogin, actor: Actor) -> None:
    """Raises LastOwner where a customer would lose its only one; staff may take it."""
    if login.role != PortalRole.OWNER or actor.customer_id is None:
        return
    owners = PortalLogin.objects.for_partner(actor.partner_id).filter(
        customer=login.customer_id, role=PortalRole.OWNER, removed_at=None
    )
    if owners.count() == 1:
        raise LastOwner(_("This is the only owner. Invite another owner first."), field="login")


def refuse_removed(removed_at: datetime | None) -> None:
    """Raises LoginRemoved."""
    if removed_at is not None:
        raise LoginRemoved(_("This log-in is removed already. Invite the address again."), field="login")


def _locked(login_id: UUID, actor: Actor) -> PortalLogin:
    rows = PortalLogin.objects.for_partner(actor.partner_id).select_for_update()
    login = rows.filter(pk=login_id).first()
    if login is None:
        raise NotFound("There is no such log-in.", field="login")
    refuse_removed(login.removed_at)
    return login


def _tell(login: PortalLogin, what: str, *, actor: Actor, now: datetime, **data: str) -> None:
    draft = EventDraft(f"portal_login.{what}", "portal_login", login.pk, login.version, login.customer_id, data)
    record([draft], actor=actor, action_id=uuid7(), now=now)
