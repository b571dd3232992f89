"""Which language a page speaks: some have words for some pages alone, and what is said beyond them is English."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

ENGLISH = SafeString(' lang="en" dir="auto"')
_HAS_ITS_OWN_WORDS: ContextVar[bool] = ContextVar("has_its_own_words", default=False)


def spoken_language() -> str:
    """The language of sentences that every part of the product says, and so of the dates and numbers in them: the
    active one, or English where that has words for the frame of pages alone."""
    language = get_language() or "en"
    return "en" if language in settings.FRAMED_LANGUAGES else language


def written_language() -> str:
    """The language of the page's own words, and so of the dates and amounts beside them: the active one in pages that
    have all of theirs in it, elsewhere the one of sentences."""
    return get_language() or "en" if _HAS_ITS_OWN_WORDS.get() else spoken_language()


@contextmanager
def own_words() -> Iterator[None]:
    """For pages whose own words are there in every language that they can be read in."""
    before = _HAS_ITS_OWN_WORDS.set(True)
    try:
        yield
    finally:
        _HAS_ITS_OWN_WORDS.reset(before)


def spoken_marks() -> SafeString:
    """The attributes of an element that holds such a sentence; none where it is in the page's language."""
    return ENGLISH if spoken_language() != (get_language() or "en") else SafeString("")


def spoken(sentence: str) -> str:
    """The same for a sentence that stands among others which are in the page's language."""
    marks = spoken_marks()
    return format_html("<span{}>{}</span>", marks, sentence) if marks and sentence else sentence
