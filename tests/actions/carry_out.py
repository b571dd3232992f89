"""Doing what the panel does: preview, then confirm the quote; and looking at everything that a partner has."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg2 import sql

from partnerpanel.actions import door
from partnerpanel.actions.door import Outcome
from partnerpanel.actions.reactivate import Reactivate
from partnerpanel.actions.suspend import Suspend
from partnerpanel.actions.undo import Undo
from partnerpanel.actions.verb import Target, Verb
from partnerpanel.events.queries import Entry, of_action
from partnerpanel.tenancy.scope import tenant
from partnerpanel.tenancy.walls import tenant_rows
from subscriptions.rules.states import HoldKind
from tests.people import Person
from tests.world import NOW, World


def carry_out(verb: Verb, person: Person, *, now: datetime = NOW) -> Outcome:
    """Previews and confirms."""
    quote = door.preview(verb, actor=person.actor, now=now)
    return door.commit(verb, quote=quote.token, actor=person.actor, now=now)


def suspend(
    customer: UUID, subscription: UUID | None = None, kind: HoldKind = HoldKind.MANUAL, reason: str = "as agreed"
) -> Suspend:
    return Suspend((Target(customer, subscription),), kind, reason)


def reactivate(customer: UUID, subscription: UUID | None = None, *kinds: HoldKind, reason: str = "") -> Reactivate:
    wanted = {"kinds": frozenset(kinds)} if kinds else {}
    return Reactivate((Target(customer, subscription),), reason=reason, **wanted)


def undo(outcome: Outcome, world: World) -> Undo:
    with tenant(world.id):
        return Undo.of(outcome.action_id, partner_id=world.id)


def entries(outcome: Outcome, world: World) -> list[Entry]:
    with tenant(world.id):
        return of_action(world.id, outcome.action_id)


def everything(world: World) -> dict[str, Any]:
    """A digest of every tenant table of the partner: two that are equal mean that nothing was written."""
    with tenant(world.id), connection.cursor() as cursor:
        cursor.execute(_digests())
        return {label: (rows, digest) for label, rows, digest in cursor.fetchall()}


@dataclass
class Watch:
    """Looks at everything again and again, within one transaction: anew only where a row was written since.

    The server counts rows as they are written, those that are rolled back and those of functions included.
    """

    world: World
    _written: int = -1
    _seen: dict[str, Any] = field(default_factory=dict)

    def everything(self) -> dict[str, Any]:
        written = self._rows_written()
        if written != self._written:
            self._written, self._seen = written, everything(self.world)
        return self._seen

    def _rows_written(self) -> int:
        counted = " + ".join(f"pg_stat_get_xact_tuples_{how}(oid)" for how in ("inserted", "updated", "deleted"))
        tables = [model._meta.db_table for model in tenant_rows()]
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT sum({counted}) FROM pg_class WHERE relname = ANY(%s)", [tables])  # noqa: S608
            (written,) = cursor.fetchone()
        return int(written)


@cache
def _digests() -> sql.Composable:
    one = sql.SQL("SELECT {}::text, count(*), md5(string_agg(t::text, '|' ORDER BY t.id)) FROM {} t")
    tables = [(model._meta.label, model._meta.db_table) for model in tenant_rows()]
    return sql.SQL(" UNION ALL ").join(one.format(sql.Literal(label), sql.Identifier(table)) for label, table in tables)
