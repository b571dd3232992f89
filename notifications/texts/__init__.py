"""The product's own texts, one small file per language and text. All are read and checked when this is imported."""

from __future__ import annotations

from pathlib import Path

from notifications.rules.kinds import MessageKind
from notifications.rules.languages import LANGUAGES
from notifications.rules.template import Template, parse
from notifications.rules.wordings import text_names, variables_of

FOLDER = Path(__file__).parent


def _read(language: str, name: str, kind: MessageKind) -> Template:
    content = (FOLDER / language / f"{name}.txt").read_text(encoding="utf-8")
    return parse(content, allowed=variables_of(kind, name), name=f"{language}/{name}")


_TEXTS = {
    (language, name): _read(language, name, kind)
    for language in LANGUAGES
    for kind in MessageKind
    for name in text_names(kind)
}


def text(language: str, name: str) -> Template:
    """Raises KeyError for a text that no kind of message has."""
    return _TEXTS[language, name]
