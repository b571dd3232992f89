"""A row of the rejects file: its original cells, then what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence

from partnerpanel.imports.rules.problems import Problem
from partnerpanel.kernel.formulas import escaped

ERROR_COLUMNS = ("error_column", "error_found", "error_expected")


def reject_row(cells: Sequence[str], problems: Sequence[Problem], *, width: int) -> list[str]:
    """As wide as the header; several problems of one row are joined by “; ”. No cell starts a formula."""
    original = [*cells[:width], *[""] * (width - len(cells))]
    said = ["; ".join(getattr(problem, name) for problem in problems) for name in ("column", "found", "expected")]
    return [escaped(cell) for cell in (*original, *said)]


def wrong_width(row: int, cells: Sequence[str], *, width: int) -> Problem:
    """A row with more or fewer cells than the header; what is too much is told, since the rejects have no room."""
    extra = f": {', '.join(cells[width:])}" if len(cells) > width else ""
    return Problem(
        row, "The row", "has not as many cells as the header", f"{len(cells)} cells{extra}", f"{width} cells"
    )
