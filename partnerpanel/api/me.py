"""`GET /api/v1/me`: whose key this is and what it may do."""

from __future__ import annotations

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from partnerpanel.api.operations import Operation
from partnerpanel.api.views import ApiView
from partnerpanel.kernel.ids import public
from partnerpanel.wire.shapes import At, Shape, constant, id_field, one_of
from partnerpanel.wire.values import instant


class MeShape(Shape):
    """The partner behind the key. `now` is its business time: of a test mode, its test clock."""

    object = constant("me")
    partner = id_field("par")
    name = serializers.CharField()
    slug = serializers.CharField()
    mode = one_of(("live", "test"))
    currency = serializers.CharField()
    timezone = serializers.CharField()
    now = At()
    key = serializers.CharField(help_text="The key’s name.")
    scopes = serializers.ListField(child=serializers.CharField())
    key_expires_at = At(allow_null=True)
    version = serializers.CharField()

    class Meta:
        ref_name = "Me"


class Me(ApiView):
    """Needs a key, and no scope."""

    @classmethod
    def operation(cls, _method: str) -> Operation:
        return Operation("retrieve_me", "Whose key this is", "me", gives=MeShape)

    def get(self, _request: Request) -> Response:
        caller = self.caller
        return Response(
            {
                "object": "me",
                "partner": public("par", caller.partner.pk),
                "name": caller.partner.name,
                "slug": caller.partner.live.slug,
                "mode": "test" if caller.partner.is_test else "live",
                "currency": caller.partner.currency,
                "timezone": caller.partner.timezone,
                "now": instant(caller.now),
                "key": caller.key.name,
                "scopes": caller.key.scopes,
                "key_expires_at": instant(caller.key.expires_at),
                "version": caller.version.name,
            }
        )
