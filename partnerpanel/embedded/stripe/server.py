"""The double as a server: authentication, idempotency keys, and failing on purpose."""

from __future__ import annotations

import json
import re
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from partnerpanel.embedded.stripe import bank, checkout
from partnerpanel.embedded.stripe.account import Account, Dropped, Kept, Object, Refused
from partnerpanel.embedded.stripe.api import answer

_KEY = re.compile(r"Bearer ([sr]k_(test|live)_\w+)")
_NAME = re.compile(r"\[([^\[\]]*)\]")


@dataclass(slots=True)
class Double:
    """All accounts, and what goes wrong on purpose: keys that are refused or may make no endpoints; more than
    `a_second` questions are turned away by a 429, with `is_down` every one is answered by a 503, and each answer takes
    `delay_seconds` longer. Of the charges, the first answer of so many percent is lost (`answers_lost`; which ones is
    drawn from `seed`). `charged_at` are the seconds of its clock at which a charge was asked for."""

    accounts: dict[str, Account] = field(default_factory=dict)
    refused_keys: set[str] = field(default_factory=set)
    without_endpoints: set[str] = field(default_factory=set)
    a_second: int | None = None
    is_down: bool = False
    delay_seconds: float = 0.0
    answers_lost: int = 0
    seed: int = 0
    url: str = ""
    charged_at: list[float] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)
    _heard: deque[float] = field(default_factory=deque)

    def account(self, key: str) -> Account:
        with self._lock:
            if key not in self.accounts:
                name = "acct_" + sha256(key.encode()).hexdigest()[:16]
                self.accounts[key] = Account(name, is_live="_live_" in key, url=self.url)
            return self.accounts[key]

    def hears(self) -> bool:
        """Whether one more question is taken in this second."""
        if self.a_second is None:
            return True
        with self._lock:
            now = time.monotonic()
            while self._heard and self._heard[0] <= now - 1:
                self._heard.popleft()
            if len(self._heard) >= self.a_second:
                return False
            self._heard.append(now)
            return True

    def loses(self, key: str) -> bool:
        return int.from_bytes(sha256(f"{self.seed}:{key}".encode()).digest()[:8]) % 100 < self.answers_lost


def ask(double: Double, *, method: str, path: str, given: Object, header: str, key: str) -> tuple[int, Object]:
    """One question and its answer. Raises Dropped."""
    time.sleep(double.delay_seconds)
    try:
        if double.is_down:
            raise Refused(503, kind="api_error", message="Stripe is down.")
        found = _KEY.fullmatch(header)
        if not found or found[1] in double.refused_keys:
            raise Refused(401, message="Invalid API Key provided.")
        if found[1] in double.without_endpoints and path.startswith("/v1/webhook_endpoints"):
            raise Refused(403, message="The provided key does not have the required permissions for this endpoint.")
        if not double.hears():
            raise Refused(429, code="rate_limit", message="Too many requests hit the API too quickly.")
        account = double.account(found[1])
        if method == "POST" and key:
            is_first = key not in account.answers
            if path == "/v1/payment_intents":
                double.charged_at.append(time.monotonic())
            answered = _once(account, key, method, path, given)
            if is_first and path == "/v1/payment_intents" and double.loses(key):
                raise Dropped
            return answered
        with account.lock:
            return 200, deepcopy(answer(account, method, path, given))
    except Refused as refused:
        return refused.status, refused.body


def _once(account: Account, key: str, method: str, path: str, given: Object) -> tuple[int, Object]:
    asked = {"path": path, **given}
    with account.lock:
        kept = account.answers.get(key)
        if kept is None:
            kept = account.answers[key] = Kept(asked)
        elif kept.asked != asked:
            message = (
                "Keys for idempotent requests can only be used with the same parameters they were first used with."
            )
            raise Refused(400, kind="idempotency_error", message=message)
        elif kept.status is None:
            raise Refused(409, kind="idempotency_error", code="idempotency_key_in_use", message="Key in use.")
        elif kept.drops:
            raise Dropped
        else:
            return kept.status, kept.body
    return _made(account, kept, key, method, path, given)


def _made(account: Account, kept: Kept, key: str, method: str, path: str, given: Object) -> tuple[int, Object]:
    with account.lock:
        try:
            kept.body = deepcopy(answer(account, method, path, given))
            kept.status = 200
        except Refused as refused:
            if not refused.is_kept:
                del account.answers[key]
                raise
            kept.status, kept.body = refused.status, deepcopy(refused.body)
        except Dropped:
            kept.status, kept.drops = 200, True
            raise
        return kept.status, kept.body


def parsed(text: str) -> Object:
    """A form with bracketed names as nested dictionaries."""
    root: Object = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        head, *inner = [name.split("[", 1)[0], *_NAME.findall(name)]
        place, last = root, head
        for step in inner:
            place = place.setdefault(last, {})
            last = step
        place[last] = value
    return root


@contextmanager
def serving(port: int = 0) -> Iterator[Double]:
    """The double on a loopback port for as long as the block lasts; its `url` says where."""
    double = Double()

    class Handler(_Handler):
        asked = double

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    double.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield double
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    asked: Double

    def do_GET(self) -> None:
        if self._is_page():
            return self._page(None)
        return self._answer(parsed(urlsplit(self.path).query))

    def do_DELETE(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        given = parsed(self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode())
        if self._is_page():
            return self._page(given)
        return self._answer(given)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Says nothing: whoever asks says what came of it."""

    def _is_page(self) -> bool:
        return self.path.startswith((checkout.PATH, bank.PATH))

    def _page(self, given: Object | None) -> None:
        """A page that a browser sees; with what was chosen there, on to where its object says."""
        kind, path = (checkout if self.path.startswith(checkout.PATH) else bank), urlsplit(self.path).path
        id_ = path.removeprefix(kind.PATH)
        for account in self.asked.accounts.values():
            if id_ in account.objects:
                with account.lock:
                    if given is None:
                        return self._send(200, "text/html; charset=utf-8", kind.page(account.objects[id_]).encode())
                    where = kind.answered(account, account.objects[id_], given)
                self.send_response(303)
                self.send_header("Location", where)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return None
        return self._send(404, "text/plain", b"No such page.")

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _answer(self, given: Object) -> None:
        try:
            status, body = ask(
                self.asked,
                method=self.command,
                path=urlsplit(self.path).path,
                given=given,
                header=self.headers.get("Authorization") or "",
                key=self.headers.get("Idempotency-Key") or "",
            )
        except Dropped:
            self.close_connection = True
            return
        self._send(status, "application/json", json.dumps(body).encode())
