"""A whole file of usage: chunk by chunk, each its own scope, so that a killed run is simply run again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.db import transaction

from partnerpanel.imports.files import Row, Table
from partnerpanel.imports.rejects import rejects_file
from partnerpanel.imports.rules.problems import Problem
from partnerpanel.imports.rules.rejects import wrong_width
from partnerpanel.imports.rules.usage_report import UsageReport
from partnerpanel.imports.rules.usage_rows import REPAIRS, UNKNOWN, UsageRow, read_usage_row
from partnerpanel.imports.seen import Seen, seen_keys
from partnerpanel.kernel.errors import DomainError
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.models import Partner
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.names import ids_of_numbers
from subscriptions.rules.meter import UsageWish
from subscriptions.services.usage import record_usages

CHUNK = 500


@dataclass(frozen=True, slots=True)
class UsageImport:
    """One run of one file for one partner; `now` is the partner's business time for the whole run."""

    partner: Partner
    table: Table
    now: datetime
    dry_run: bool
    rejects: Path | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A row that is taken; `is_new` is false where its key was counted before."""

    wish: UsageWish
    is_new: bool


def run_usage_import(wanted: UsageImport, *, told: Callable[[int], None]) -> UsageReport:
    """Counts every good row, each key once; a bad one takes no other down.

    `told` hears how many rows are done. A dry run counts the same and keeps nothing. Raises UnusableFile where the
    file changed while it was read.
    """
    report = UsageReport(dry_run=wanted.dry_run)
    with seen_keys() as seen, rejects_file(wanted.rejects, wanted.table) as reject:
        for chunk in _chunks(wanted.table.rows()):
            taken = _take(wanted, chunk, seen)
            for row in chunk:
                found = taken[row.number]
                report.rows += 1
                if isinstance(found, Taken):
                    report.counted += found.is_new
                    report.known += not found.is_new
                    report.sums[found.wish.allowance] += found.wish.amount if found.is_new else 0
                    continue
                report.rejected += 1
                for problem in found:
                    report.problems.add(problem)
                reject(row.cells, found)
            told(report.rows)
    return report


def _take(wanted: UsageImport, chunk: Sequence[Row], seen: Seen) -> dict[int, Taken | list[Problem]]:
    """By number of the row."""
    partner_id, found = wanted.partner.pk, {row.number: _read(wanted.table, row) for row in chunk}
    results: dict[int, Taken | list[Problem]] = {n: one for n, one in found.items() if isinstance(one, list)}
    rows = [one for one in found.values() if isinstance(one, UsageRow)]
    with tenant(partner_id):
        numbers = ids_of_numbers(partner_id, {one.subscription for one in rows if one.id is None})
        ids = {one.row: one.id or numbers.get(one.subscription) for one in rows}
        wishes = [(one, one.wish(id_)) for one in rows if (id_ := ids[one.row])]
        results |= {one.row: [one.problem("subscription", *UNKNOWN)] for one in rows if ids[one.row] is None}
        counted = record_usages([wish for _, wish in wishes], actor=Actor.system(partner_id), now=wanted.now)
        if wanted.dry_run:
            transaction.set_rollback(True)
    for (one, wish), result in zip(wishes, counted, strict=True):
        if isinstance(result, DomainError):
            results[one.row] = [_refused(one, result)]
        elif wanted.dry_run and result.is_new:
            results[one.row] = _seen(one, wish, seen)
        else:
            results[one.row] = Taken(wish, result.is_new)
    return results


def _refused(row: UsageRow, refusal: DomainError) -> Problem:
    return row.problem("subscription", *UNKNOWN) if refusal.code == "not_found" else row.refused(refusal)


def _seen(row: UsageRow, wish: UsageWish, seen: Seen) -> Taken | list[Problem]:
    """A dry run keeps nothing, so what earlier chunks of the file have counted is looked up here."""
    key = f"{wish.subscription_id}\x00{wish.key}"
    first = seen.first("record", f"{key}\x00{wish.said}", row.row)
    if first != row.row:
        return Taken(wish, is_new=False)
    if seen.first("key", key, row.row) != row.row:
        return [row.problem("key", *REPAIRS["key"])]
    return Taken(wish, is_new=True)


def _read(table: Table, row: Row) -> UsageRow | list[Problem]:
    if len(row.cells) != len(table.header):
        return [wrong_width(row.number, row.cells, width=len(table.header))]
    return read_usage_row(dict(zip(table.header, row.cells, strict=True)), row=row.number)


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk
