"""A language has all words, or exactly those of the frame that is named for it."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Catalog
from django.conf import settings

from partnerpanel.embedded import translations
from partnerpanel.embedded.translations import FRAMES, LANGUAGES, SOURCE_LANGUAGE, collected, problems, wanted


@pytest.fixture(scope="module")
def texts() -> Catalog:
    return collected()


def catalog_of(frame: Catalog, said: dict[str, str]) -> Catalog:
    """Every text of the frame translated, then what is said."""
    catalog = Catalog(locale="ar")
    for text in frame:
        if text.id:
            words = "كلمة" if isinstance(text.id, str) else ("كلمة",) * catalog.num_plurals
            catalog.add(text.id, words, context=text.context)
    for name, words in said.items():
        catalog.delete(name)
        catalog.add(name, words)
    return catalog


def test_every_language_that_can_be_chosen_is_one_of_both() -> None:
    assert {code for code, _name in settings.LANGUAGES} == {SOURCE_LANGUAGE, *LANGUAGES, *FRAMES}
    assert set(FRAMES) == settings.FRAMED_LANGUAGES


def test_a_frame_is_held_to_its_texts_and_to_no_others(texts: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = wanted(texts, "ar")
    assert {"Why?", "Billed to", "Customers"} <= {text.id for text in frame}
    assert "The payment was first asked for on %(day)s." not in frame

    def found(**said: str) -> list[str]:
        catalog = catalog_of(frame, said)
        monkeypatch.setattr(translations, "LANGUAGES", ())
        monkeypatch.setattr(translations, "FRAMES", {"ar": FRAMES["ar"]})
        monkeypatch.setattr(translations, "collected", lambda: texts)
        monkeypatch.setattr(translations, "_read", lambda _language: catalog)
        return [one for one in problems() if " in " not in one]

    assert found() == []
    assert found(Customers="") == ["ar: not translated: 'Customers' (templates/panel/nav.html)"]
    assert found(Notes="ملاحظات") == ["ar: not of its frame: 'Notes'; run `make messages`"]


def test_a_file_of_a_frame_that_is_gone_is_named(texts: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FRAMES, "ar", ("templates/gone.html",))
    with pytest.raises(FileNotFoundError, match=re.escape("the frame of ar names templates/gone.html")):
        wanted(texts, "ar")


@pytest.mark.parametrize("language", ["ar", "hi"])
def test_the_portals_own_words_are_of_the_frame(texts: Catalog, language: str) -> None:
    frame = wanted(texts, language)
    for said in ("Look into your mail", "The card was declined. No money moved, and nothing has changed.", "Back"):
        assert said in frame, said
    assert frame.get("Trial", "status") is not None
    assert frame.get("per month") is not None


def test_each_form_of_a_plural_is_asked_for() -> None:
    held = {language: translations._read(language) for language in ("ar", "hi")}
    for language, forms in (("ar", 6), ("hi", 2)):
        plurals = [tuple(text.string or ()) for text in held[language] if isinstance(text.id, tuple)]
        assert plurals
        assert all(len(words) == forms and all(words) for words in plurals)
    assert not translations._complete(("كلمة", "", "", "", "", ""))
