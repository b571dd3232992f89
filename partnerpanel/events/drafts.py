"""What a plan says will be recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class EventDraft:
    """An event before it is written.

    `sequence` is the object's version after the change. `data` holds ids and enumerations only; `words` are erasable.
    """

    kind: str
    object_type: str
    object_id: UUID
    sequence: int
    customer_id: UUID | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
