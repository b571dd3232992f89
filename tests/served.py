"""The live server of the tests knows whether it still answers somebody."""

from __future__ import annotations

import socket
import threading
from typing import Any

from django.core.servers.basehttp import ThreadedWSGIServer
from pytest_django.live_server_helper import LiveServer

PATIENCE = 120  # seconds


class Server(ThreadedWSGIServer):
    """Each connection is answered in a thread of its own, which a browser that goes away does not end."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._changed = threading.Condition()
        self._open: set[Any] = set()
        self._closed: set[Any] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._changed:
            self._open.add(client_address)
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._changed:
                self._open.discard(client_address)
                self._closed.add(client_address)
                self._changed.notify_all()

    def has_answered(self) -> bool:
        """Waits until nobody is connected. Connections are taken in their order, so one more comes after all others."""
        self._closed.clear()
        with socket.create_connection((str(self.server_address[0]), self.server_port)) as last:
            mine = last.getsockname()
        with self._changed:
            return self._changed.wait_for(lambda: mine in self._closed and not self._open, timeout=PATIENCE)


def answers_nobody(live_server: LiveServer) -> None:
    """Waits until it does; what was asked for by then is written, and its connections to the database are closed."""
    server = live_server.thread.httpd
    assert isinstance(server, Server)
    assert server.has_answered(), "a page that was left is still being answered"
