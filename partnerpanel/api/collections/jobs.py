"""Bulk jobs: one verb over many customers, previewed by the job itself, then confirmed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from rest_framework import serializers
from rest_framework.request import Request

from customers.filters import CustomerFilter
from customers.queries.lists import matching_ids
from partnerpanel.actions.bulk import control
from partnerpanel.actions.bulk.control import MOST, InvalidJob
from partnerpanel.actions.bulk.queries import job as job_row
from partnerpanel.actions.bulk.queries import results
from partnerpanel.api.collections.acting import Acting
from partnerpanel.api.collections.making import Making
from partnerpanel.api.objects import OfResource
from partnerpanel.api.operations import Operation
from partnerpanel.api.verbs import of_customers, of_subscriptions
from partnerpanel.kernel.formulas import csv_line
from partnerpanel.kernel.ids import parse, public
from partnerpanel.tenancy.scope import tenant
from partnerpanel.wire.shapes import PublicId, Shape, Text

# What a job may do: what concerns many alike. A customer's subscriptions are suspended with the customer, and nobody
# is brought back but one by one.
NOT_IN_BULK = (
    "subscriptions.suspend",
    "subscriptions.reactivate",
    "subscriptions.drop_change",
    "subscriptions.restart",
    "customers.limit",
)
VERBS = {
    f"{name}.{spec.path}": spec
    for name, specs in (("subscriptions", of_subscriptions.VERBS), ("customers", of_customers.VERBS))
    for spec in specs
    if f"{name}.{spec.path}" not in NOT_IN_BULK
}


class JobInput(Shape):
    """`verb` as in the addresses (`customers.suspend`, `subscriptions.extend`), `inputs` as that verb takes them."""

    example: ClassVar[Mapping[str, Any]] = {"verb": "customers.tags", "inputs": {"add": ["vip"]}, "tag": "new"}

    verb = serializers.ChoiceField(choices=sorted(VERBS))
    inputs = serializers.DictField(child=serializers.JSONField(allow_null=True), required=False)
    customers = serializers.ListField(child=PublicId("cus"), required=False, min_length=1, max_length=MOST)
    tag = Text(max_length=40, required=False, help_text="All customers with this tag, instead of naming them.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("customers" in attrs) == ("tag" in attrs):
            raise serializers.ValidationError({"customers": ["Name customers, or a tag."]})
        return attrs


class ConfirmInput(Shape):
    typed = Text(max_length=20, required=False, help_text="The number of rows, where they are more than 100.")


class Jobs(Making):
    """The job previews itself first: it is `ready` when it knows what it would do."""

    resource_name = "jobs"
    scopes: ClassVar[Mapping[str, str]] = {"GET": "jobs:read", "POST": "jobs:write"}
    shape = JobInput
    needs_key = True

    def make(self, wanted: Mapping[str, Any]) -> UUID:
        spec = VERBS[wanted["verb"]]
        self.caller.need(f"{wanted['verb'].partition('.')[0]}:write")
        inputs = spec.shape(data=wanted.get("inputs", {}))
        if not inputs.is_valid():
            raise serializers.ValidationError({"inputs": inputs.errors})
        if "quote" in inputs.validated_data:
            raise InvalidJob("A job is previewed by itself and takes no quote.", field="inputs.quote")
        verb = spec.make((), inputs.validated_data)
        return control.start(verb, self._customers(wanted), actor=self.caller.actor, now=self.caller.now)

    def _customers(self, wanted: Mapping[str, Any]) -> list[UUID]:
        if "customers" in wanted:
            return list(wanted["customers"])
        partner = self.caller.partner
        with tenant(partner.pk):
            asked = CustomerFilter(tag=wanted["tag"])
            return matching_ids(partner.pk, asked, now=self.caller.now, zone=partner.timezone)


class _OnJob(Acting):
    resource_name = "jobs"
    scopes: ClassVar[Mapping[str, str]] = {"POST": "jobs:write"}


class Confirm(_OnJob):
    verb = "confirm"
    summary = "Carry it out"
    input_shape = ConfirmInput
    needs_key = True

    def act(self, id_: UUID, wanted: Mapping[str, Any]) -> None:
        control.confirm(id_, typed=wanted.get("typed", ""), actor=self.caller.actor, now=self.caller.now)


class Pause(_OnJob):
    verb = "pause"
    summary = "Stop after the rows that are being written"

    def act(self, id_: UUID, wanted: Mapping[str, Any]) -> None:
        control.pause(id_, actor=self.caller.actor)


class Resume(_OnJob):
    verb = "resume"
    summary = "Go on"

    def act(self, id_: UUID, wanted: Mapping[str, Any]) -> None:
        control.resume(id_, actor=self.caller.actor, now=self.caller.now)


class Cancel(_OnJob):
    verb = "cancel"
    summary = "Leave the rest undone"

    def act(self, id_: UUID, wanted: Mapping[str, Any]) -> None:
        control.cancel(id_, actor=self.caller.actor, now=self.caller.now)


class Results(OfResource):
    """What became of each row, as CSV."""

    resource_name = "jobs"
    scopes: ClassVar[Mapping[str, str]] = {"GET": "jobs:read"}

    @classmethod
    def operation(cls, method: str) -> Operation:
        return Operation("job_results", "What became of each row", "jobs", media="text/csv", scope=cls.scopes[method])

    def get(self, _request: Request, public_id: str) -> HttpResponseBase:
        partner_id, job_id = self.caller.partner.pk, parse("job", public_id)
        with tenant(partner_id):
            job_row(partner_id, job_id)
        answer = StreamingHttpResponse(_lines(partner_id, job_id), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{public_id}.csv"'
        return answer


def _lines(partner_id: UUID, job_id: UUID) -> Iterator[str]:
    yield csv_line(("position", "customer", "subscription", "state", "code", "message"))
    with tenant(partner_id):
        for row in results(partner_id, job_id):
            subscription = public("sub", row.subscription_id) if row.subscription_id else ""
            ids = (row.position, public("cus", row.customer_id), subscription)
            yield csv_line((*ids, row.state, row.refusal, row.message))
