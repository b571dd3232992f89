"""Own texts as programs see them."""

from __future__ import annotations

from collections.abc import Sequence

from rest_framework import serializers

from notifications.marketing.rules.topics import SERVICE, Topic
from notifications.owned.models import OwnText
from notifications.owned.rules.texts import allowed_in
from notifications.rules.languages import LANGUAGES
from partnerpanel.kernel.ids import public
from partnerpanel.wire import filters
from partnerpanel.wire.resources import Resource, Showing, Shown
from partnerpanel.wire.shapes import At, Flag, Shape, Whole, constant, id_field, one_of
from partnerpanel.wire.values import instant

TEMPLATE = "tpl"


class TemplateShape(Shape):
    """A text of mails in one language: yours in the place of the product's (`name` is that mail's), or a further one
    to write to customers with. What is not listed is as it comes."""

    id = id_field(TEMPLATE)
    object = constant("template")
    name = serializers.CharField()
    language = one_of(LANGUAGES)
    title = serializers.CharField(help_text="Of a further one; else empty.")
    topic = serializers.ChoiceField(
        choices=[SERVICE, *Topic], help_text="Of a further one that is marketing; empty where it is of service."
    )
    subject = serializers.CharField(help_text="Empty while it is as it comes.")
    body = serializers.CharField()
    is_default = Flag(help_text="The product’s text is in use.")
    variables = serializers.ListField(child=serializers.CharField(), help_text="What it may name.")
    archived = Flag()
    version = Whole()
    changed_at = At()

    class Meta:
        ref_name = "Template"


def show(_showing: Showing, rows: Sequence[OwnText]) -> list[Shown]:
    return [
        {
            "id": public(TEMPLATE, row.pk),
            "object": "template",
            "name": row.name,
            "language": row.language,
            "title": row.title,
            "topic": row.topic,
            "subject": row.subject,
            "body": row.body,
            "is_default": row.is_default,
            "variables": sorted(allowed_in(row.name)),
            "archived": row.archived_at is not None,
            "version": row.version,
            "changed_at": instant(row.changed_at),
        }
        for row in rows
    ]


TEMPLATES = Resource(
    name="templates",
    kind="template",
    prefix=TEMPLATE,
    shape=TemplateShape,
    rows=OwnText.objects.for_partner,
    show=show,
    filters={"language": filters.word("language", LANGUAGES)},
)
