"""Webhook endpoints and the log of what was sent to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from notifications.webhooks.endpoints import DESCRIPTION_LENGTH, EndpointChange
from notifications.webhooks.queries import shown_attempts
from notifications.webhooks.representations import WebhookDeliveryShape, WebhookEndpointShape
from notifications.webhooks.rules.topics import TOPICS
from notifications.webhooks.targets import LONGEST
from partnerpanel.actions import webhooks
from partnerpanel.api.collections.making import CREATED, Changing, Making
from partnerpanel.api.objects import Detail, OfResource
from partnerpanel.api.operations import Operation
from partnerpanel.api.views import WritingView
from partnerpanel.events.queries import of_action
from partnerpanel.idempotency.services import Acted
from partnerpanel.kernel.ids import parse
from partnerpanel.tenancy.scope import tenant
from partnerpanel.wire.resources import Shown, resource, shown_one
from partnerpanel.wire.shapes import At, Flag, Instant, Shape, Text, Whole, anything, constant, one_of

GONE = 204
OVERLAP_HOURS = 24
READ, WRITE = "webhook_endpoints:read", "webhook_endpoints:write"


class WebhookEndpointInput(Shape):
    """Without `events` it hears of everything."""

    url = Text(max_length=LONGEST)
    description = Text(max_length=DESCRIPTION_LENGTH, required=False, allow_blank=True)
    events = serializers.ListField(child=one_of(sorted(TOPICS)), required=False, max_length=len(TOPICS))


class WebhookEndpointChange(WebhookEndpointInput):
    """The fields that change; `enabled` switches it off and on."""

    url = Text(max_length=LONGEST, required=False)
    enabled = Flag(required=False)


class NewSecretShape(WebhookEndpointShape):
    """An endpoint with its newest secret, which is shown this once."""

    secret = serializers.CharField(
        allow_null=True, help_text="`whsec_…`; null where the same request has shown it before."
    )

    class Meta:
        ref_name = "WebhookEndpointWithSecret"


class RotationInput(Shape):
    """For how long the secret before signs too."""

    overlap_hours = Whole(min_value=0, max_value=OVERLAP_HOURS, required=False, help_text="24 unless said.")


class ReplayInput(Shape):
    """A span of the real clock: from `since` to before `until`."""

    since = Instant()
    until = Instant()
    arrived_too = Flag(required=False, help_text="Also what was taken already; else only what was not.")


class ReplayShape(Shape):
    object = constant("webhook_replay")
    messages = Whole(help_text="How many are sent.")

    class Meta:
        ref_name = "WebhookReplay"


class AttemptShape(Shape):
    """One request and what came of it; the first 2 kB of the answer."""

    sent_at = At()
    milliseconds = Whole()
    url = serializers.CharField()
    request_headers = anything("By name.")
    request_body = serializers.CharField()
    status = Whole(allow_null=True)
    response_headers = anything("By name.")
    response_body = serializers.CharField()
    error = serializers.CharField(help_text="Why there is no answer; empty where there is one.")

    class Meta:
        ref_name = "WebhookAttempt"


class DeliveryWithAttemptsShape(WebhookDeliveryShape):
    """A message with what was sent, and answered, in the last 30 days."""

    attempts = AttemptShape(many=True, help_text="The newest first.")

    class Meta:
        ref_name = "WebhookDeliveryWithAttempts"


class WebhookEndpoints(Making):
    resource_name = "webhook_endpoints"
    scopes: ClassVar[Mapping[str, str]] = {"GET": READ, "POST": WRITE}
    shape = WebhookEndpointInput
    keeps_answer = False
    secret: str | None = None

    @classmethod
    def operation(cls, method: str) -> Operation:
        return _with_secret(super().operation(method)) if method == "POST" else super().operation(method)

    def make(self, wanted: Mapping[str, Any]) -> UUID:
        made = webhooks.create_endpoint(
            url=wanted["url"],
            description=wanted.get("description", ""),
            kinds=wanted.get("events", ()),
            actor=self.caller.actor,
        )
        self.secret = made.secret
        return made.id

    def one(self, id_: UUID) -> Shown:
        return {**super().one(id_), "secret": self.secret}


class WebhookEndpoint(Changing):
    resource_name = "webhook_endpoints"
    scopes: ClassVar[Mapping[str, str]] = {"GET": READ, "PATCH": WRITE, "DELETE": WRITE}
    change_shape = WebhookEndpointChange

    @classmethod
    def operation(cls, method: str) -> Operation:
        if method != "DELETE":
            return super().operation(method)
        return Operation(
            id="delete_webhook_endpoint",
            summary="Remove an endpoint and its log",
            tag=cls.resource_name,
            status=GONE,
            scope=WRITE,
            once=True,
        )

    def change(self, id_: UUID, wanted: Mapping[str, Any]) -> None:
        change = EndpointChange(
            wanted.get("url"), wanted.get("description"), wanted.get("events"), wanted.get("enabled")
        )
        webhooks.change_endpoint(id_, change, actor=self.caller.actor)

    def delete(self, _request: Request, public_id: str) -> Response:
        id_ = parse(self.resource.prefix, public_id)

        def remove() -> Response:
            webhooks.remove_endpoint(id_, actor=self.caller.actor)
            return Response(status=GONE)

        return self.once(remove, lambda _acted: Response(status=GONE))


class _OnEndpoint(WritingView, OfResource):
    """`POST /api/v1/webhook_endpoints/<id>/…`."""

    resource_name = "webhook_endpoints"
    scopes: ClassVar[Mapping[str, str]] = {"POST": WRITE}


class RotateSecret(_OnEndpoint):
    keeps_answer = False

    @classmethod
    def operation(cls, _method: str) -> Operation:
        summary = "Make a new secret; the one before signs too for a while"
        return _with_secret(_on_endpoint("webhook_endpoint_rotate_secret", summary, takes=RotationInput))

    def post(self, _request: Request, public_id: str) -> Response:
        id_ = parse(self.resource.prefix, public_id)

        def rotate() -> Response:
            overlap = timedelta(hours=self.cleaned(RotationInput).get("overlap_hours", OVERLAP_HOURS))
            secret = webhooks.rotate_secret(id_, overlap=overlap, actor=self.caller.actor)
            return Response({**self.one(id_), "secret": secret})

        return self.once(rotate, lambda _acted: Response({**self.one(id_), "secret": None}))


class SendTest(_OnEndpoint):
    @classmethod
    def operation(cls, _method: str) -> Operation:
        said = _on_endpoint("webhook_endpoint_test", "Send a test event", gives=WebhookDeliveryShape)
        return replace(said, status=CREATED)

    def post(self, _request: Request, public_id: str) -> Response:
        id_ = parse(self.resource.prefix, public_id)

        def send() -> Response:
            self.cleaned(Shape)
            return self._shown(webhooks.send_test(id_, actor=self.caller.actor))

        return self.once(send, lambda acted: self._shown(UUID(_told(self, acted)["delivery"])))

    def _shown(self, sent: UUID) -> Response:
        with tenant(self.caller.partner.pk):
            return Response(shown_one(resource("webhook_deliveries"), sent, showing=self.showing), status=CREATED)


class ReplaySpan(_OnEndpoint):
    @classmethod
    def operation(cls, _method: str) -> Operation:
        summary = "Send again what a span of time brought"
        return _on_endpoint("webhook_endpoint_replay", summary, takes=ReplayInput, gives=ReplayShape)

    def post(self, _request: Request, public_id: str) -> Response:
        id_ = parse(self.resource.prefix, public_id)

        def again() -> Response:
            wanted = self.cleaned(ReplayInput)
            return _replayed(webhooks.replay_span(id_, **wanted, actor=self.caller.actor))

        return self.once(again, lambda acted: _replayed(_told(self, acted)["messages"]))


class WebhookDelivery(Detail):
    resource_name = "webhook_deliveries"
    scopes: ClassVar[Mapping[str, str]] = {"GET": "webhook_deliveries:read"}

    @classmethod
    def operation(cls, method: str) -> Operation:
        return replace(super().operation(method), gives=DeliveryWithAttemptsShape)

    def one(self, id_: UUID) -> Shown:
        found = super().one(id_)
        with tenant(self.caller.partner.pk):
            return {**found, "attempts": shown_attempts(self.caller.partner.pk, id_)}


class Replay(WritingView, OfResource):
    """`POST /api/v1/webhook_deliveries/<id>/replay`."""

    resource_name = "webhook_deliveries"
    scopes: ClassVar[Mapping[str, str]] = {"POST": WRITE}

    @classmethod
    def operation(cls, _method: str) -> Operation:
        return Operation(
            id="webhook_delivery_replay",
            summary="Send a message again",
            tag=cls.resource_name,
            gives=WebhookDeliveryShape,
            scope=WRITE,
            once=True,
        )

    def post(self, _request: Request, public_id: str) -> Response:
        id_ = parse(self.resource.prefix, public_id)

        def again() -> Response:
            self.cleaned(Shape)
            webhooks.replay(id_, actor=self.caller.actor)
            return Response(self.one(id_))

        return self.once(again, lambda _acted: Response(self.one(id_)))


def _on_endpoint(
    id_: str, summary: str, *, takes: type[Shape] | None = None, gives: type[Shape] | None = None
) -> Operation:
    return Operation(id=id_, summary=summary, tag="webhook_endpoints", takes=takes, gives=gives, scope=WRITE, once=True)


def _with_secret(said: Operation) -> Operation:
    return replace(said, gives=NewSecretShape)


def _replayed(many: int) -> Response:
    return Response({"object": "webhook_replay", "messages": many})


def _told(view: OfResource, acted: Acted) -> Mapping[str, Any]:
    """What the record says of a request that has been done already."""
    with tenant(view.caller.partner.pk):
        [entry] = of_action(view.caller.partner.pk, acted.action_id)
    return entry.data
