"""Writing the rejects file."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from partnerpanel.imports.files import Table
from partnerpanel.imports.rules.problems import Problem
from partnerpanel.imports.rules.rejects import ERROR_COLUMNS, reject_row


class Rejects(Protocol):
    """Takes rows that were not imported."""

    def __call__(self, cells: Sequence[str], problems: Sequence[Problem]) -> None: ...


@contextmanager
def rejects_file(path: Path | None, table: Table) -> Iterator[Rejects]:
    """A file like the table with three columns more; it replaces an older one only when the run has ended well.

    Without a path nothing is written. It is UTF-8 with a byte order mark, which spreadsheets need to read it as such.
    """
    if path is None:
        yield lambda cells, problems: None  # noqa: ARG005
        return
    unfinished = path.with_name(f"{path.name}.part")
    width = len(table.header)
    try:
        with unfinished.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, delimiter=table.delimiter)
            writer.writerow([*table.header, *ERROR_COLUMNS])
            yield lambda cells, problems: writer.writerow(reject_row(cells, problems, width=width))
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
