"""One request to one receiver: never redirected, over by its deadline however slowly the receiver drips."""

from __future__ import annotations

import io
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from typing import Any, cast

from notifications.webhooks.reaching import Deadline, Unreachable, connect
from notifications.webhooks.targets import Target

SECONDS = 15.0
ANSWER_BYTES = 2048
HEADERS_KEPT = 30
AGENT = "PartnerPanel-Webhooks/1.0"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a request: a status with the beginning of the answer, or the error for which there is none."""

    milliseconds: int
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    error: str = ""

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers.items() if key.lower() == name), "")


def post(target: Target, body: bytes, headers: Mapping[str, str], *, seconds: float = SECONDS) -> Answer:
    """Never raises for what a receiver does."""
    began = time.monotonic()

    def ended(**found: Any) -> Answer:
        return Answer(round((time.monotonic() - began) * 1000), **found)

    deadline = Deadline.after(seconds)
    try:
        with connect(target, deadline) as connection:
            _send(connection, _request(target, body, headers), deadline)
            answer = HTTPResponse(cast("socket.socket", _Answering(connection, deadline)), method="POST")
            with answer:
                answer.begin()
                text = answer.read(ANSWER_BYTES)
                kept = dict(answer.getheaders()[:HEADERS_KEPT])
                return ended(status=answer.status, headers=_clean_headers(kept), text=_clean(text))
    except Unreachable as error:
        return ended(error=str(error))
    except TimeoutError:
        return ended(error=f"No complete answer within {seconds:g} seconds.")
    except HTTPException as error:
        return ended(error=f"The answer is no HTTP: {type(error).__name__}.")
    except OSError as error:
        return ended(error=f"The connection broke: {(error.strerror or type(error).__name__)[:200]}")


def request_headers(target: Target, body: bytes, signed: Mapping[str, str]) -> dict[str, str]:
    """All that is sent with a body."""
    return {
        "Host": target.authority,
        "User-Agent": AGENT,
        "Accept": "*/*",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "Connection": "close",
        **signed,
    }


def _request(target: Target, body: bytes, headers: Mapping[str, str]) -> bytes:
    lines = [f"POST {target.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode("ascii") + body


def _send(connection: socket.socket, data: bytes, deadline: Deadline) -> None:
    left = memoryview(data)
    while left:
        connection.settimeout(deadline.left())
        left = left[connection.send(left) :]


class _Answering:
    """What HTTPResponse reads from, with the time that is left instead of as much for each byte."""

    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        self._raw = _Raw(connection, deadline)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self._raw)


class _Raw(io.RawIOBase):
    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        self._connection, self._deadline = connection, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._connection.settimeout(self._deadline.left())
        return self._connection.recv_into(buffer)


def _clean(data: bytes) -> str:
    return data.decode("utf-8", "replace").replace("\x00", "�")


def _clean_headers(headers: Mapping[str, str]) -> dict[str, str]:
    return {name[:100].replace("\x00", ""): value[:500].replace("\x00", "") for name, value in headers.items()}
