"""Own texts as pages show them and as mails take them, in the open scope."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import structlog

from notifications.owned.models import OwnText, OwnTextVersion
from notifications.owned.rules.texts import KINDS, OWN, allowed_in, is_own
from notifications.rules.languages import LANGUAGES
from notifications.rules.template import Template, parse_parts
from notifications.texts import source, text
from partnerpanel.kernel.errors import DomainError, NotFound

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class TextLine:
    """A text in one language as it is in use. `id` is None and the version 0 while it was never changed."""

    id: UUID | None
    name: str
    language: str
    title: str
    subject: str
    body: str
    is_default: bool
    is_archived: bool
    version: int
    topic: str = ""

    @property
    def is_own(self) -> bool:
        return is_own(self.name)


@dataclass(frozen=True, slots=True)
class VersionLine:
    """What a text said; `is_default` says that the product's was in use."""

    number: int
    subject: str
    body: str
    is_default: bool
    made_at: datetime


@dataclass(frozen=True, slots=True)
class InForce:
    """An own text that mails are written in, and which version of it that is."""

    template: Template
    version: int


def own_templates(partner_id: UUID, names: Collection[str]) -> dict[tuple[str, str], InForce]:
    """The partner's own of these texts, by language and name. One that cannot be read any more is left out."""
    rows = OwnText.objects.for_partner(partner_id).filter(name__in=sorted(names), is_default=False)
    found = {}
    for name, language, subject, body, version in rows.values_list("name", "language", "subject", "body", "version"):
        try:
            template = parse_parts(subject, body, allowed=allowed_in(name), name=name)
            found[language, name] = InForce(template, version)
        except DomainError as error:
            log.error("own_text_unreadable", name=name, language=language, error=error.message)
    return found


def changed_texts(partner_id: UUID) -> set[tuple[str, str]]:
    """The texts of the product, with their languages, that are the partner's own."""
    rows = OwnText.objects.for_partner(partner_id).filter(is_default=False).exclude(name__startswith=OWN)
    return set(rows.values_list("name", "language"))


def further_texts(partner_id: UUID, *, archived: bool = False) -> list[TextLine]:
    """The partner's further texts, by title."""
    rows = OwnText.objects.for_partner(partner_id).filter(name__startswith=OWN)
    if not archived:
        rows = rows.filter(archived_at=None)
    return [_line(row) for row in rows.order_by("title", "name", "language")]


def text_in_use(partner_id: UUID, name: str, language: str) -> TextLine:
    """Raises NotFound for a text or language that there is none of; a further text may have languages to write yet."""
    if language not in LANGUAGES:
        raise NotFound("There are no texts in this language.", field="language")
    rows = OwnText.objects.for_partner(partner_id).filter(name=name)
    row = rows.filter(language=language).first()
    if row is not None and (is_own(name) or not row.is_default):
        return _line(row)
    if is_own(name):
        there = rows.order_by("id").first()
        if there is None:
            raise NotFound("There is no such text.", field="name")
        line = _line(there)
        return replace(line, id=None, language=language, subject="", body="", is_default=False, version=0)
    if name not in KINDS:
        raise NotFound("There is no such text.", field="name")
    subject, body = source(language, name)
    return TextLine(
        id=row.pk if row is not None else None,
        name=name,
        language=language,
        title="",
        subject=subject,
        body=body,
        is_default=True,
        is_archived=False,
        version=row.version if row is not None else 0,
    )


def text_by_id(partner_id: UUID, text_id: UUID) -> TextLine:
    """As it is in use. Raises NotFound."""
    row = OwnText.objects.for_partner(partner_id).filter(pk=text_id).first()
    if row is None:
        raise NotFound("There is no such text.")
    return text_in_use(partner_id, row.name, row.language)


def versions_of(partner_id: UUID, text_id: UUID, *, limit: int) -> list[VersionLine]:
    """The newest first."""
    rows = OwnTextVersion.objects.for_partner(partner_id).filter(text=text_id).order_by("-number")
    return [VersionLine(row.number, row.subject, row.body, row.is_default, row.made_at) for row in rows[:limit]]


def default_template(language: str, name: str) -> Template | None:
    """The product's, if it has one."""
    return None if is_own(name) else text(language, name)


def _line(row: OwnText) -> TextLine:
    return TextLine(
        id=row.pk,
        name=row.name,
        language=row.language,
        title=row.title,
        subject=row.subject,
        body=row.body,
        is_default=row.is_default,
        is_archived=row.archived_at is not None,
        version=row.version,
        topic=row.topic,
    )
