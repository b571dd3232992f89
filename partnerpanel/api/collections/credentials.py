"""Credentials of a subscription's service account: shown, replaced, mailed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from partnerpanel.actions import credentials
from partnerpanel.api.collections.acting import Acting
from partnerpanel.api.objects import OfResource
from partnerpanel.api.operations import Operation
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import parse
from partnerpanel.wire.shapes import Shape, Text, constant


class RevealInput(Shape):
    reason = Text(max_length=300, help_text="Recorded with the look.")


class CredentialsShape(Shape):
    """What the customer logs in with."""

    object = constant("credentials")
    username = serializers.CharField()
    password = serializers.CharField()
    address = serializers.CharField(help_text="Of the service.")

    class Meta:
        ref_name = "Credentials"


class Reveal(OfResource):
    """Each look is recorded; the answer is kept nowhere. The key is the proof of who asks."""

    resource_name = "subscriptions"
    scopes: ClassVar[Mapping[str, str]] = {"POST": "credentials:reveal"}

    @classmethod
    def operation(cls, method: str) -> Operation:
        return Operation(
            id="subscription_credentials_reveal",
            summary="Show the credentials",
            tag="subscriptions",
            takes=RevealInput,
            gives=CredentialsShape,
            scope=cls.scopes[method],
        )

    def post(self, _request: Request, public_id: str) -> Response:
        id_, reason = parse("sub", public_id), self.cleaned(RevealInput)["reason"]
        self.refuse_nobodys(id_)
        found = credentials.view(
            id_,
            reason=reason,
            confirmed_at=system_now(),
            actor=self.caller.actor,
            now=self.caller.now,
        )
        return Response(
            {
                "object": "credentials",
                "username": found.login.username,
                "password": found.password,
                "address": found.login.address,
            }
        )


class Reset(Acting):
    """Replaces the password; it cannot be undone."""

    resource_name = "subscriptions"
    verb = "credentials_reset"
    summary = "Replace the password"
    scopes: ClassVar[Mapping[str, str]] = {"POST": "service_accounts:write"}

    def act(self, id_: UUID, wanted: Mapping[str, Any]) -> None:
        self.refuse_nobodys(id_)
        login = credentials.preview_reset(id_, actor=self.caller.actor)
        credentials.reset(id_, number=login.number, actor=self.caller.actor, now=self.caller.now)


class Send(Acting):
    """In the way that the partner has chosen: a one-time link, unless it wants them in the mail."""

    resource_name = "subscriptions"
    verb = "credentials_send"
    summary = "Mail the credentials to the customer"
    scopes: ClassVar[Mapping[str, str]] = {"POST": "service_accounts:write"}

    def act(self, id_: UUID, wanted: Mapping[str, Any]) -> None:
        self.refuse_nobodys(id_)
        sending = credentials.preview_sending(id_, actor=self.caller.actor)
        credentials.send(id_, mode=sending.mode, actor=self.caller.actor, now=self.caller.now)
