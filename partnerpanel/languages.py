"""Which language a page speaks: some have words for the frame alone, and what is said inside of it is English."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import get_language


def spoken_language() -> str:
    """The language of sentences, and so of the dates and numbers in them: the active one, or English where that has
    words for the frame of pages alone."""
    language = get_language() or "en"
    return "en" if language in settings.FRAMED_LANGUAGES else language
