"""Which language a message is written in."""

from __future__ import annotations

# The first is what a text falls back to.
LANGUAGES = ("en", "de")


def language_for(*locales: str) -> str:
    """The language of the first locale that texts exist in: `de-AT` → `de`."""
    for locale in locales:
        language = locale.replace("_", "-").partition("-")[0].lower()
        if language in LANGUAGES:
            return language
    return LANGUAGES[0]
