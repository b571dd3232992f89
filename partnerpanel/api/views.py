"""The base of the API's views: who asks, what they may, and each answer with its headers."""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from rest_framework import exceptions
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from partnerpanel.api.callers import Caller, caller_of
from partnerpanel.api.errors import KeyRequired, MalformedBody, RateLimited, problem
from partnerpanel.api.operations import Operation
from partnerpanel.api.versions import headers_of
from partnerpanel.events.beside import beside_first_events
from partnerpanel.idempotency.services import (
    KEY_LENGTH,
    Acted,
    Answered,
    Claimed,
    claim,
    keep_answer,
    let_go,
    note_action,
)
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.errors import DomainError
from partnerpanel.wire.resources import Showing
from partnerpanel.wire.shapes import Shape

IDEMPOTENCY_KEY = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
TOO_MANY, BROKEN = 429, 500


class StrictJson(JSONParser):
    """JSON as RFC 8259 has it: no NaN, and no name twice in one object."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            return json.loads(stream.read().decode(), object_pairs_hook=_once, parse_constant=_refuse)
        except (UnicodeDecodeError, ValueError, RecursionError) as error:
            raise exceptions.ParseError from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _refuse(name: str) -> None:
    raise ValueError(name)


class ApiView(APIView, ABC):
    """A view below `/api/v1/`. `scopes` says by method what the key must have.

    A handler gets `self.caller`. Sessions do not count here: without a key nobody gets in.
    """

    authentication_classes = ()
    permission_classes = ()
    parser_classes = (StrictJson,)
    renderer_classes = (JSONRenderer,)
    metadata_class = None
    http_method_names = ["get", "head", "post", "patch", "delete"]
    scopes: ClassVar[Mapping[str, str]] = {}
    caller: Caller

    @classmethod
    @abstractmethod
    def operation(cls, method: str) -> Operation:
        """What the documentation says of a method."""

    def get_exception_handler(self) -> Any:
        return problem

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        plain = request._request  # noqa: SLF001 as Django had it
        self.caller = caller_of(plain)
        method = "GET" if request.method == "HEAD" else str(request.method)
        if getattr(self, method.lower(), None) is None:
            raise exceptions.MethodNotAllowed(method)
        if scope := self.scopes.get(method):
            self.caller.need(scope)
        # Read before it is parsed, since what is kept of a request is the hash of its very bytes.
        _ = plain.body

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with timezone.override("UTC"):
            answer = super().dispatch(request, *args, **kwargs)
        answer["Cache-Control"] = "no-store"
        if caller := getattr(self, "caller", None):
            for name, value in {**headers_of(caller.version), **caller.quota.headers()}.items():
                answer[name] = value
        return answer

    def handle_exception(self, exc: Exception) -> Response:
        answer = super().handle_exception(exc)
        if isinstance(exc, RateLimited) and (quota := exc.details.get("quota")):
            for name, value in quota.headers().items():
                answer[name] = value
        return answer

    @property
    def showing(self) -> Showing:
        return Showing(self.caller.partner.pk, self.caller.now)

    def cleaned(self, shape: type[Shape]) -> dict[str, Any]:
        """The body as the shape reads it. Raises ValidationError naming the fields, MalformedBody."""
        data = self.request.data if self.request.body else {}
        if not isinstance(data, Mapping):
            raise MalformedBody("The body is no JSON object.")
        found = shape(data=data)
        found.is_valid(raise_exception=True)
        return dict(found.validated_data)


class WritingView(ApiView):
    """POST, PATCH and DELETE that act once for one `Idempotency-Key`. `needs_key`: none is taken without one.

    `act` does what was asked and gives the answer; `after` gives the answer to what was done already, from what is
    there now. `keeps_answer` is false where the answer holds a secret.
    """

    needs_key: ClassVar[bool] = False
    keeps_answer: ClassVar[bool] = True

    def once(self, act: Callable[[], Response], after: Callable[[Acted], Response]) -> Response:
        """Runs `act`, or says what came of the same request before."""
        key = self._key()
        if key is None:
            return act()
        found = claim(self.caller.partner.pk, key, fingerprint=self._fingerprint(), at=system_now())
        if isinstance(found, Answered):
            return Response(json.loads(found.body or "null"), status=found.status, headers={REPLAYED: "true"})
        if isinstance(found, Acted):
            answer = after(found)
            answer[REPLAYED] = "true"
            return answer
        return self._run(found, act)

    def _run(self, claimed: Claimed, act: Callable[[], Response]) -> Response:
        def note(action_id: Any, drafts: Any) -> None:
            note_action(claimed, action_id, drafts)

        try:
            with beside_first_events(claimed.partner_id, note):
                answer = act()
        except (DomainError, exceptions.APIException) as error:
            answer = self.handle_exception(error)
        except BaseException:
            let_go(claimed)
            raise
        if answer.status_code >= BROKEN or answer.status_code == TOO_MANY or not self.keeps_answer:
            let_go(claimed)
        else:
            body = JSONRenderer().render(answer.data).decode() if answer.data is not None else ""
            keep_answer(claimed, status=answer.status_code, body=body)
        return answer

    def _key(self) -> str | None:
        key = self.request.headers.get(IDEMPOTENCY_KEY, "").strip()
        if key and (len(key) > KEY_LENGTH or not key.isascii() or not key.isprintable()):
            raise KeyRequired(f"A key has at most {KEY_LENGTH} ASCII letters, such as a UUID.", field=IDEMPOTENCY_KEY)
        if not key and self.needs_key:
            message = "This moves money: send an Idempotency-Key, such as a UUID, and the same one when you try again."
            raise KeyRequired(message, field=IDEMPOTENCY_KEY)
        return key or None

    def _fingerprint(self) -> str:
        parts = [str(self.request.method), self.request.get_full_path(), self.caller.key.partner_id.hex]
        return hashlib.sha256("\n".join(parts).encode() + b"\n" + self.request.body).hexdigest()
