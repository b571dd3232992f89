"""Exports: a whole resource as CSV, narrowed as its list is, read while it is sent."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from partnerpanel.actions.permission import Permission, permit
from partnerpanel.api.operations import Operation
from partnerpanel.api.views import ApiView
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.formulas import csv_line
from partnerpanel.tenancy.scope import tenant
from partnerpanel.wire.lists import page_of
from partnerpanel.wire.resources import Resource, Showing, Shown, resource
from partnerpanel.wire.shapes import Shape, constant

EXPORTED = (
    "customers",
    "subscriptions",
    "invoices",
    "credit_notes",
    "payments",
    "refunds",
    "disputes",
    "ledger_entries",
    "usage_records",
    "products",
    "plans",
    "addons",
    "coupons",
)
PART = 500


class ExportNameShape(Shape):
    """A resource that can be had as a file."""

    object = constant("export")
    name = serializers.ChoiceField(choices=EXPORTED)
    address = serializers.CharField()

    class Meta:
        ref_name = "Export"


class Exports(ApiView):
    """Which there are."""

    scopes: ClassVar[Mapping[str, str]] = {"GET": "exports:read"}

    @classmethod
    def operation(cls, method: str) -> Operation:
        return Operation(
            "list_exports",
            "Which resources can be had as files",
            "exports",
            gives=ExportNameShape,
            is_list=True,
            scope=cls.scopes[method],
        )

    def get(self, _request: Request) -> Response:
        data = [{"object": "export", "name": name, "address": f"/api/v1/exports/{name}"} for name in EXPORTED]
        return Response({"data": data, "next": None, "previous": None})


class Export(ApiView):
    """A row an object, newest first; nested values are JSON. Formulas are escaped."""

    scopes: ClassVar[Mapping[str, str]] = {"GET": "exports:read"}

    @classmethod
    def operation(cls, method: str) -> Operation:
        summary = "A resource as CSV, narrowed as its list is"
        return Operation("export", summary, "exports", media="text/csv", scope=cls.scopes[method])

    def get(self, request: Request, name: str) -> HttpResponseBase:
        if name not in EXPORTED:
            raise NotFound("There is no such export.", field="name")
        permit(self.caller.actor, Permission.EXPORT)
        self.caller.need(f"{name}:read")
        asked = {key: str(value) for key, value in request.query_params.items()}
        one, showing = resource(name), self.showing
        with tenant(showing.partner_id):
            page_of(one, asked, limit=1, cursor=None, showing=showing)
        answer = StreamingHttpResponse(_lines(one, asked, showing), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
        return answer


def _lines(one: Resource, asked: Mapping[str, str], showing: Showing) -> Iterator[str]:
    names = [str(name) for name in one.shape().fields if str(name) != "object"]
    yield csv_line(names)
    cursor: str | None = None
    while True:
        with tenant(showing.partner_id):
            page: dict[str, Any] = page_of(one, asked, limit=PART, cursor=cursor, showing=showing)
        rows: list[Shown] = page["data"]
        yield "".join(csv_line([_flat(row[name]) for name in names]) for row in rows)
        cursor = page["next"]
        if cursor is None:
            return


def _flat(value: Any) -> Any:
    """Nested values as JSON."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
