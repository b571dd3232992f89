"""What the mails say: one small file per language and kind. All are read and checked when this is imported."""

from __future__ import annotations

from pathlib import Path

from notifications.rules import languages
from notifications.rules.template import Template, parse
from notifications.sign_ins.states import MAILED, SignInKind

# As many as the portal, whose doors they open.
LANGUAGES = (*languages.LANGUAGES, "ar", "hi")
FOLDER = Path(__file__).parent
VARIABLES = frozenset({"customer.name", "partner.name", "partner.support_email", "sign_in.link", "sign_in.code"})


def _read(language: str, kind: SignInKind) -> Template:
    content = (FOLDER / language / f"{kind}.txt").read_text(encoding="utf-8")
    return parse(content, allowed=VARIABLES, name=f"{language}/{kind}")


_TEXTS = {(language, kind): _read(language, kind) for language in LANGUAGES for kind in MAILED}


def text(language: str, kind: SignInKind) -> Template:
    """The text of this kind of mail."""
    return _TEXTS[language, kind]
