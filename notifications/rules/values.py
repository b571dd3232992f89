"""A value as a text takes it."""

from __future__ import annotations

import re

# The category Cc of Unicode.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def clean(value: str) -> str:
    """Without control characters; line breaks stay, empty lines go, so that a value stays inside its paragraph."""
    if value.isprintable():
        return value.strip()
    lines = value.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = (_CONTROL.sub("", line).strip() for line in lines)
    return "\n".join(line for line in kept if line)
