"""A whole import: chunk by chunk, each its own scope, so that a killed run keeps its whole chunks and is run again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from uuid import UUID

from django.db import IntegrityError

from partnerpanel.imports.files import Row, Table
from partnerpanel.imports.rejects import Rejects, rejects_file
from partnerpanel.imports.rules.duplicates import duplicates
from partnerpanel.imports.rules.mapping import Mapping
from partnerpanel.imports.rules.planning import plan_chunk
from partnerpanel.imports.rules.problems import Problem
from partnerpanel.imports.rules.reader import Setting
from partnerpanel.imports.rules.records import Record, read_record
from partnerpanel.imports.rules.rejects import wrong_width
from partnerpanel.imports.rules.report import Report
from partnerpanel.imports.rules.steps import ChunkPlan
from partnerpanel.imports.seen import Seen, seen_keys
from partnerpanel.imports.services.chunks import apply, load
from partnerpanel.kernel.errors import DomainError
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.models import Partner
from partnerpanel.tenancy.scope import tenant

CHUNK = 500
TRIES = 3


@dataclass(frozen=True, slots=True)
class Import:
    """One run of one file for one partner; `now` is the partner's business time for the whole run."""

    partner: Partner
    table: Table
    mapping: Mapping
    now: datetime
    dry_run: bool
    rejects: Path | None = None


def run_import(wanted: Import, *, told: Callable[[int], None]) -> Report:
    """Takes every good row and none of a bad one; what is there already is brought up to date.

    `told` hears how many rows are done. A dry run plans the same and writes nothing but the rejects file. Raises
    UnusableFile where the file changed while it was read.
    """
    report, action_id = Report(dry_run=wanted.dry_run), uuid7()
    with seen_keys() as seen, rejects_file(wanted.rejects, wanted.table) as reject:
        for chunk in _chunks(wanted.table.rows()):
            _import_chunk(wanted, chunk, report, seen, reject, action_id)
            told(report.rows)
    return report


def _import_chunk(
    wanted: Import, chunk: Sequence[Row], report: Report, seen: Seen, reject: Rejects, action_id: UUID
) -> None:
    found = {row.number: _read(wanted, row, seen) for row in chunk}
    records = [record for record in found.values() if isinstance(record, Record)]
    plan = _write(wanted, records, report, action_id)
    problems = {number: record for number, record in found.items() if not isinstance(record, Record)} | plan.rejected
    report.rows += len(chunk)
    report.add(plan)
    for row in chunk:
        if row.number in problems:
            report.reject(problems[row.number])
            reject(row.cells, problems[row.number])


def _read(wanted: Import, row: Row, seen: Seen) -> Record | list[Problem]:
    header, partner = wanted.table.header, wanted.partner
    if len(row.cells) != len(header):
        return [wrong_width(row.number, row.cells, width=len(header))]
    setting = Setting(partner.country, partner.timezone, partner.locale, wanted.now)
    cells = dict(zip(header, row.cells, strict=True))
    record = read_record(wanted.mapping, cells, number=row.number, setting=setting)
    if isinstance(record, Record):
        return duplicates(record, wanted.mapping, seen) or record
    return record


def _write(wanted: Import, records: Sequence[Record], report: Report, action_id: UUID) -> ChunkPlan:
    """Plans again where somebody else wrote the same customer or plan between reading and writing."""
    partner_id = wanted.partner.pk
    for attempt in range(1, TRIES + 1):
        try:
            with tenant(partner_id):
                held = load(partner_id, records, lock=not wanted.dry_run)
                plan = plan_chunk(records, held=held, known=report.plans, mapping=wanted.mapping)
                if not wanted.dry_run:
                    apply(plan, actor=Actor.system(partner_id), now=wanted.now, action_id=action_id)
                return plan
        except (IntegrityError, DomainError):
            if attempt == TRIES:
                raise
    raise AssertionError("unreachable")


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk
