"""Which addresses of the internet a partner may have us call: public ones, and no others by any spelling.

Sources: the IANA registries of special-purpose addresses for IPv4 and IPv6; and what clouds answer at.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

Address = IPv4Address | IPv6Address

_FORBIDDEN = [
    ip_network(text)
    for text in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16"),
        *("192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        "168.63.129.16/32",  # a cloud's own service, at a public address
        # Of IPv6 what is global but leads elsewhere: Teredo and its neighbours, documentation, 6to4, anycast sinks.
        *("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"),
    )
]
_GLOBAL_IPV6 = ip_network("2000::/3")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_OF_NOBODY = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "arpa", "test", "invalid", "onion")


def is_public(address: Address) -> bool:
    """Whether it is a host of the open internet."""
    if isinstance(address, IPv6Address) and (address not in _GLOBAL_IPV6 or address.scope_id is not None):
        return False
    return not any(address.version == net.version and address in net for net in _FORBIDDEN)


def literal(host: str) -> Address | None:
    """The address that a host is written as: four decimal numbers, or IPv6. None for a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def is_name(host: str) -> bool:
    """Whether it is a name of the public DNS in its ASCII form: no number in any base, no single word, no dot at the
    end, and of no domain that means the network one is in."""
    labels = host.split(".")
    if len(host) > 253 or len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):
        return False
    # The end of a name begins with a letter; 127.1, 0x7f.1 and 2130706433 are numbers to those who resolve them.
    return labels[-1][0].isalpha() and not re.fullmatch(r"0x[0-9a-f]*", labels[-1]) and labels[-1] not in _OF_NOBODY
