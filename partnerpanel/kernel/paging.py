"""Opaque cursors: where a list goes on, without counting rows."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from partnerpanel.kernel.errors import DomainError

T = TypeVar("T")

# How far a list counts its rows: one more than what it shows as “2,500+”. Counting on would read more than the page.
COUNT_CAP = 2_501

_DAMAGED = "This page's address is damaged; start again from the first page."


class InvalidCursor(DomainError):
    """A cursor that this list did not give out."""

    code = "invalid_cursor"


@dataclass(frozen=True, slots=True)
class Cursor:
    """The sort key and id of a row, and whether the page lies before it."""

    key: str
    id: str
    backwards: bool = False

    def encode(self) -> str:
        return base64.urlsafe_b64encode(json.dumps([self.key, self.id, self.backwards]).encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> Cursor:
        """Raises InvalidCursor for anything that `encode` did not make."""
        try:
            key, id_, backwards = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        except (binascii.Error, ValueError, TypeError, RecursionError):
            raise InvalidCursor(_DAMAGED, field="cursor") from None
        if not _is_text(key) or not _is_text(id_) or not isinstance(backwards, bool):
            raise InvalidCursor(_DAMAGED, field="cursor")
        return cls(key, id_, backwards)


def _is_text(value: object) -> bool:
    """Whether it is text that the database can be asked about: no NUL and no half of a surrogate pair."""
    if not isinstance(value, str) or "\x00" in value:
        return False
    return not any("\ud800" <= letter <= "\udfff" for letter in value)


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Rows in order, and the cursors to the pages before and after, where there are any."""

    rows: Sequence[T]
    previous: str | None = None
    next: str | None = None
