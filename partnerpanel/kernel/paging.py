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
        except (binascii.Error, ValueError, TypeError):
            raise InvalidCursor(
                "This page's address is damaged; start again from the first page.", field="cursor"
            ) from None
        if not isinstance(key, str) or not isinstance(id_, str) or not isinstance(backwards, bool):
            raise InvalidCursor("This page's address is damaged; start again from the first page.", field="cursor")
        return cls(key, id_, backwards)


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Rows in order, and the cursors to the pages before and after, where there are any."""

    rows: Sequence[T]
    previous: str | None = None
    next: str | None = None
