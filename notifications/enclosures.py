"""Credentials in mails: put in right before a mail is handed over. Previews and copies hold a mask in their place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.urls import reverse

from notifications.rules.kinds import MessageKind
from notifications.rules.template import Template
from partnerpanel.kernel.ids import public
from partnerpanel.tenancy.hosts import at_host
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.credentials import Login, logins
from subscriptions.services.credential_links import issue_link
from subscriptions.services.credentials import LINK, PLAIN, mode_of
from subscriptions.services.credentials_read import password_of_account

if TYPE_CHECKING:
    from notifications.letters import Letter, Occasion

MASK = "••••••••"


@dataclass(frozen=True, slots=True)
class Enclosure:
    """Whose credentials go into which text, and the values of that text but for the secret."""

    account_id: UUID
    mode: str
    text: Template
    values: Mapping[str, str]


def in_force(partner_id: UUID, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The event's data with the mode that holds now: plain text only where that was asked for and is still allowed."""
    if data.get("mode") == PLAIN and mode_of(partner_id) != PLAIN:
        return {**data, "mode": LINK}
    return data


def logins_of(partner_id: UUID, occasions: Iterable[Occasion]) -> dict[UUID, Login]:
    """The logins that the occasions are about, by account; in the open scope."""
    accounts = {one.object_id for one in occasions if one.kind is MessageKind.CREDENTIALS}
    return logins(partner_id, accounts) if accounts else {}


def masked(partner_id: UUID, login: Login) -> dict[str, str]:
    """What a text about these credentials may name, without any secret."""
    return {
        "credentials.link": _link(partner_id, "…"),
        "credentials.username": login.username,
        "credentials.password": MASK,
        "credentials.address": login.address,
    }


def enclosed(partner_id: UUID, letter: Letter) -> Letter:
    """The letter as it is handed over: with a new link, or the password. One that encloses nothing stays as it is.

    Opens its own scope. Raises CredentialsUnreadable.
    """
    enclosure = letter.enclosure
    if enclosure is None:
        return letter
    with tenant(partner_id):
        if enclosure.mode == PLAIN:
            secret = {"credentials.password": password_of_account(partner_id, enclosure.account_id)}
        else:
            secret = {"credentials.link": _link(partner_id, issue_link(partner_id, enclosure.account_id))}
    return replace(letter, text=enclosure.text.render({**enclosure.values, **secret}))


def _link(partner_id: UUID, token: str) -> str:
    """The token stands behind the “#”: browsers keep that part to themselves, so no server writes it into a log."""
    return f"{at_host(partner_id)}{reverse('credential-link', args=[public('par', partner_id)])}#{token}"
