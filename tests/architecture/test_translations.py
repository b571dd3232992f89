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


def catalog_of(said: dict[str, str]) -> Catalog:
    catalog = Catalog(locale="ar")
    for text, words in said.items():
        catalog.add(text, words)
    return catalog


def test_every_language_that_can_be_chosen_is_one_of_both() -> None:
    assert {code for code, _name in settings.LANGUAGES} == {SOURCE_LANGUAGE, *LANGUAGES, *FRAMES}
    assert set(FRAMES) == settings.FRAMED_LANGUAGES


def test_a_frame_is_held_to_its_texts_and_to_no_others(texts: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = {str(text.id): "كلمة" for text in wanted(texts, "ar") if text.id}
    assert {"Why?", "Billed to", "Customers"} <= set(frame)
    assert "The payment was first asked for on %(day)s." not in frame

    def found(**said: str) -> list[str]:
        catalog = catalog_of({**frame, **{name.replace("_", " "): words for name, words in said.items()}})
        monkeypatch.setattr(translations, "LANGUAGES", ())
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
