"""Versions of the API: a key keeps the one that it was made with, a request may name another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import format_datetime

from partnerpanel.actions.api_keys import NEWEST_VERSION
from partnerpanel.api.errors import UnknownVersion

HEADER = "PartnerPanel-Version"


@dataclass(frozen=True, slots=True)
class Version:
    """`deprecated_on` and `sunset_on` are told with every answer (RFC 9745, RFC 8594)."""

    name: str
    deprecated_on: date | None = None
    sunset_on: date | None = None


VERSIONS = {one.name: one for one in (Version(NEWEST_VERSION),)}


def version_of(asked: str | None, pinned: str) -> Version:
    """Raises UnknownVersion."""
    name = asked or pinned
    if name not in VERSIONS:
        message = f"There is no version “{name[:40]}”. There are: {', '.join(sorted(VERSIONS))}."
        raise UnknownVersion(message, field=HEADER)
    return VERSIONS[name]


def headers_of(version: Version) -> dict[str, str]:
    """What an answer says of its version."""
    found = {HEADER: version.name}
    if version.deprecated_on:
        found["Deprecation"] = f"@{int(_midnight(version.deprecated_on).timestamp())}"
    if version.sunset_on:
        found["Sunset"] = format_datetime(_midnight(version.sunset_on), usegmt=True)
    return found


def _midnight(on: date) -> datetime:
    return datetime.combine(on, datetime.min.time(), UTC)
