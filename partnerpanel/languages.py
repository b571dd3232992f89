"""Which language a page speaks: some have words for some pages alone, and what is said beyond them is English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

# Of the languages that have words for a part of the product, which letters say that a sentence is in them.
LETTERS = {"ar": re.compile(r"[\u0600-\u06ff]"), "hi": re.compile(r"[\u0900-\u097f]")}
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


def sentence_language() -> str:
    """The language of the sentences that have words in every language, such as how an amount came about, and so of the
    dates and numbers in them: the active one."""
    return get_language() or "en"


def spoken_marks(sentence: str) -> SafeString:
    """The attributes of an element that holds a sentence of any part: none where it is in the page's language, which
    is seen by its letters."""
    language = get_language() or "en"
    is_english = language in LETTERS and not LETTERS[language].search(sentence)
    return ENGLISH if is_english else SafeString("")


def spoken(sentence: str) -> str:
    """The same for a sentence that stands among others which are in the page's language."""
    marks = spoken_marks(sentence)
    return format_html("<span{}>{}</span>", marks, sentence) if marks and sentence else sentence
