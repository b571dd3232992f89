"""Texts of mails: made one's own, further ones added, reset and restored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from rest_framework import serializers

from notifications.marketing.rules.topics import SERVICE, Topic
from notifications.rules.languages import LANGUAGES
from notifications.rules.template import LONGEST_BODY, LONGEST_SUBJECT
from partnerpanel.actions import templates
from partnerpanel.api.collections.acting import Acting
from partnerpanel.api.collections.making import Changing, Making
from partnerpanel.wire.shapes import Flag, Shape, Text, Whole, one_of

READ, WRITE = "templates:read", "templates:write"


class TemplateInput(Shape):
    """With `name` the text of a mail of the product, or another language of a further one; with `title` a further
    one."""

    example: ClassVar[Mapping[str, Any]] = {
        "title": "Maintenance",
        "language": "en",
        "subject": "We are at work",
        "body": "Hello {{ customer.name }}",
    }

    name = Text(max_length=60, required=False)
    title = Text(max_length=80, required=False)
    language = one_of(LANGUAGES)
    topic = one_of(Topic, required=False, help_text="Of a further one that is marketing; one without is of service.")
    subject = Text(max_length=LONGEST_SUBJECT)
    body = Text(max_length=LONGEST_BODY, help_text="Markdown, with values in braces.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("name" in attrs) == ("title" in attrs):
            raise serializers.ValidationError({"name": ["Say one of name and title."]})
        if "topic" in attrs and "name" in attrs:
            raise serializers.ValidationError({"topic": ["Only a further text has a topic."]})
        return attrs


class TemplateChange(Shape):
    """The fields that change; title and archived are those of a further one, in all its languages."""

    title = Text(max_length=80, required=False)
    archived = Flag(required=False)
    topic = serializers.ChoiceField(
        choices=[SERVICE, *Topic], required=False, help_text="Of marketing; empty where it is of service."
    )
    subject = Text(max_length=LONGEST_SUBJECT, required=False)
    body = Text(max_length=LONGEST_BODY, required=False)


class VersionInput(Shape):
    version = Whole(min_value=1, max_value=1_000_000)


class Templates(Making):
    resource_name = "templates"
    scopes: ClassVar[Mapping[str, str]] = {"GET": READ, "POST": WRITE}
    shape = TemplateInput

    def make(self, wanted: Mapping[str, Any]) -> UUID:
        by: Any = {"actor": self.caller.actor, "now": self.caller.now}
        said = {"subject": wanted["subject"], "body": wanted["body"]}
        if "name" in wanted:
            return templates.save_text(wanted["name"], wanted["language"], **said, **by)
        about = {"title": wanted["title"], "language": wanted["language"], "topic": wanted.get("topic", SERVICE)}
        return templates.create_text(**about, **said, **by)


class Template(Changing):
    resource_name = "templates"
    scopes: ClassVar[Mapping[str, str]] = {"GET": READ, "PATCH": WRITE}
    change_shape = TemplateChange

    def change(self, id_: UUID, wanted: Mapping[str, Any]) -> None:
        templates.change_text(
            id_,
            subject=wanted.get("subject"),
            body=wanted.get("body"),
            title=wanted.get("title"),
            archived=wanted.get("archived"),
            topic=wanted.get("topic"),
            actor=self.caller.actor,
            now=self.caller.now,
        )


class Reset(Acting):
    resource_name = "templates"
    verb = "reset"
    summary = "The text as it comes again"
    scopes: ClassVar[Mapping[str, str]] = {"POST": WRITE}

    def act(self, id_: UUID, wanted: Mapping[str, Any]) -> None:
        templates.reset_text(id_, actor=self.caller.actor, now=self.caller.now)


class Restore(Acting):
    resource_name = "templates"
    verb = "restore"
    summary = "An earlier version again"
    input_shape = VersionInput
    scopes: ClassVar[Mapping[str, str]] = {"POST": WRITE}

    def act(self, id_: UUID, wanted: Mapping[str, Any]) -> None:
        templates.restore_text(id_, wanted["version"], actor=self.caller.actor, now=self.caller.now)
