"""No cell of a written file starts a formula in a spreadsheet, and reading undoes what writing did.

After OWASP's advice on CSV injection: a cell that starts with one of these characters gets an apostrophe before it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from decimal import Decimal

_STARTS = re.compile(r"'*[=+\-@\t\r\n]")


def escaped(cell: str) -> str:
    """The cell with an apostrophe before it where it could start a formula, also behind apostrophes of its own."""
    return f"'{cell}" if _STARTS.match(cell) else cell


def unescaped(cell: str) -> str:
    """The inverse: one apostrophe fewer where `escaped` put one."""
    return cell[1:] if cell.startswith("'") and _STARTS.match(cell) else cell


def csv_line(cells: Sequence[object]) -> str:
    """One line of a CSV file, its end included: text is escaped, None is empty, numbers and truth stay as JSON has
    them."""
    line = io.StringIO()
    csv.writer(line).writerow([_cell(cell) for cell in cells])
    return line.getvalue()


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | Decimal():
            return str(value)
    return escaped(str(value))
