"""The report of a file of usage: the same for a dry run and for a real one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from partnerpanel.imports.rules.problems import Problems
from partnerpanel.imports.rules.report import problem_lines


@dataclass(slots=True)
class UsageReport:
    """Counts that grow chunk by chunk. `known` were counted before; `sums` are by allowance."""

    dry_run: bool
    rows: int = 0
    counted: int = 0
    known: int = 0
    rejected: int = 0
    sums: Counter[str] = field(default_factory=Counter)
    problems: Problems = field(default_factory=Problems)


def usage_lines(report: UsageReport) -> Iterator[str]:
    """The report as it is printed."""
    if report.dry_run:
        yield "Dry run: nothing was written."
    verb = "to count" if report.dry_run else "counted"
    yield (
        f"{report.rows:,} rows read: {report.counted:,} {verb}, {report.known:,} counted before, "
        f"{report.rejected:,} rejected"
    )
    for name, amount in sorted(report.sums.items()):
        yield f"  {name}: {amount:,}"
    yield from problem_lines(report.problems)
