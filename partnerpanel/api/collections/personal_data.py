"""Everything that is kept about one customer, handed out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from partnerpanel.actions.personal_data import export_customer
from partnerpanel.api.objects import OfResource
from partnerpanel.api.operations import Operation
from partnerpanel.kernel.ids import parse
from partnerpanel.wire.shapes import At, Shape, anything, constant, id_field, one_of

FORMATS = ("json", "csv")


class ExportPersonInput(Shape):
    format = one_of(FORMATS, required=False, help_text="With csv, a ZIP with a file for each table.")


class PersonalDataShape(Shape):
    """All that is kept of a customer, without secrets."""

    object = constant("personal_data")
    customer = id_field("cus")
    exported_at = At()
    tables: Any = anything("By the name of a table, its rows.")

    class Meta:
        ref_name = "PersonalData"


class ExportPerson(OfResource):
    """Each time is recorded; the answer is kept nowhere."""

    resource_name = "customers"
    scopes: ClassVar[Mapping[str, str]] = {"POST": "exports:write"}

    @classmethod
    def operation(cls, method: str) -> Operation:
        return Operation(
            id="customer_export",
            summary="Hand out everything that is kept of the person",
            tag="customers",
            takes=ExportPersonInput,
            gives=PersonalDataShape,
            scope=cls.scopes[method],
        )

    def post(self, _request: Request, public_id: str) -> HttpResponseBase:
        id_ = parse("cus", public_id)
        wanted = self.cleaned(ExportPersonInput)
        data = export_customer(id_, actor=self.caller.actor, now=self.caller.now)
        if wanted.get("format") == "csv":
            answer = HttpResponse(data.as_zip(), content_type="application/zip")
            answer["Content-Disposition"] = f'attachment; filename="{public_id}.zip"'
            return answer
        return Response(data.as_json())
