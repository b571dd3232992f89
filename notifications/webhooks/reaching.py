"""Connecting to a host whose every address was checked, at the very address that was: a name that leads elsewhere a
moment later changes nothing. No proxy of the environment is asked.
"""

from __future__ import annotations

import socket
import ssl
import time
from dataclasses import dataclass
from functools import lru_cache

from notifications.webhooks.rules.addresses import Address, is_public, literal
from notifications.webhooks.targets import Target


class Unreachable(Exception):
    """Nothing was sent; the message says why, in words for a log."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """An instant of the monotonic clock by which all is over."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        return cls(time.monotonic() + seconds)

    def left(self) -> float:
        """Seconds, always more than none. Raises TimeoutError when there are none."""
        left = self.at - time.monotonic()
        if left <= 0:
            raise TimeoutError("no time left")
        return left


def addresses_of(target: Target) -> list[Address]:
    """What the name stands for, asked once. Raises Unreachable when a single one of them may not be called."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError) as error:
        raise Unreachable("The host’s name cannot be resolved.") from error
    addresses = [literal(str(place[0])) for *_, place in found]
    if not addresses:
        raise Unreachable("The host’s name cannot be resolved.")
    for address in addresses:
        if address is None or not (is_public(address) or (target.may_be_local and address.is_loopback)):
            raise Unreachable("The host’s name leads to an address that is not public; nothing was sent.")
    return list(dict.fromkeys(one for one in addresses if one is not None))


def connect(target: Target, deadline: Deadline) -> socket.socket:
    """An open connection, encrypted where the address says so. Raises Unreachable, TimeoutError."""
    problem: Exception | None = None
    for address in addresses_of(target):
        try:
            return _open(target, address, deadline)
        except ssl.SSLError as error:
            raise Unreachable(f"No encrypted connection: {_reason(error)}") from error
        except TimeoutError:
            raise
        except OSError as error:
            problem = error
    raise Unreachable(f"No connection: {_reason(problem)}") from problem


def _open(target: Target, address: Address, deadline: Deadline) -> socket.socket:
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    found = socket.socket(family, socket.SOCK_STREAM)
    try:
        found.settimeout(deadline.left())
        found.connect((str(address), target.port))
        found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if target.scheme == "https":
            found.settimeout(deadline.left())
            return _context().wrap_socket(found, server_hostname=target.host)
    except BaseException:
        found.close()
        raise
    return found


@lru_cache(maxsize=1)
def _context() -> ssl.SSLContext:
    return ssl.create_default_context()


def _reason(error: Exception | None) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    return (getattr(error, "strerror", None) or getattr(error, "reason", None) or type(error).__name__)[:200]
