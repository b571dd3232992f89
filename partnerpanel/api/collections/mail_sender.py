"""The address that the partner's mails come from: read, set, looked for in the DNS, and given up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from partnerpanel.actions import mail_sender
from partnerpanel.actions.mail_sender import Finding, Record
from partnerpanel.api.operations import Operation
from partnerpanel.api.views import WritingView
from partnerpanel.wire.shapes import At, Shape, Text, constant, one_of
from partnerpanel.wire.values import instant

GONE = 204


class SenderRecord(Shape):
    """A DNS record to set, and what was found there last. `seen` are values that stand there."""

    record = one_of(Record)
    name = Text()
    type = Text()
    value = Text()
    finding = one_of(Finding)
    seen = serializers.ListField(child=serializers.CharField())


class SenderShape(Shape):
    """`address` is null where none was set. Mails come from `mails_come_from`: the address while it is proved."""

    object = constant("mail_sender")
    address = Text(allow_null=True)
    mails_come_from = Text()
    proved_at = At(allow_null=True)
    broken_at = At(allow_null=True)
    looked_at = At(allow_null=True)
    records = SenderRecord(many=True)

    class Meta:
        ref_name = "MailSender"


class SenderInput(Shape):
    address = Text(max_length=254, help_text="Such as billing@example.com, of a domain whose DNS you manage.")


class CheckInput(Shape):
    """Takes nothing."""


class OfSender(WritingView):
    """Everything below `/api/v1/mail_sender`."""

    scopes: ClassVar[Mapping[str, str]] = {
        "GET": "mail_sender:read",
        "POST": "mail_sender:write",
        "DELETE": "mail_sender:write",
    }

    @classmethod
    def said(cls, id_: str, summary: str, method: str, **more: Any) -> Operation:
        return Operation(id_, summary, "mail_sender", scope=cls.scopes[method], **more)

    def state(self) -> Response:
        found = mail_sender.standing(self.caller.partner.pk)
        sender = found.sender
        return Response(
            {
                "object": "mail_sender",
                "address": sender.address if sender else None,
                "mails_come_from": sender.address if sender and sender.proved_at else found.platform,
                "proved_at": instant(sender.proved_at) if sender else None,
                "broken_at": instant(sender.broken_at) if sender else None,
                "looked_at": instant(sender.looked_at) if sender else None,
                "records": [
                    {
                        "record": one.record.value,
                        "name": one.name,
                        "type": one.type,
                        "value": one.value,
                        "finding": there.finding.value,
                        "seen": list(there.seen),
                    }
                    for one, there in found.records
                ],
            }
        )


class Sender(OfSender):
    @classmethod
    def operation(cls, method: str) -> Operation:
        if method == "GET":
            return cls.said("retrieve_mail_sender", "Where mails come from", method, gives=SenderShape)
        if method == "DELETE":
            return cls.said("delete_mail_sender", "Send from the installation’s address again", method, status=GONE)
        summary = "Send from an address of your own, once it is proved"
        return cls.said("set_mail_sender", summary, method, takes=SenderInput, gives=SenderShape, once=True)

    def get(self, _request: Request) -> Response:
        return self.state()

    def post(self, _request: Request) -> Response:
        def act() -> Response:
            address = self.cleaned(SenderInput)["address"]
            mail_sender.set_address(address, actor=self.caller.actor, now=self.caller.now)
            return self.state()

        return self.once(act, lambda _acted: self.state())

    def delete(self, _request: Request) -> Response:
        mail_sender.give_up(actor=self.caller.actor, now=self.caller.now)
        return Response(status=GONE)


class Check(OfSender):
    """Asks the DNS now; what was found is in the answer, proved or not."""

    @classmethod
    def operation(cls, method: str) -> Operation:
        summary = "Look for the DNS records of the sender now"
        return cls.said("check_mail_sender", summary, method, takes=CheckInput, gives=SenderShape, once=True)

    def post(self, _request: Request) -> Response:
        def act() -> Response:
            self.cleaned(CheckInput)
            mail_sender.check(actor=self.caller.actor, now=self.caller.now)
            return self.state()

        return self.once(act, lambda _acted: self.state())
