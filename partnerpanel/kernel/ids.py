"""Identifiers: time-ordered UUIDs inside, `cus_…` and the like on every interface."""

from __future__ import annotations

import os
import threading
import time
import uuid
from datetime import UTC, datetime, timedelta

from partnerpanel.kernel.errors import NotFound

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u
LENGTH = 26


class _Newest:
    """Milliseconds and counter of the newest UUID that this process made."""

    lock = threading.Lock()
    stamp = 0


def uuid7() -> uuid.UUID:
    """A UUID of version 7 (RFC 9562): 48 bits of milliseconds, a 12-bit counter, then 62 random bits.

    Each is greater than the one this process made before, so rows written together sort in the order they were made.
    Made here because the oldest supported PostgreSQL and Python have none.
    """
    randomness = int.from_bytes(os.urandom(10))
    with _Newest.lock:
        # A new millisecond starts the counter somewhere in its lower half, so that it has room to count.
        _Newest.stamp = max(_Newest.stamp + 1, time.time_ns() // 1_000_000 << 12 | randomness >> 69)
        milliseconds, counter = _Newest.stamp >> 12, _Newest.stamp & 0xFFF
    value = (milliseconds & (1 << 48) - 1) << 80 | 0x7 << 76 | counter << 64
    return uuid.UUID(int=value | 0b10 << 62 | randomness & (1 << 62) - 1)


def first_of(at: datetime) -> uuid.UUID:
    """The least UUID of version 7 that can have been made at this instant: to find rows by when they were made."""
    milliseconds = max(0, (at - datetime.fromtimestamp(0, UTC)) // timedelta(milliseconds=1))
    return uuid.UUID(int=(milliseconds & (1 << 48) - 1) << 80 | 0x7 << 76 | 0b10 << 62)


def public(prefix: str, value: uuid.UUID) -> str:
    """`public("cus", id)` → `cus_01k…`: the prefix and 26 letters of base 32."""
    number, letters = value.int, ""
    for _ in range(LENGTH):
        number, digit = divmod(number, 32)
        letters = ALPHABET[digit] + letters
    return f"{prefix}_{letters}"


def parse(prefix: str, text: str) -> uuid.UUID:
    """The UUID behind a public id. Raises NotFound for anything else, as if it had never existed."""
    head, _, letters = text.partition("_")
    if head == prefix and len(letters) == LENGTH and letters[0] in "01234567":
        number = 0
        for letter in letters:
            digit = ALPHABET.find(letter)
            if digit < 0:
                break
            number = number * 32 + digit
        else:
            return uuid.UUID(int=number)
    raise NotFound("There is no such object.", field="id")
