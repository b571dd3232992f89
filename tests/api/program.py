"""A program that calls the API over Django's own client, with a key."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import uuid4

from django.http import HttpResponse
from django.test import Client

from partnerpanel.actions.api_keys import create_key
from tests.people import Person
from tests.world import NOW

ROOT = "/api/v1"


@dataclass
class Program:
    """`secret` is its key. Answers are checked to be JSON and a refusal to be a problem document."""

    secret: str
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def get(self, path: str, **headers: str) -> Answer:
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any = None, *, key: str | None = "", **headers: str) -> Answer:
        """With an `Idempotency-Key` of its own, unless another or None is given."""
        if key is not None:
            headers["Idempotency-Key"] = key or str(uuid4())
        return self.send("POST", path, {} if body is None else body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Answer:
        return self.send("PATCH", path, body, **headers)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        sent = {"Authorization": f"Bearer {self.secret}", **headers}
        data = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
        response = self.client.generic(method, ROOT + path, data, "application/json", headers=sent)
        return Answer(cast("HttpResponse", response))


@dataclass(frozen=True)
class Answer:
    """Status, body and headers of one answer."""

    response: HttpResponse

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def body(self) -> Any:
        return json.loads(self.response.content)

    @property
    def code(self) -> str:
        """Of a problem."""
        assert self.response["Content-Type"] == "application/problem+json", self.response.content[:300]
        return str(self.body["code"])

    @property
    def fields(self) -> set[str]:
        """Which a problem names."""
        return {error["field"] for error in self.body["errors"]}

    def __getitem__(self, name: str) -> Any:
        return self.body[name]

    def header(self, name: str) -> str:
        return str(self.response.headers.get(name, ""))

    def ok(self, status: int = 200) -> Any:
        """The body, of an answer that went well."""
        assert self.status == status, (self.status, self.response.content[:1500])
        return self.body


def make_program(person: Person, *, scopes: Collection[str] = ("all",), **settings: Any) -> Program:
    """A program with a new key of the person's partner."""
    made = create_key(name="A program", scopes=scopes, actor=person.actor, now=NOW, **settings)
    return Program(made.secret)
