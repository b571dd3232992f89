"""What the double holds for one secret key."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from threading import RLock
from typing import Any

Object = dict[str, Any]
API_VERSION = "2026-10-28.endive"


def shown(one: Object) -> Object:
    """The object without what only the double knows of it."""
    return {name: value for name, value in one.items() if not name.startswith("_")}


class Refused(Exception):
    """An answer that is an error, as Stripe words it. `is_kept`: an idempotency key gives it again."""

    def __init__(
        self, status: int, *, kind: str = "invalid_request_error", is_kept: bool = False, **error: Any
    ) -> None:
        super().__init__(error.get("message", ""))
        self.status = status
        self.body = {"error": {"type": kind, **error}}
        self.is_kept = is_kept


class Dropped(Exception):
    """The connection ends without an answer."""


@dataclass(slots=True)
class Kept:
    """The answer that belongs to an idempotency key; None while it is being made."""

    asked: Object
    status: int | None = None
    body: Object = field(default_factory=dict)
    drops: bool = False


@dataclass(slots=True)
class Account:
    """Objects by id in the order they were made, the answers of idempotency keys, and the events that no endpoint has
    been told of yet."""

    id: str
    is_live: bool = False
    url: str = ""
    objects: dict[str, Object] = field(default_factory=dict)
    answers: dict[str, Kept] = field(default_factory=dict)
    untold: list[Object] = field(default_factory=list)
    lock: RLock = field(default_factory=RLock)

    def make(self, kind: str, prefix: str, **values: Any) -> Object:
        made: Object = {"id": f"{prefix}_{secrets.token_hex(12)}", "object": kind, "created": int(time.time())}
        made |= {"livemode": self.is_live, **values}
        self.objects[made["id"]] = made
        return made

    def tell(self, kind: str, about: Object) -> None:
        """Writes an event down, with the object as it is at this moment."""
        told = {"type": kind, "api_version": API_VERSION, "data": {"object": deepcopy(shown(about))}}
        self.untold.append(self.make("event", "evt", **told))

    def get(self, id_: Any, kind: str, param: str = "id") -> Object:
        """Raises Refused as Stripe does: 404 for an address, 400 for a parameter."""
        found = self.objects.get(id_)
        if found is None or found["object"] != kind:
            status = 404 if param == "id" else 400
            raise Refused(status, code="resource_missing", param=param, message=f"No such {kind}: '{id_}'")
        return found

    def of(self, kind: str, **wanted: Any) -> Iterator[Object]:
        """Newest first."""
        for one in reversed(list(self.objects.values())):
            if one["object"] == kind and all(one.get(name) == value for name, value in wanted.items()):
                yield one
