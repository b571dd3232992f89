"""What must not be written down about a run, and what stands in its place.

Applied to every line before it is written, whoever wrote it. It masks too much rather than too little: a masked word
costs a second look, a written secret costs a rotation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from typing import Any

MASK = "[redacted]"

_WORDS = (
    r"password|passwd|passphrase|secret|token|authorization|cookie|api[_-]?key|private[_-]?key"
    r"|session[_-]?(?:id|key)|csrf|cvc|cvv|card[_-]?number"
)
_SECRET_NAME = re.compile(_WORDS, re.IGNORECASE)

_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    # Keys that say themselves what they are: ours, a gateway's, a webhook's.
    (re.compile(r"\b([a-z]{2}_(?:live|test)_|whsec_)[\w+/=-]+"), rf"\1{MASK}"),
    # A whole header: what follows the name up to the end of the line.
    (
        re.compile(r"((?:proxy-)?authorization|(?:set-)?cookie)([\\\"']*\s*[:=]\s*)[^\r\n]+", re.IGNORECASE),
        rf"\1\2{MASK}",
    ),
    (re.compile(r"\b(bearer|basic)\s+[\w.~+/=-]{8,}", re.IGNORECASE), rf"\1 {MASK}"),
    # A name and its value, as in a query, a form, a repr or JSON.
    (
        re.compile(
            rf"((?:{_WORDS})[\w-]{{0,30}}[\\\"']{{0,2}}\s*(?:[:=]|=>)\s*)"
            r"(?:b?'[^']*'|b?\"[^\"]*\"|[^\s&;,}\])]+)",
            re.IGNORECASE,
        ),
        rf"\1{MASK}",
    ),
    # A password inside an address.
    (re.compile(r"(\b[a-z][a-z0-9+.-]{0,20}://)[^\s/@]{1,300}@", re.IGNORECASE), rf"\1{MASK}@"),
    # Links that are a right in themselves: a new password, a confirmed address, credentials shown once.
    (re.compile(r"(/(?:reset/key|confirm-email)/)[^\s/?#\"']+"), rf"\1{MASK}"),
    (re.compile(r"(/credentials/[\w-]{1,60}/?#)[^\s\"']+"), rf"\1{MASK}"),
    (re.compile(r"(?<![\w.+-])[\w.+-]{1,64}(?:@|%40)[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"), "[address]"),
)
_DIGITS = re.compile(r"(?<![\w.-])\d(?:[ -]?\d){12,18}(?![\w-])")


def redacted_text(text: str) -> str:
    """The same text without secrets, addresses of people and card numbers."""
    for pattern, instead in _RULES:
        text = pattern.sub(instead, text)
    return _DIGITS.sub(lambda found: MASK if _is_card_number(found[0]) else found[0], text)


def redacted(value: Any, *, name: str = "") -> Any:
    """The same value in plain types (texts, numbers, lists, dictionaries), masked wherever it or its name is secret."""
    if value is None or isinstance(value, bool | float):
        return value
    if name and value != "" and _SECRET_NAME.search(name):
        return MASK
    if isinstance(value, int):
        return MASK if _is_card_number(str(value)) else int(value)
    if isinstance(value, bytes):
        return redacted_text(value.decode("utf-8", "replace"))
    if isinstance(value, Mapping):
        return {redacted_text(str(key)): redacted(one, name=str(key)) for key, one in value.items()}
    if isinstance(value, Sequence | Set) and not isinstance(value, str):
        return _each(list(value))
    return redacted_text(repr(value) if isinstance(value, BaseException) else str(value))


def _each(values: list[Any]) -> list[Any]:
    """A pair of a name and its value, as headers come, is masked like an entry of a dictionary."""
    if len(values) == 2 and isinstance(values[0], str | bytes):
        name = values[0] if isinstance(values[0], str) else values[0].decode("utf-8", "replace")
        return [redacted_text(name), redacted(values[1], name=name)]
    return [redacted(one) for one in values]


def _is_card_number(text: str) -> bool:
    """13 to 19 digits whose check digit fits (Luhn, ISO/IEC 7812-1)."""
    digits = [int(sign) for sign in reversed(text) if sign.isdigit()]
    if not 13 <= len(digits) <= 19:
        return False
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
