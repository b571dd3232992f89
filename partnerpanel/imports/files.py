"""Reading a CSV file as a stream of numbered rows."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from partnerpanel.imports.rules.errors import UnusableFile
from partnerpanel.imports.rules.rejects import ERROR_COLUMNS
from partnerpanel.kernel.formulas import unescaped

DELIMITERS = ",;\t"
# A cell longer than this is a quote that was never closed.
MAX_CELL = 1_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """A data row. `number` is that of the spreadsheet: the header is 1, blank lines count."""

    number: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Table:
    """A file that has been looked through: it can be read to its end.

    A file of rejects is read as the file it came from: without the columns that say what was wrong.
    """

    path: Path
    delimiter: str
    header: list[str]
    count: int
    is_rejects: bool

    def rows(self) -> Iterator[Row]:
        """The data rows in order; only one is in memory at a time."""
        for number, cells in _records(self.path, self.delimiter):
            if number > 1 and cells:
                yield Row(number, self._original(cells) if self.is_rejects else cells)

    def _original(self, cells: list[str]) -> list[str]:
        if len(cells) == len(self.header) + len(ERROR_COLUMNS):
            cells = cells[: len(self.header)]
        return [unescaped(cell) for cell in cells]


def open_table(path: Path, *, needed: list[str]) -> Table:
    """Looks through the whole file before anything is written because of it.

    Raises UnusableFile naming what is wrong: no file, not UTF-8, a quote left open, a missing or repeated column.
    """
    try:
        delimiter = _delimiter(path)
        header: list[str] = []
        count = 0
        for number, cells in _records(path, delimiter):
            if number == 1:
                header = [cell.strip() for cell in cells]
            elif cells:
                count += 1
    except OSError as error:
        raise UnusableFile(f"{path}: {error.strerror or error}.", field="file") from None
    except UnicodeDecodeError as error:
        raise UnusableFile(
            f"{path} is not UTF-8 text (byte {error.object[error.start]:#04x}). Save it as “CSV UTF-8”.", field="file"
        ) from None
    is_rejects = tuple(header[-len(ERROR_COLUMNS) :]) == ERROR_COLUMNS
    header = header[: -len(ERROR_COLUMNS)] if is_rejects else header
    _check_header(path, header, needed)
    return Table(path, delimiter, header, count, is_rejects)


def _records(path: Path, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(MAX_CELL)
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        number = 0
        while True:
            number += 1
            try:
                yield number, next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise UnusableFile(
                    f"{path}, row {number}: {error}. A quote inside a quoted cell is written twice.", field="file"
                ) from None


def _delimiter(path: Path) -> str:
    """The one that makes most columns of the header."""
    widths = {}
    for delimiter in DELIMITERS:
        records = _records(path, delimiter)
        try:
            widths[delimiter] = len(next(records, (1, []))[1])
        except UnusableFile:
            widths[delimiter] = 0
        finally:
            records.close()  # type: ignore[attr-defined]
    return max(DELIMITERS, key=lambda delimiter: widths[delimiter])


def _check_header(path: Path, header: list[str], needed: list[str]) -> None:
    if not any(header):
        raise UnusableFile(f"{path} has no header; its first row names the columns.", field="file")
    repeated = sorted({name for name in header if header.count(name) > 1})
    if repeated:
        raise UnusableFile(f"{path} has several columns named “{repeated[0]}”.", field="file")
    missing = [name for name in needed if name not in header]
    if missing:
        raise UnusableFile(
            f"{path} has no column {', '.join(f'“{name}”' for name in missing)}, which the mapping needs. "
            f"It has {', '.join(f'“{name}”' for name in header)}.",
            field="file",
        )
