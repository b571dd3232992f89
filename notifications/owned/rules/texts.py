"""Which texts there are to make one's own, what each may name, and what one should not leave out."""

from __future__ import annotations

from collections.abc import Mapping

from notifications.rules.kinds import MessageKind
from notifications.rules.languages import LANGUAGES
from notifications.rules.template import Template, parse_parts
from notifications.rules.wordings import text_names, variables_of
from partnerpanel.kernel.errors import DomainError, NotFound

OWN = "own_"
# What every text may name.
ALWAYS = frozenset({"customer.name", "partner.name", "partner.support_email"})


class UnknownLanguage(DomainError):
    """A language that there are no texts in."""

    code = "unknown_language"


KINDS: Mapping[str, MessageKind] = {name: kind for kind in MessageKind for name in text_names(kind)}


def is_own(name: str) -> bool:
    """Whether it is a further text of a partner, and none of the product's."""
    return name.startswith(OWN)


def kind_of(name: str) -> MessageKind:
    """Of a text of the product. Raises NotFound."""
    if name not in KINDS:
        raise NotFound("There is no such text.", field="name")
    return KINDS[name]


def allowed_in(name: str) -> frozenset[str]:
    """What a text of this name may name. Raises NotFound."""
    return ALWAYS if is_own(name) else variables_of(kind_of(name), name)


def checked_language(language: str) -> str:
    """Raises UnknownLanguage."""
    if language not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        raise UnknownLanguage(f"There are no texts in “{language[:10]}”; there are {known}.", field="language")
    return language


def checked_text(name: str, subject: str, body: str, *, title: str = "") -> Template:
    """Raises NotFound, and UnknownVariable, BrokenText or TextTooLong naming the field."""
    return parse_parts(subject, body, allowed=allowed_in(name), name=title or name)


def left_out(own: Template, default: Template) -> tuple[str, ...]:
    """The values that the product's text has and this one has not."""
    return tuple(name for name in default.names if name not in own.names)
