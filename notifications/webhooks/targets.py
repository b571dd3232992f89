"""Addresses that a partner may name: read strictly, because two readers of one address are how one is fooled."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from notifications.webhooks.rules.addresses import is_name, is_public, literal
from partnerpanel.kernel.errors import DomainError

LONGEST = 2000
# What RFC 3986 allows unescaped, without the @ of a user and the brackets that only an IPv6 host has.
_PLAIN = re.compile(r"https?://[A-Za-z0-9.\-_~:\[\]/?#!$&'()*+,;=%]+")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_PORTS = {"http": 80, "https": 443}


class UnsafeAddress(DomainError):
    """An address that webhooks are not sent to: not public, not https, or written in a way that can be misread."""

    code = "unsafe_address"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes. `may_be_local`: it names this very machine, which the settings allow."""

    scheme: str
    host: str
    port: int
    path: str
    may_be_local: bool = False

    @property
    def authority(self) -> str:
        """The `Host` of the request."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def target_of(url: str, *, only_https: bool) -> Target:
    """Raises UnsafeAddress with a sentence. Whether the name leads to a public address is seen when it is called."""
    if len(url) > LONGEST or not _PLAIN.fullmatch(url):
        raise _unsafe(_("Write the address as https://host/path, in ASCII, without user name and spaces."))
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        port = _PORTS[parts.scheme] if parts.port is None else parts.port
    except (ValueError, KeyError):
        raise _unsafe(_("This is no address.")) from None
    if parts.fragment or "#" in url:
        raise _unsafe(_("An address of a server has no #."))
    is_bracketed = "[" in parts.netloc
    if "%" in parts.netloc or parts.netloc.endswith(":") or is_bracketed != (":" in host and literal(host) is not None):
        raise _unsafe(_("This host can be read in two ways."))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if settings.WEBHOOKS_TO_LOOPBACK and host in _LOOPBACK:
        return Target(parts.scheme, host, port, path, may_be_local=True)
    _check(parts.scheme, host, port, only_https=only_https)
    return Target(parts.scheme, host, port, path)


def _check(scheme: str, host: str, port: int, *, only_https: bool) -> None:
    if only_https and scheme != "https":
        raise _unsafe(_("Webhooks are sent over https alone; a test mode also takes http."))
    if port not in settings.WEBHOOK_PORTS:
        known = ", ".join(map(str, settings.WEBHOOK_PORTS))
        raise _unsafe(_("Webhooks are sent to these ports alone: %(ports)s.") % {"ports": known})
    address = literal(host)
    if address is not None and not is_public(address):
        raise _unsafe(_("This address is not on the public internet."))
    if address is None and not is_name(host):
        raise _unsafe(_("This is no name of a server on the public internet."))


def _unsafe(message: str) -> UnsafeAddress:
    return UnsafeAddress(message, field="url")
