"""What is wrong with a row, said so that it can be repaired."""

from __future__ import annotations

from dataclasses import dataclass, field

EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to repair. `what` completes “12 rows: price …”; it names no value, so that alike ones group."""

    row: int
    column: str
    what: str
    found: str
    expected: str


@dataclass(slots=True)
class Group:
    """Problems with the same repair: how many, and the first few."""

    count: int = 0
    examples: list[Problem] = field(default_factory=list)

    def add(self, problem: Problem) -> None:
        self.count += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append(problem)


@dataclass(slots=True)
class Problems:
    """All problems of a file, grouped by column and repair; memory stays small however many there are."""

    groups: dict[tuple[str, str], Group] = field(default_factory=dict)

    def add(self, problem: Problem) -> None:
        self.groups.setdefault((problem.column, problem.what), Group()).add(problem)

    def largest_first(self) -> list[tuple[str, str, Group]]:
        ordered = sorted(self.groups.items(), key=lambda item: (-item[1].count, item[0]))
        return [(column, what, group) for (column, what), group in ordered]


class Unreadable(Exception):
    """A cell that cannot be what its field needs; becomes a Problem once its row is known."""

    def __init__(self, column: str, what: str, found: str, expected: str) -> None:
        super().__init__(f"{column} {what}")
        self.column, self.what, self.found, self.expected = column, what, found, expected

    def on(self, row: int) -> Problem:
        return Problem(row, self.column, self.what, self.found, self.expected)
