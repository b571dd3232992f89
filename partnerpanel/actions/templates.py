"""The texts of mails, changed by people and programs of the partner. Whoever manages the settings may."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from notifications.owned import previews, services
from notifications.owned.previews import Preview
from notifications.owned.services import TextMoved
from partnerpanel.actions.permission import Permission, permit
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.scope import tenant

__all__ = [
    "Preview",
    "TextMoved",
    "create_text",
    "describe_text",
    "preview_text",
    "reset_text",
    "restore_text",
    "save_text",
    "send_test",
]


def save_text(
    name: str, language: str, *, subject: str, body: str, version: int | None = None, actor: Actor, now: datetime
) -> UUID:
    """From the next mail on. Raises Forbidden, NotFound, UnknownLanguage, TextMoved, UnknownVariable, BrokenText,
    TextTooLong."""
    permit(actor, Permission.MANAGE_SETTINGS)
    with tenant(actor.partner_id):
        return services.save_text(name, language, subject=subject, body=body, version=version, actor=actor, now=now)


def create_text(
    *, title: str, language: str, subject: str, body: str, topic: str = "", actor: Actor, now: datetime
) -> UUID:
    """A further text to write with; one with a topic is marketing. Raises Forbidden, InvalidTitle, UnknownTopic,
    TooManyTexts, and what `save_text` raises."""
    permit(actor, Permission.MANAGE_SETTINGS)
    said = {"title": title, "language": language, "subject": subject, "body": body, "topic": topic}
    with tenant(actor.partner_id):
        return services.create_text(**said, actor=actor, now=now)


def describe_text(
    text_id: UUID,
    *,
    title: str | None = None,
    archived: bool | None = None,
    topic: str | None = None,
    version: int | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Of a further text alone. Raises Forbidden, NotFound, InvalidTitle, UnknownTopic, TextMoved."""
    permit(actor, Permission.MANAGE_SETTINGS)
    said: Any = {"title": title, "archived": archived, "topic": topic, "version": version}
    with tenant(actor.partner_id):
        services.describe_text(text_id, **said, actor=actor, now=now)


def change_text(
    text_id: UUID,
    *,
    subject: str | None,
    body: str | None,
    title: str | None,
    archived: bool | None,
    topic: str | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """What is None stays; all or nothing. Raises what `save_text` and `describe_text` raise."""
    permit(actor, Permission.MANAGE_SETTINGS)
    with tenant(actor.partner_id):
        if title is not None or archived is not None or topic is not None:
            said: Any = {"title": title, "archived": archived, "topic": topic, "version": None}
            services.describe_text(text_id, **said, actor=actor, now=now)
        if subject is not None or body is not None:
            services.rewrite_text(text_id, subject=subject, body=body, actor=actor, now=now)


def reset_text(text_id: UUID, *, version: int | None = None, actor: Actor, now: datetime) -> None:
    """The product's text again. Raises Forbidden, NotFound, NothingToReset, TextMoved."""
    permit(actor, Permission.MANAGE_SETTINGS)
    with tenant(actor.partner_id):
        services.reset_text(text_id, version=version, actor=actor, now=now)


def restore_text(text_id: UUID, number: int, *, version: int | None = None, actor: Actor, now: datetime) -> None:
    """What it said in an earlier version. Raises Forbidden, NotFound, TextMoved, and what is wrong with that text."""
    permit(actor, Permission.MANAGE_SETTINGS)
    with tenant(actor.partner_id):
        services.restore_text(text_id, number, version=version, actor=actor, now=now)


def preview_text(
    name: str, language: str, *, subject: str, body: str, customer_id: UUID | None = None, actor: Actor, now: datetime
) -> Preview:
    """Writes nothing. Raises Forbidden, NotFound, UnknownLanguage, and what is wrong with the text."""
    permit(actor, Permission.VIEW)
    with tenant(actor.partner_id):
        return previews.preview(
            actor.partner_id,
            name=name,
            language=language,
            subject=subject,
            body=body,
            customer_id=customer_id,
            now=now,
        )


def send_test(
    name: str, language: str, *, subject: str, body: str, to_name: str, to: str, actor: Actor, now: datetime
) -> None:
    """To the address of whoever asks. Raises Forbidden, TrialNotSent, and what `preview_text` raises."""
    permit(actor, Permission.MANAGE_SETTINGS)
    previews.send_test(
        actor.partner_id, name=name, language=language, subject=subject, body=body, to_name=to_name, to=to, now=now
    )
