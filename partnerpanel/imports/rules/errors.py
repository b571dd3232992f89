"""Refusals of a whole import."""

from __future__ import annotations

from partnerpanel.kernel.errors import DomainError


class UnusableFile(DomainError):
    """A file that cannot be read as a table, or lacks columns that the mapping needs; nothing was written."""

    code = "unusable_file"
