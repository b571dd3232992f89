"""What customers agree to of marketing, and the list of suppressed addresses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from notifications.marketing.queries import suppressions
from notifications.marketing.rules.reasons import NOTE_LENGTH
from partnerpanel.actions import marketing
from partnerpanel.actions.marketing import Answer, Source, Suppressed, Topic
from partnerpanel.api.collections.making import Making
from partnerpanel.api.objects import OfResource
from partnerpanel.api.operations import Operation
from partnerpanel.api.views import WritingView
from partnerpanel.kernel.ids import parse, public
from partnerpanel.tenancy.scope import tenant
from partnerpanel.wire.shapes import At, Shape, Text, constant, id_field, one_of
from partnerpanel.wire.values import instant

GONE = 204
# Where a program may say that it was heard.
HEARD = (Source.API, Source.IMPORT, Source.PORTAL, Source.STAFF)


class MarketingInput(Shape):
    """The topics that change. `source` is where the customer said it; `api` unless said."""

    example: ClassVar[Mapping[str, Any]] = {"offers": "yes", "source": "import", "note": "form of 2026-02-01"}

    offers = one_of(Answer, required=False)
    tips = one_of(Answer, required=False)
    feedback = one_of(Answer, required=False)
    source = one_of(HEARD, required=False)  # type: ignore[assignment]
    note = Text(max_length=NOTE_LENGTH, required=False)


class MarketingShape(Shape):
    """What a customer said of each topic, and where last; its events are the history."""

    object = constant("marketing")
    customer = id_field("cus")
    offers = one_of(Answer)
    tips = one_of(Answer)
    feedback = one_of(Answer)
    source = one_of(Source, allow_null=True)  # type: ignore[assignment]
    changed_at = At(allow_null=True)

    class Meta:
        ref_name = "Marketing"


class Marketing(WritingView, OfResource):
    """`GET` and `PATCH /api/v1/customers/<id>/marketing`."""

    resource_name = "customers"
    scopes: ClassVar[Mapping[str, str]] = {"GET": "customers:read", "PATCH": "customers:write"}

    @classmethod
    def operation(cls, method: str) -> Operation:
        if method == "PATCH":
            return Operation(
                id="update_customer_marketing",
                summary="Write down what the customer said of marketing",
                tag="customers",
                takes=MarketingInput,
                gives=MarketingShape,
                scope=cls.scopes[method],
                once=True,
            )
        return Operation(
            id="retrieve_customer_marketing",
            summary="What the customer said of marketing",
            tag="customers",
            gives=MarketingShape,
            scope=cls.scopes[method],
        )

    def get(self, _request: Request, public_id: str) -> Response:
        id_ = parse("cus", public_id)
        self.refuse_nobodys(id_)
        return self._shown(id_)

    def patch(self, _request: Request, public_id: str) -> Response:
        id_ = parse("cus", public_id)
        return self.once(lambda: self._change(id_), lambda _acted: self._shown(id_))

    def _change(self, id_: UUID) -> Response:
        wanted = self.cleaned(MarketingInput)
        marketing.choose(
            id_,
            {topic: Answer(wanted[topic.value]) for topic in Topic if topic.value in wanted},
            source=Source(wanted.get("source", Source.API)),
            note=wanted.get("note", ""),
            actor=self.caller.actor,
            now=self.caller.now,
        )
        return self._shown(id_)

    def _shown(self, id_: UUID) -> Response:
        found = marketing.chosen(id_, actor=self.caller.actor)
        return Response(
            {
                "object": "marketing",
                "customer": public("cus", id_),
                **{topic.value: answer.value for topic, answer in found.answers.items()},
                "source": found.source.value if found.source else None,
                "changed_at": instant(found.changed_at),
            }
        )


class SuppressionInput(Shape):
    address = serializers.EmailField(max_length=254)
    note = Text(max_length=NOTE_LENGTH, required=False)


class RemovalInput(Shape):
    note = Text(max_length=NOTE_LENGTH, help_text="Why it is taken off the list.")


class Suppressions(Making):
    """One that is on the list by hand already is given back as it is."""

    resource_name = "suppressions"
    scopes: ClassVar[Mapping[str, str]] = {"GET": "suppressions:read", "POST": "suppressions:write"}
    shape = SuppressionInput

    def make(self, wanted: Mapping[str, Any]) -> UUID:
        address, by = wanted["address"], {"actor": self.caller.actor, "now": self.caller.now}
        added = marketing.suppress_address(address, note=wanted.get("note", ""), **by)  # type: ignore[arg-type]
        if added is not None:
            return added
        partner_id = self.caller.partner.pk
        with tenant(partner_id):
            there: UUID = suppressions(partner_id, address=address, reason=Suppressed.BY_HAND).get().pk
        return there


class RemoveSuppression(WritingView, OfResource):
    """`POST /api/v1/suppressions/<id>/remove`."""

    resource_name = "suppressions"
    scopes: ClassVar[Mapping[str, str]] = {"POST": "suppressions:write"}

    @classmethod
    def operation(cls, method: str) -> Operation:
        return Operation(
            id="suppression_remove",
            summary="Take an address off the list",
            tag="suppressions",
            takes=RemovalInput,
            status=GONE,
            scope=cls.scopes[method],
            once=True,
        )

    def post(self, _request: Request, public_id: str) -> Response:
        id_ = parse(self.resource.prefix, public_id)

        def remove() -> Response:
            note = self.cleaned(RemovalInput)["note"]
            marketing.remove_suppression(id_, note=note, actor=self.caller.actor, now=self.caller.now)
            return Response(status=GONE)

        return self.once(remove, lambda _acted: Response(status=GONE))
