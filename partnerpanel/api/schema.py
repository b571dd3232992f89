"""The OpenAPI 3.1 document, made from what each view says of itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import Direction
from rest_framework import serializers

from partnerpanel.actions.api_keys import NEWEST_VERSION
from partnerpanel.api.examples import example_of
from partnerpanel.api.operations import Operation
from partnerpanel.api.versions import HEADER
from partnerpanel.wire.shapes import Shape, Whole

JSON, PROBLEM = "application/json", "application/problem+json"
REFUSALS = {
    400: "The request cannot be read.",
    401: "There is no valid key.",
    403: "The key does not allow it.",
    404: "There is no such object.",
    409: "The facts moved, or the same request is under way.",
    413: "The body is too large.",
    415: "The body is no JSON.",
    422: "It is refused; nothing was written.",
    429: "Too many requests.",
}
HEADERS = {
    "RateLimit": "The limit, what is left of it, and the seconds to its end.",
    "RateLimit-Policy": "The limit that is the tightest now.",
    HEADER: "The version that answered.",
}


class FieldErrorShape(Shape):
    """What is wrong with one field."""

    field = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()

    class Meta:
        ref_name = "FieldError"


class DifferenceShape(Shape):
    """A fact as the quote showed it, and as it is."""

    fact = serializers.CharField()
    shown = serializers.CharField(allow_blank=True)
    now = serializers.CharField(allow_blank=True)

    class Meta:
        ref_name = "Difference"


class ProblemShape(Shape):
    """A refusal (RFC 9457). `code` never changes; `detail` is for people."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = Whole()
    detail = serializers.CharField()
    code = serializers.CharField()
    errors = FieldErrorShape(many=True)  # type: ignore[assignment]
    request_id = serializers.CharField()
    reason = serializers.CharField(required=False)
    differences = DifferenceShape(many=True, required=False)

    class Meta:
        ref_name = "Problem"


class Schema(AutoSchema):
    """Writes an operation from the view's own `operation(method)`."""

    def get_operation(self, path: str, path_regex: str, path_prefix: str, method: str, registry: Any) -> Any:
        self.registry, self.method = registry, method.upper()
        said: Operation = self.view.operation(self.method)  # type: ignore[attr-defined]
        found: dict[str, Any] = {
            "operationId": said.id,
            "summary": said.summary,
            "tags": [said.tag],
            "security": [{"key": []}],
            "parameters": [*_in_path(path), *said.parameters, *_in_headers(said)],
            "responses": self._responses(said),
        }
        if said.scope:
            found["description"] = f"Needs the scope `{said.scope}`."
            found["x-scope"] = said.scope
        if said.takes is not None:
            body = {"schema": self._ref(said.takes), "example": _example(said.takes)}
            required = any(field.required for field in said.takes().fields.values())
            found["requestBody"] = {"content": {JSON: body}, "required": required}
        return found

    def _responses(self, said: Operation) -> dict[str, Any]:
        good: dict[str, Any] = {"description": "It went well.", "headers": {n: _header(t) for n, t in HEADERS.items()}}
        if said.media:
            good["content"] = {said.media: {"schema": {"type": "string", "format": "binary"}}}
        elif said.gives is not None:
            schema, example = self._ref(said.gives), example_of(said.gives)
            if said.is_list:
                schema = _list_of(schema)
                example = {"data": [example], "next": None, "previous": None}
            good["content"] = {JSON: {"schema": schema, "example": example}}
        problem = {PROBLEM: {"schema": self._ref(ProblemShape)}}
        bad = {str(status): {"description": text, "content": problem} for status, text in REFUSALS.items()}
        later = {"202": {**good, "description": said.accepted}} if said.accepted else {}
        return {str(said.status): good, **later, **bad}

    def _ref(self, shape: type[Shape]) -> dict[str, Any]:
        direction: Direction = "request" if shape.__name__.endswith(("Input", "Change")) else "response"
        if not shape().fields:
            return {"type": "object", "additionalProperties": False}
        ref: dict[str, Any] = self.resolve_serializer(shape, direction).ref
        return ref


def _example(shape: type[Shape]) -> dict[str, Any]:
    """Of an input: what has to be there, and no more."""
    made = shape()
    found = {name: value for name, value in example_of(made).items() if made.fields[name].required}
    return {**found, **shape.example}


def _list_of(row: Mapping[str, Any]) -> dict[str, Any]:
    cursor = {"type": ["string", "null"], "description": "Send it as `cursor`."}
    return {
        "type": "object",
        "properties": {"data": {"type": "array", "items": row}, "next": cursor, "previous": cursor},
        "required": ["data", "next", "previous"],
        "additionalProperties": False,
    }


def _in_path(path: str) -> list[dict[str, Any]]:
    return [
        {"in": "path", "name": name.removeprefix("public_"), "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"\{(\w+)\}", path)
    ]


def _in_headers(said: Operation) -> list[dict[str, Any]]:
    if not said.once:
        return []
    schema = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"}
    text = "The same request with the same key acts once, and is answered alike."
    return [
        {"in": "header", "name": "Idempotency-Key", "required": said.needs_key, "schema": schema, "description": text}
    ]


def _header(text: str) -> dict[str, Any]:
    return {"schema": {"type": "string"}, "description": text}


def finished(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Postprocessing: an object has the fields that stand there and no others, and is named by its `id`."""
    result["info"]["version"] = NEWEST_VERSION
    result["paths"] = {path.replace("{public_id}", "{id}"): methods for path, methods in result["paths"].items()}
    for component in result.get("components", {}).get("schemas", {}).values():
        if "properties" in component:
            component.setdefault("additionalProperties", False)
    _strip(result)
    result.setdefault("components", {})["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    return result


def _strip(part: Any) -> None:
    """Marks that the generator leaves for itself."""
    if isinstance(part, dict):
        part.pop("x-spec-enum-id", None)
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        _strip(inner)
