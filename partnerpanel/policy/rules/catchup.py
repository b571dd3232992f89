"""Periods that passed while nothing could be charged."""

from __future__ import annotations

from enum import StrEnum


class Catchup(StrEnum):
    """Bill each missed period once, or only the one that is running."""

    EACH = "each"
    LATEST = "latest"
