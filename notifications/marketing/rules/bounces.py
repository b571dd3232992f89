"""Which answers of a mail server mean that an address takes no mail for good."""

from __future__ import annotations

import re

# RFC 3463: bad or unknown mailbox, system or syntax (x.1.n), and a mailbox that is switched off (x.2.1). All else, such
# as a full mailbox or a policy against the sender, says nothing about the address.
ENHANCED = re.compile(r"^5\.(\d{1,3})\.(\d{1,3})\b")
OF_ADDRESS = frozenset({("1", "1"), ("1", "2"), ("1", "3"), ("1", "6"), ("1", "10"), ("2", "1")})
# Of servers that say no more than this: no such mailbox, not local, name not allowed (RFC 5321).
WITHOUT = frozenset({550, 551, 553})


def is_bounce(code: int, text: str) -> bool:
    """Of an answer to the address of a receiver."""
    if not 500 <= code <= 599:
        return False
    enhanced = ENHANCED.match(text.strip())
    return enhanced.groups() in OF_ADDRESS if enhanced else code in WITHOUT
