"""Addresses that mails may come from, in one form."""

from __future__ import annotations

import re
from collections.abc import Collection

from partnerpanel.hosts.rules.names import RESERVED, InvalidHost, is_ours, normal
from partnerpanel.kernel.errors import DomainError

LONGEST = 254
# A dot-atom of RFC 5322: nothing that would have to be quoted in a header.
LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*\Z")
LONGEST_LOCAL = 64
# A domain that nobody can have is never proved; so documentation and demo may speak of one.
NEVER = RESERVED - {"example"}


class InvalidSender(DomainError):
    """No address that a partner's mails can come from."""

    code = "invalid_sender"


def sender_address(text: str, *, own: Collection[str]) -> tuple[str, str]:
    """The address as it is kept, and its domain in punycode. Raises InvalidSender.

    `own` are names of the installation: neither they nor anything below them is a partner's.
    """
    local, _at, domain = text.strip().rpartition("@")
    if not LOCAL.match(local) or len(local) > LONGEST_LOCAL or ":" in domain or domain != domain.strip():
        raise _invalid()
    try:
        name = normal(domain, reserved=NEVER)
    except InvalidHost as error:
        raise _invalid() from error
    if is_ours(name, [f".{one.lstrip('.')}" for one in own if one]):
        message = "This domain belongs to the installation itself. Take an address of a domain of your own."
        raise InvalidSender(message, field="address", reason="sender_is_ours")
    address = f"{local}@{name}"
    if len(address) > LONGEST:
        raise _invalid()
    return address, name


def _invalid() -> InvalidSender:
    return InvalidSender("Write an address such as billing@example.com.", field="address")
