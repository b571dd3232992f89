"""The API's description for programs and for people; both are open to everybody."""

from __future__ import annotations

import json
from collections import defaultdict
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from partnerpanel.actions.refusal_codes import catalogue
from partnerpanel.actions.scopes import SCOPES


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document; made once a process."""
    generator = SchemaGenerator(urlconf="partnerpanel.api.described")  # type: ignore[no-untyped-call]
    found: dict[str, Any] = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return found


@require_safe
@cache_control(public=True, max_age=300)
def openapi(_request: HttpRequest) -> HttpResponse:
    return JsonResponse(document(), json_dumps_params={"ensure_ascii": False})


@require_safe
@cache_control(public=True, max_age=300)
def docs(request: HttpRequest) -> HttpResponse:
    """Every operation by its resource, the scopes, and every code of a refusal."""
    groups: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for address, methods in document()["paths"].items():
        for method, said in methods.items():
            groups[said["tags"][0]].append({"method": method.upper(), "address": address, **said, **_examples(said)})
    context = {
        "groups": dict(groups),
        "codes": catalogue(),
        "scopes": sorted(SCOPES),
        "about": document()["info"],
        "root": settings.PUBLIC_URL or request.build_absolute_uri("/").rstrip("/"),
    }
    return render(request, "api/docs.html", context)


def _examples(said: dict[str, Any]) -> dict[str, Any]:
    """The bodies as people read them; `status` is that of an answer that went well."""
    status, good = next(iter(said["responses"].items()))
    schema = said.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    sent = said.get("requestBody", {}).get("content", {})
    return {
        "status": status,
        "scope": said.get("x-scope", ""),
        "fields": _fields(schema),
        "request_example": _pretty(sent),
        "answer_example": _pretty(good.get("content", {})),
    }


def _fields(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """What a body consists of: those that it must have first."""
    found = _resolved(schema)
    needed = set(found.get("required", ()))
    fields = [
        {"name": name, "required": name in needed, "kind": _kind(one), "description": one.get("description", "")}
        for name, one in found.get("properties", {}).items()
    ]
    return sorted(fields, key=lambda one: not one["required"])


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = document()["components"]["schemas"][name] if name else schema
    return found


def _kind(schema: dict[str, Any]) -> str:
    """In a few words: the words that it may be, or what it is."""
    if "enum" in schema:
        return " | ".join("null" if word is None else str(word) for word in schema["enum"])
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    for several in ("oneOf", "allOf", "anyOf"):
        if several in schema:
            return " | ".join(_kind(one) for one in schema[several])
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    kind = schema.get("format") or schema.get("type", "")
    return " | ".join(kind) if isinstance(kind, list) else str(kind)


def _pretty(content: dict[str, Any]) -> str:
    found = content.get("application/json", {}).get("example")
    return "" if found is None else json.dumps(found, indent=2, ensure_ascii=False)
