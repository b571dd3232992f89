"""Which language a message is written in."""

from __future__ import annotations

from collections.abc import Sequence

# The first is what a text falls back to.
LANGUAGES = ("en", "de")


def language_for(*locales: str, among: Sequence[str] = LANGUAGES) -> str:
    """The language of the first locale that texts exist in: `de-AT` → `de`; else the first of them."""
    for locale in locales:
        language = locale.replace("_", "-").partition("-")[0].lower()
        if language in among:
            return language
    return among[0]
