"""Where news of a gateway stand."""

from __future__ import annotations

from enum import StrEnum


class NewsState(StrEnum):
    """`ignored` is kept for the record: nothing here depends on it."""

    WAITING = "waiting"
    DONE = "done"
    IGNORED = "ignored"
