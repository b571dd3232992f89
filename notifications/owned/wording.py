"""The words that somebody writes to customers in: of a further text in all its languages, or one's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from django.utils.translation import gettext as _

from notifications.owned.models import OwnText
from notifications.owned.rules.texts import OWN, checked_text, is_own
from notifications.rules.template import Template
from partnerpanel.kernel.errors import DomainError, NotFound

ANY = "any"


class WhatToSay(DomainError):
    """Neither a template nor words of one's own, or both."""

    code = "what_to_say"


# What is left of a message whose words were erased before it went out.
WORDS_ERASED = checked_text(OWN, "{{ partner.name }}", "{{ customer.name }}")


@dataclass(frozen=True, slots=True)
class Wording:
    """`words` are sources by part and language (`subject.de`); one's own have the language `any`.

    `name` is that of the text that they come from, empty for one's own; `topic` that of marketing.
    """

    words: Mapping[str, str]
    name: str = ""
    topic: str = ""

    @property
    def said(self) -> str:
        """Changes when the words do."""
        return sha256(repr(sorted(self.words.items())).encode()).hexdigest()[:12]


def wording_of(partner_id: UUID, *, template: str, subject: str, body: str) -> Wording:
    """In the open scope. Raises WhatToSay, NotFound for an archived text too, and what is wrong with the words."""
    if template:
        if subject.strip() or body.strip():
            raise WhatToSay(_("Choose a template or write your own words, not both."), field="template")
        return _of_template(partner_id, template)
    if not subject.strip() or not body.strip():
        field = "body" if subject.strip() else "subject"
        raise WhatToSay(_("Choose a template, or write a subject and a text."), field=field)
    checked_text(OWN, subject, body, title=_("Your text"))
    return Wording({f"subject.{ANY}": subject.strip(), f"body.{ANY}": body.strip()})


def template_in(words: Mapping[str, str], *languages: str) -> tuple[str, Template] | None:
    """The words in the first of these languages that they have, else in the one they have, with that language.

    None where the words were erased.
    """
    there = [name.removeprefix("body.") for name in sorted(words) if name.startswith("body.")]
    for language in [*languages, *there]:
        if language in there:
            found = checked_text(OWN, words[f"subject.{language}"], words[f"body.{language}"])
            return (languages[0] if language == ANY else language), found
    return None


def _of_template(partner_id: UUID, name: str) -> Wording:
    rows = OwnText.objects.for_partner(partner_id).filter(name=name, archived_at=None, is_default=False)
    found = list(rows.order_by("language")) if is_own(name) else []
    if not found:
        raise NotFound(_("There is no such template."), field="template")
    words: dict[str, str] = {}
    for row in found:
        words |= {f"subject.{row.language}": row.subject, f"body.{row.language}": row.body}
    return Wording(words, name, found[0].topic)
