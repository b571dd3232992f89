"""A server of an integrator's on loopback, which verifies with the official library and answers as a test says."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook

Reply = tuple[int, Mapping[str, str], bytes]


@dataclass(frozen=True)
class Request:
    """One request as it came."""

    headers: Mapping[str, str]
    body: bytes
    path: str
    at: float = field(default_factory=time.monotonic)

    def verified(self, secret: str) -> Any:
        """The body, as the official library gives it out. Raises WebhookVerificationError."""
        return Webhook(secret).verify(self.body, dict(self.headers))

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


@dataclass
class Receiver:
    """`answers` are given in order, the last one for ever. `delay` is how long each takes."""

    answers: list[Reply] = field(default_factory=lambda: [(204, {}, b"")])
    delay: float = 0.0
    requests: list[Request] = field(default_factory=list)
    before_answer: Callable[[Any], None] | None = None
    url: str = ""

    def says(self, *statuses: int, **headers: str) -> None:
        shown = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers = [(status, shown, b"so be it") for status in statuses]

    @property
    def last(self) -> Request:
        return self.requests[-1]

    def take(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        self.requests.append(Request(headers, body, handler.path))
        if self.delay:
            time.sleep(self.delay)
        if self.before_answer is not None:
            self.before_answer(handler)
        status, shown, text = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        handler.send_response(status)
        for name, value in shown.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(text)))
        handler.end_headers()
        handler.wfile.write(text)


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver that listens until the block ends."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            receiver.take(self)

        def do_GET(self) -> None:
            receiver.take(self)

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            """A sender that hangs up is what some tests are about."""

    with Server(("127.0.0.1", 0), Handler) as server:
        receiver.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()
