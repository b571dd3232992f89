"""A text tried out before anybody gets it: rendered, or mailed to one of the partner's own people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from notifications.owned.queries import text_by_id
from notifications.owned.rules.texts import OWN
from notifications.rules.languages import LANGUAGES
from notifications.rules.template import LONGEST_BODY, LONGEST_SUBJECT
from partnerpanel.actions import templates
from partnerpanel.api.objects import OfResource
from partnerpanel.api.operations import Operation
from partnerpanel.api.views import WritingView
from partnerpanel.kernel.ids import parse
from partnerpanel.tenancy.queries import colleague_at
from partnerpanel.tenancy.scope import tenant
from partnerpanel.wire.shapes import PublicId, Shape, Text, constant, one_of

RESOURCE = "templates"


class TrialInput(Shape):
    """A text as it would be saved, of the mail `name`; without one it is tried as a further text."""

    example: ClassVar[Mapping[str, Any]] = {
        "name": "subscription_extended",
        "language": "en",
        "subject": "Welcome, {{ customer.name }}",
        "body": "It runs until {{ date }}.",
    }

    name = Text(max_length=60, required=False)
    language = one_of(LANGUAGES)
    subject = Text(max_length=LONGEST_SUBJECT)
    body = Text(max_length=LONGEST_BODY)
    customer = PublicId("cus", required=False, help_text="Whose newest such mail gives the values; else samples do.")


class TrialShape(Shape):
    """`left_out` are values that the product's text names and this one does not. `is_real`: a mail that the customer
    got gave the values."""

    object = constant("template_preview")
    language = serializers.CharField()
    to = serializers.CharField()
    subject = serializers.CharField()
    text = serializers.CharField(help_text="Its plain part.")
    html = serializers.CharField(help_text="The body alone, cleaned.")
    left_out = serializers.ListField(child=serializers.CharField())
    is_real = serializers.BooleanField()

    class Meta:
        ref_name = "TemplatePreview"


class Preview(OfResource):
    """Writes nothing and mails nobody."""

    resource_name = RESOURCE
    scopes: ClassVar[Mapping[str, str]] = {"POST": "templates:read"}

    @classmethod
    def operation(cls, method: str) -> Operation:
        summary = "How a mail in this text reads"
        return Operation(
            "preview_template", summary, RESOURCE, takes=TrialInput, gives=TrialShape, scope=cls.scopes[method]
        )

    def post(self, _request: Request) -> Response:
        wanted = self.cleaned(TrialInput)
        found = templates.preview_text(
            wanted.get("name", OWN),
            wanted["language"],
            subject=wanted["subject"],
            body=wanted["body"],
            customer_id=wanted.get("customer"),
            actor=self.caller.actor,
            now=self.caller.now,
        )
        letter = found.letter
        return Response(
            {
                "object": "template_preview",
                "language": letter.language,
                "to": letter.to_address,
                "subject": letter.text.subject,
                "text": "\n\n".join(letter.text.paragraphs),
                "html": letter.text.html,
                "left_out": list(found.left_out),
                "is_real": found.is_real,
            }
        )


class TestInput(Shape):
    to = serializers.EmailField(help_text="The address of one of your people.")


class TestShape(Shape):
    object = constant("template_test")
    to = serializers.EmailField()

    class Meta:
        ref_name = "TemplateTest"


class SendTest(WritingView, OfResource):
    """The text as it is in use, with sample values. Nobody but the partner's own people is mailed."""

    resource_name = RESOURCE
    scopes: ClassVar[Mapping[str, str]] = {"POST": "templates:write"}

    @classmethod
    def operation(cls, method: str) -> Operation:
        return Operation(
            "template_test",
            "Mail a test",
            RESOURCE,
            takes=TestInput,
            gives=TestShape,
            scope=cls.scopes[method],
            once=True,
        )

    def post(self, _request: Request, public_id: str) -> Response:
        id_ = parse("tpl", public_id)
        return self.once(lambda: self._send(id_), lambda _acted: self._sent(self.cleaned(TestInput)["to"]))

    def _send(self, id_: UUID) -> Response:
        partner = self.caller.partner
        with tenant(partner.pk):
            line = text_by_id(partner.pk, id_)
        colleague = colleague_at(partner, self.cleaned(TestInput)["to"])
        templates.send_test(
            line.name,
            line.language,
            subject=line.subject,
            body=line.body,
            to_name=colleague.name,
            to=colleague.email,
            actor=self.caller.actor,
            now=self.caller.now,
        )
        return self._sent(colleague.email)

    @staticmethod
    def _sent(address: str) -> Response:
        return Response({"object": "template_test", "to": address})
