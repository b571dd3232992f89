"""Refusals: typed, with a stable code, a sentence for a person, and the field that is to be corrected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar


class DomainError(Exception):
    """A request that is refused; nothing was written.

    `code` is stable and meant for programs, the message says what happened and what to do, `field` names the input.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 422

    def __init__(self, message: str, *, field: str | None = None, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.details: Mapping[str, Any] = details


class NotFound(DomainError):
    """No such object for this partner: the same answer whether it never existed or belongs to somebody else."""

    code = "not_found"
    status = 404


class Forbidden(DomainError):
    """The actor's role does not allow this."""

    code = "forbidden"
    status = 403


class Conflict(DomainError):
    """The facts moved since they were shown."""

    code = "conflict"
    status = 409
