"""Normalised columns: what is compared and sorted, since row-level security keeps ILIKE from its indexes."""

from __future__ import annotations

import unicodedata

# One letter may fold into eighteen, so a key can be longer than its text.
KEY_LENGTH = 400


def search_key(text: str) -> str:
    """Case, accents and spaces folded: `Zoë  MÜLLER` → `zoe muller`, `Straße` → `strasse`; KEY_LENGTH letters of it."""
    # Twice: a letter such as 𝑨 shows its case only when it is decomposed.
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(plain.split())[:KEY_LENGTH].rstrip()


def email_key(address: str) -> str:
    """The address as it is compared: trimmed, case folded; dots and plus signs mean what they say."""
    return unicodedata.normalize("NFKC", address.strip()).casefold()
