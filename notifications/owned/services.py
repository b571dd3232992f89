"""Changing own texts: each change with its version and its event, in the open scope."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from notifications.marketing.rules.topics import SERVICE, Topic
from notifications.owned.models import TITLE_LENGTH, OwnText, OwnTextVersion
from notifications.owned.rules.texts import OWN, checked_language, checked_text, is_own
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.errors import Conflict, DomainError, NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.actor import Actor

KIND = "template"
MOST_OWN = 200


class TextMoved(Conflict):
    """Somebody else changed it since it was shown."""

    code = "template_moved"


class InvalidTitle(DomainError):
    """An own text without a title, or with too long a one."""

    code = "invalid_title"


class UnknownTopic(DomainError):
    """Marketing of which nobody can say whether it is wanted."""

    code = "unknown_topic"


class TooManyTexts(DomainError):
    """A partner has no more further texts than that."""

    code = "too_many_templates"


class NothingToReset(DomainError):
    """There is no text of the product behind it, or it is in use already."""

    code = "nothing_to_reset"


def save_text(
    name: str, language: str, *, subject: str, body: str, version: int | None, actor: Actor, now: datetime
) -> UUID:
    """From the next mail on. `version` is the one that was shown, 0 where there was none, None for whichever it is.

    Raises NotFound, UnknownLanguage, TextMoved, and what is wrong with the text.
    """
    checked_language(language)
    checked_text(name, subject, body)
    row = _locked(name, language, actor=actor, now=now)
    return _write(row, subject=subject.strip(), body=_lines(body), version=version, actor=actor, now=now)


def create_text(
    *, title: str, language: str, subject: str, body: str, topic: str = SERVICE, actor: Actor, now: datetime
) -> UUID:
    """A further text to write with. Raises InvalidTitle, UnknownLanguage, UnknownTopic, TooManyTexts, and what is wrong
    with it."""
    checked_topic(topic)
    checked_language(language)
    title, name = checked_title(title), f"{OWN}{uuid7().hex}"
    checked_text(name, subject, body, title=title)
    there = OwnText.objects.for_partner(actor.partner_id).filter(name__startswith=OWN, archived_at=None)
    if there.count() >= MOST_OWN:
        raise TooManyTexts(_("There are %(n)s templates already; archive one.") % {"n": MOST_OWN})
    row = OwnText(
        id=uuid7(),
        partner_id=actor.partner_id,
        name=name,
        language=language,
        title=title,
        topic=topic,
        is_default=True,
        changed_at=now,
    )
    row.save(force_insert=True)
    return _write(row, subject=subject.strip(), body=_lines(body), version=None, actor=actor, now=now)


def rewrite_text(text_id: UUID, *, subject: str | None, body: str | None, actor: Actor, now: datetime) -> None:
    """What is None stays as it is. Raises NotFound, and what is wrong with the text."""
    row = _of_id(text_id, actor)
    subject, body = (row.subject if subject is None else subject), (row.body if body is None else body)
    checked_text(row.name, subject, body, title=row.title)
    _write(row, subject=subject.strip(), body=_lines(body), version=None, actor=actor, now=now)


def describe_text(
    text_id: UUID,
    *,
    title: str | None = None,
    archived: bool | None = None,
    topic: str | None = None,
    version: int | None,
    actor: Actor,
    now: datetime,
) -> None:
    """What a further text is called, what it is about, and whether it is still offered; all its languages follow.

    Raises NotFound, also for a text of the product; InvalidTitle, UnknownTopic, TextMoved.
    """
    row = _of_id(text_id, actor)
    if not is_own(row.name):
        raise NotFound(_("Texts of the product keep their names."), field="id")
    _refuse_moved(row, version)
    wanted: dict[str, Any] = {}
    if title is not None and checked_title(title) != row.title:
        wanted["title"] = checked_title(title)
    if topic is not None and checked_topic(topic) != row.topic:
        wanted["topic"] = topic
    if archived is not None and archived != (row.archived_at is not None):
        wanted["archived_at"] = now if archived else None
    if wanted:
        fields = sorted(one.removesuffix("_at") for one in wanted)
        _change(row, wanted, what="updated", data={"fields": fields}, actor=actor, now=now)
        of_name = OwnText.objects.for_partner(actor.partner_id).filter(name=row.name)
        of_name.exclude(pk=row.pk).update(**wanted)


def reset_text(text_id: UUID, *, version: int | None, actor: Actor, now: datetime) -> None:
    """The product's text again; what was written stays in the history. Raises NotFound, NothingToReset, TextMoved."""
    row = _of_id(text_id, actor)
    _refuse_moved(row, version)
    if is_own(row.name) or row.is_default:
        raise NothingToReset(_("The text is as it comes already."))
    changes = {"subject": "", "body": "", "is_default": True}
    _change(row, changes, what="reset", data={}, actor=actor, now=now)
    _keep(row, now=now)


def restore_text(text_id: UUID, number: int, *, version: int | None, actor: Actor, now: datetime) -> None:
    """What it said in that version. Raises NotFound, TextMoved, and what is wrong with the text by now."""
    row = _of_id(text_id, actor)
    of_text = OwnTextVersion.objects.for_partner(actor.partner_id).filter(text=text_id, number=number)
    past = of_text.first()
    if past is None:
        raise NotFound(_("There is no such version."), field="version")
    if past.is_default:
        reset_text(text_id, version=version, actor=actor, now=now)
        return
    checked_text(row.name, past.subject, past.body, title=row.title)
    _write(row, subject=past.subject, body=past.body, version=version, actor=actor, now=now, what="restored")


def checked_topic(topic: str) -> str:
    """Of marketing, or of service. Raises UnknownTopic."""
    if topic not in (SERVICE, *Topic):
        raise UnknownTopic(_("A text is of service, or about offers, tips or feedback."), field="topic")
    return topic


def checked_title(title: str) -> str:
    """On one line. Raises InvalidTitle."""
    found = " ".join(title.split())
    if not 0 < len(found) <= TITLE_LENGTH:
        message = _("Give the template a title of at most %(n)s letters.") % {"n": TITLE_LENGTH}
        raise InvalidTitle(message, field="title")
    return found


def _locked(name: str, language: str, *, actor: Actor, now: datetime) -> OwnText:
    """The row, made where there is none yet. Of a further text another language is made like the one there is."""
    rows = OwnText.objects.for_partner(actor.partner_id)
    like: dict[str, Any] = {}
    if is_own(name):
        there = rows.filter(name=name).order_by("id").first()
        if there is None:
            raise NotFound(_("There is no such text."), field="name")
        like = {"title": there.title, "topic": there.topic, "archived_at": there.archived_at}
    new = OwnText(
        id=uuid7(),
        partner_id=actor.partner_id,
        name=name,
        language=language,
        is_default=True,
        changed_at=now,
        **like,
    )
    rows.bulk_create([new], ignore_conflicts=True)
    return rows.select_for_update().get(name=name, language=language)


def _of_id(text_id: UUID, actor: Actor) -> OwnText:
    row = OwnText.objects.for_partner(actor.partner_id).select_for_update().filter(pk=text_id).first()
    if row is None:
        raise NotFound(_("There is no such template."), field="id")
    return row


def _write(
    row: OwnText,
    *,
    subject: str,
    body: str,
    version: int | None,
    actor: Actor,
    now: datetime,
    what: str = "saved",
) -> UUID:
    _refuse_moved(row, version)
    text_id: UUID = row.pk
    if not row.is_default and (row.subject, row.body) == (subject, body):
        return text_id
    changes = {"subject": subject, "body": body, "is_default": False}
    _change(row, changes, what=what, data={}, actor=actor, now=now)
    _keep(row, now=now)
    return text_id


def _change(
    row: OwnText, changes: dict[str, Any], *, what: str, data: dict[str, Any], actor: Actor, now: datetime
) -> None:
    for field, value in changes.items():
        setattr(row, field, value)
    row.version, row.changed_at = row.version + 1, now
    row.save(update_fields=[*changes, "version", "changed_at"])
    said = {"name": row.name, "language": row.language, **data}
    draft = EventDraft(f"{KIND}.{what}", KIND, row.pk, row.version, data=said)
    record([draft], actor=actor, action_id=uuid7(), now=now)


def _keep(row: OwnText, *, now: datetime) -> None:
    OwnTextVersion(
        partner_id=row.partner_id,
        text=row,
        number=row.version,
        subject=row.subject,
        body=row.body,
        is_default=row.is_default,
        made_at=now,
    ).save(force_insert=True)


def _refuse_moved(row: OwnText, version: int | None) -> None:
    if version not in (None, row.version):
        message = _("Somebody else changed this text meanwhile. Look at it and repeat your change.")
        raise TextMoved(message, field="version")


def _lines(body: str) -> str:
    return body.replace("\r\n", "\n").replace("\r", "\n").strip()
