"""The first wall: one transaction, one partner.

`with tenant(partner_id):` opens a transaction and names the partner to the database for just that transaction, so a
pooled connection cannot carry it on. Without a scope every tenant table is empty and takes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.db import connection, transaction

_current: ContextVar[UUID | None] = ContextVar("partner", default=None)
_hasty: ContextVar[bool] = ContextVar("hasty", default=False)


class ScopeError(RuntimeError):
    """A scope inside a scope, or none where one is needed: a mistake in the code, never in the input."""


@contextmanager
def tenant(partner_id: UUID) -> Iterator[None]:
    """Works as this partner until the block ends, in one transaction that commits with it.

    Raises ScopeError inside another scope and RuntimeError inside an open transaction.
    """
    if _current.get() is not None:
        raise ScopeError("A partner's scope is open already; finish it before opening another.")
    with transaction.atomic(durable=True):
        _name(partner_id, "; SET LOCAL synchronous_commit TO off" if _hasty.get() else "")
        token = _current.set(partner_id)
        try:
            yield
        finally:
            _current.reset(token)
        # Inside a test's own transaction the name would live on; after an error its savepoint takes the name along.
        if connection.savepoint_ids and not connection.needs_rollback:
            _name(None)


@contextmanager
def hasty_commits() -> Iterator[None]:
    """For work that is thrown away when it is interrupted: scopes commit without waiting for the disk.

    What a crash of the server loses is the end of it. Said anew in every transaction, so no pooled connection keeps it.
    """
    token = _hasty.set(True)
    try:
        yield
    finally:
        _hasty.reset(token)


def current_partner() -> UUID:
    """The partner of the open scope. Raises ScopeError where there is none."""
    partner_id = _current.get()
    if partner_id is None:
        raise ScopeError("No partner's scope is open; wrap the work in `with tenant(partner_id):`.")
    return partner_id


def refuse_open_scope(what: str) -> None:
    """Raises ScopeError while a scope or a transaction is open, for work that opens its own."""
    if _current.get() is not None or (connection.in_atomic_block and not _in_testcase()):
        raise ScopeError(f"{what} opens its own transactions; call it outside any.")


def _in_testcase() -> bool:
    return bool(connection.atomic_blocks) and getattr(connection.atomic_blocks[-1], "_from_testcase", False)


def _name(partner_id: UUID | None, more: str = "") -> None:
    # A literal, since SET takes no parameters; a UUID's text is letters, digits and dashes.
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL app.partner_id = '{partner_id or ''}'{more}")
