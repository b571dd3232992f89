"""Host names in one form: lower case, punycode, without port and trailing dot."""

from __future__ import annotations

import re
from collections.abc import Collection

import idna

from partnerpanel.kernel.errors import DomainError

LONGEST = 253
LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)\Z")
# Names that never mean the same machine to everybody.
RESERVED = frozenset(
    {"local", "localhost", "internal", "invalid", "test", "example", "onion", "home", "lan", "corp", "arpa"}
)


class InvalidHost(DomainError):
    """No host name that a portal can have."""

    code = "invalid_host"


def normal(text: str, *, reserved: Collection[str] = RESERVED) -> str:
    """The form in which a host is kept and compared. Raises InvalidHost."""
    host = _without_port(text.strip()).rstrip(".").lower()
    try:
        name = idna.encode(host, uts46=True).decode("ascii").lower() if host else ""
    except (idna.IDNAError, UnicodeError) as error:
        raise _invalid() from error
    labels = name.split(".")
    if not name or len(name) > LONGEST or len(labels) < 2 or not all(map(LABEL.match, labels)):
        raise _invalid()
    if labels[-1].isdigit() or labels[-1] in reserved:
        raise _invalid()
    return name


def is_ours(name: str, own: Collection[str]) -> bool:
    """Whether the installation itself answers there; `own` as in ALLOWED_HOSTS, a dot before all below a name."""
    for one in own:
        pattern = one.lower().rstrip(".")
        if name == pattern.lstrip(".") or (pattern.startswith(".") and name.endswith(pattern)):
            return True
    return False


def challenge(name: str) -> str:
    """Where the proof is looked for."""
    return f"_partnerpanel.{name}"


def _without_port(text: str) -> str:
    host, colon, port = text.rpartition(":")
    return host if colon and port.isdigit() and ":" not in host else text


def _invalid() -> InvalidHost:
    return InvalidHost("Write a host name such as account.example.com, without https:// and path.", field="name")
