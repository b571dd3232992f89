"""Where a customer connects to, read out of one address."""

from __future__ import annotations

import re
from dataclasses import dataclass

from partnerpanel.kernel.errors import DomainError

LONGEST = 200
HIGHEST_PORT = 65_535
# No user and password before the host: an address is shown where credentials are not.
_ADDRESS = re.compile(
    r"(?:(?P<scheme>[a-z][a-z0-9+.-]*)://)?"
    r"(?P<host>\[[0-9a-f:.]+\]|[^\W_](?:[\w.-]*[^\W_])?)"
    r"(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>/[^\s\x00-\x1f]*)?",
    re.IGNORECASE,
)


class InvalidAddress(DomainError):
    """No address of a service."""

    code = "invalid_address"


@dataclass(frozen=True, slots=True)
class Connection:
    """The parts of an address that people type into a device; empty where the address does not say."""

    url: str = ""
    host: str = ""
    port: str = ""


def check_address(address: str) -> None:
    """Raises InvalidAddress for what is no address of a service; an empty one is none and fine."""
    found = _ADDRESS.fullmatch(address)
    port = found["port"] if found else None
    if address and (found is None or len(address) > LONGEST or (port and not 1 <= int(port) <= HIGHEST_PORT)):
        message = "Write an address such as https://pbx.example.com:5061 or pbx.example.com:5061, without a password."
        raise InvalidAddress(message, field="address")


def connection_of(address: str) -> Connection:
    """`https://pbx.example:5061/x` → url, host, port; `pbx.example:5061` → host and port; an empty one → nothing."""
    found = _ADDRESS.fullmatch(address)
    if found is None:
        return Connection(url=address)
    is_url = bool(found["scheme"] or found["path"])
    return Connection(url=address if is_url else "", host=found["host"], port=found["port"] or "")
