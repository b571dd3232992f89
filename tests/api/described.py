"""The OpenAPI document as the tests ask it: operations, and whether a body is as it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jsonschema import Draft202012Validator

from partnerpanel.api.document import document


@dataclass(frozen=True)
class Described:
    """One method of one address."""

    method: str
    path: str
    said: Mapping[str, Any]

    @property
    def name(self) -> str:
        return str(self.said["operationId"])

    @property
    def is_on_object(self) -> bool:
        return "{" in self.path

    @property
    def scope(self) -> str:
        """The scope that it needs; empty for none."""
        return str(self.said.get("x-scope", ""))

    @property
    def body(self) -> Any:
        """The example of a request, None where nothing is sent."""
        content = self.said.get("requestBody", {}).get("content", {})
        return dict(content["application/json"]["example"]) if content else None

    def at(self, id_: str) -> str:
        """The address below the API's root, for an object."""
        found = self.path.removeprefix("/api/v1").replace("{id}", id_)
        return found.replace("{name}", id_)


def operations() -> Iterator[Described]:
    for path, methods in document()["paths"].items():
        for method, said in methods.items():
            yield Described(method.upper(), path, said)


def answer_problems(one: Described, status: int, body: Any) -> list[str]:
    """What in an answer is not as the document says."""
    content = one.said["responses"][str(status)].get("content", {})
    schema = next(iter(content.values()))["schema"]
    whole = {**schema, "components": document()["components"]}
    return [f"{'.'.join(map(str, e.path))}: {e.message[:200]}" for e in Draft202012Validator(whole).iter_errors(body)]
