"""No cell of a written file starts a formula in a spreadsheet, and reading undoes what writing did.

After OWASP's advice on CSV injection: a cell that starts with one of these characters gets an apostrophe before it.
"""

from __future__ import annotations

import re

_STARTS = re.compile(r"'*[=+\-@\t\r\n]")


def escaped(cell: str) -> str:
    """The cell with an apostrophe before it where it could start a formula, also behind apostrophes of its own."""
    return f"'{cell}" if _STARTS.match(cell) else cell


def unescaped(cell: str) -> str:
    """The inverse: one apostrophe fewer where `escaped` put one."""
    return cell[1:] if cell.startswith("'") and _STARTS.match(cell) else cell
