"""The product's own texts, one small file per language and text. All are read and checked when this is imported."""

from __future__ import annotations

from pathlib import Path

from notifications.rules.kinds import MessageKind
from notifications.rules.languages import LANGUAGES
from notifications.rules.template import Template, parse
from notifications.rules.wordings import text_names, variables_of

FOLDER = Path(__file__).parent


def _read(language: str, name: str) -> str:
    return (FOLDER / language / f"{name}.txt").read_text(encoding="utf-8").strip()


_NAMES = [(language, kind, name) for language in LANGUAGES for kind in MessageKind for name in text_names(kind)]
_SOURCES = {(language, name): _read(language, name) for language, _kind, name in _NAMES}
_TEXTS = {
    (language, name): parse(_SOURCES[language, name], allowed=variables_of(kind, name), name=f"{language}/{name}")
    for language, kind, name in _NAMES
}


def text(language: str, name: str) -> Template:
    """Raises KeyError for a text that no kind of message has."""
    return _TEXTS[language, name]


def source(language: str, name: str) -> tuple[str, str]:
    """Subject and body as they are written. Raises KeyError for a text that no kind of message has."""
    subject, _, body = _SOURCES[language, name].partition("\n")
    return subject.strip(), body.strip()
