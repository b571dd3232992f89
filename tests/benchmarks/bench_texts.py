"""What the costliest texts that a partner may write take to become a mail."""

from __future__ import annotations

from functools import partial

from notifications.rules.template import parse_parts
from tests.benchmarks.figures import Book, Figure, milliseconds
from tests.rules.payloads import COSTLY, longest_of

BOUND, TRIES = 50, 5


def test_the_costliest_markdown(book: Book) -> None:
    took = {unit: milliseconds(partial(render, longest_of(unit)), times=TRIES) for unit in COSTLY}
    costliest = max(took, key=lambda unit: took[unit])
    book.note(Figure(f"a text of {costliest!r} alone, rendered", took[costliest], "ms", BOUND))


def render(body: str) -> None:
    assert parse_parts("S", body, allowed=frozenset(), name="x").render({}).html
