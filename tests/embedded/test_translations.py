"""Texts are found in Python and in templates; the catalogues hold them all."""

from pathlib import Path

import pytest

from partnerpanel.embedded import translations


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of two files and one language."""
    for name, value in {"ROOT": tmp_path, "LOCALES": tmp_path / "locale", "SOURCES": ("panel",), "FRAMES": {}}.items():
        monkeypatch.setattr(translations, name, value)
    (tmp_path / "panel").mkdir()
    (tmp_path / "panel" / "forms.py").write_text('label = pgettext("verb", "Hold")\nother = _("A %(size)s box")\n')
    (tmp_path / "panel" / "page.html").write_text(
        "{% load i18n %}\n    <h1>{% trans 'Customers' %}</h1>\n{# nothing #}\n  {% blocktranslate count n=n %}\n"
        'one mail{% plural %}{{ n }} mails{% endblocktranslate %}<p title="it\'s">'
    )
    return tmp_path


def test_texts_of_python_and_templates_are_found(project: Path) -> None:
    found = {(message.context, message.id) for message in translations.collected() if message.id}
    assert {(None, "Customers"), ("verb", "Hold"), (None, "A %(size)s box")} <= found
    assert any(isinstance(text, tuple) and text[1] == "%(n)s mails" for _, text in found)


def test_what_is_not_translated_is_named(project: Path) -> None:
    translations.collect()
    assert any("not translated: 'Customers'" in problem for problem in translations.problems())


def test_a_text_that_is_new_is_named(project: Path) -> None:
    translations.collect()
    (project / "panel" / "new.py").write_text('label = _("Never seen")\n')
    assert any("not in the catalogue: 'Never seen'" in problem for problem in translations.problems())


def test_collecting_twice_writes_the_same(project: Path) -> None:
    translations.collect()
    catalogue = project / "locale" / "de" / "LC_MESSAGES" / "django.po"
    first = catalogue.read_bytes()
    translations.collect()
    assert catalogue.read_bytes() == first
