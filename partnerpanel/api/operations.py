"""What the documentation says of one method of one address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from partnerpanel.wire.shapes import Shape


@dataclass(frozen=True, slots=True)
class Operation:
    """`takes` is the shape of the body, `gives` that of the answer, or of each row of a list (`is_list`).

    `parameters` are of the query string, as OpenAPI writes them. `media` is what is answered instead of JSON.
    `accepted` says when the answer is 202 instead, with the same shape.
    """

    id: str
    summary: str
    tag: str
    takes: type[Shape] | None = None
    gives: type[Shape] | None = None
    status: int = 200
    is_list: bool = False
    parameters: tuple[Mapping[str, Any], ...] = ()
    scope: str = ""
    needs_key: bool = False
    once: bool = False
    media: str = ""
    accepted: str = ""


def one_of_them(kind: str) -> str:
    """“customer” → “a customer”, “addon” → “an add-on”."""
    noun = kind.replace("_", " ").replace("addon", "add-on")
    return f"{'an' if noun[0] in 'aeio' else 'a'} {noun}"


def query(name: str, schema: Mapping[str, Any], description: str) -> dict[str, Any]:
    """A parameter of the query string."""
    return {"in": "query", "name": name, "schema": dict(schema), "description": description}
