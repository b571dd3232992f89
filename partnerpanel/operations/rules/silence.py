"""Whether beat is silent: nobody looks for due work then, however well everything else runs."""

from __future__ import annotations

from datetime import datetime, timedelta


def is_silent(last_at: datetime, *, now: datetime, patience: timedelta) -> bool:
    """Whether the last tick is longer ago than anybody should wait."""
    return now - last_at > patience


def is_noted(noted_at: datetime | None, *, now: datetime, patience: timedelta) -> bool:
    """Whether the log has said so within the present interval."""
    return noted_at is not None and now - noted_at <= patience
