"""The address of who buys: a mail with a link and a code proves it, and says nothing of who is known."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from notifications.sign_ins import desk
from notifications.sign_ins.desk import Entered, Entry
from notifications.sign_ins.states import SignInKind
from partnerpanel.actions.checkout.desk import find
from partnerpanel.actions.checkout.states import IN_HAND
from partnerpanel.kernel.clock import system_now
from partnerpanel.tenancy.scope import tenant

OF_ORDERS = frozenset({SignInKind.CHECKOUT})


def ask(partner_id: UUID, id_: UUID, *, language: str) -> None:
    """Mails link and code; those of an earlier mail go on working for as long as they would. Raises NotFound."""
    with tenant(partner_id):
        row = find(partner_id, id_, lock=True)
        if row.state in IN_HAND and row.email:
            row.sign_in_id = desk.ask(
                partner_id, row.email, kind=SignInKind.CHECKOUT, language=language, at=system_now(), about=id_
            )
            row.save(update_fields=["sign_in_id"])


def by_code(partner_id: UUID, id_: UUID, code: str, *, now: datetime) -> Entered:
    """Uses the code of the newest mail up, or counts a wrong one. Raises NotFound."""
    with tenant(partner_id):
        sign_in = find(partner_id, id_).sign_in_id
        if sign_in is None:
            return Entered(Entry.GONE)
        entered = desk.by_code(partner_id, sign_in, code, at=system_now(), kinds=OF_ORDERS)
        return _proved(partner_id, id_, entered, now)


def by_link(partner_id: UUID, id_: UUID, token: str, *, now: datetime) -> Entered:
    """Uses a mailed link up. Raises NotFound."""
    with tenant(partner_id):
        find(partner_id, id_)
        entered = desk.by_link(partner_id, token, at=system_now(), kinds=OF_ORDERS, about=id_)
        return _proved(partner_id, id_, entered, now)


def _proved(partner_id: UUID, id_: UUID, entered: Entered, now: datetime) -> Entered:
    if entered.entry is Entry.RIGHT:
        row = find(partner_id, id_, lock=True)
        row.proved_at = row.proved_at or now
        row.save(update_fields=["proved_at"])
    return entered
