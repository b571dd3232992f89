"""A name server of a test's own on loopback, for what asks the DNS in earnest."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread

import pytest
from dns import flags, message, rcode, resolver, rrset


@dataclass
class Answerer:
    """By name and type, the records as a zone file has them. `silent` names get no answer, `broken` ones a failure;
    names that are not there do not exist. `asked` is what it heard."""

    records: Mapping[tuple[str, str], list[str]]
    silent: frozenset[str] = frozenset()
    broken: frozenset[str] = frozenset()
    asked: list[tuple[str, str]] = field(default_factory=list)

    def answer(self, wire: bytes) -> bytes | None:
        question = message.from_wire(wire)
        [asked] = question.question
        name, kind = asked.name.to_text(omit_final_dot=True), asked.to_text().split()[-1]
        self.asked.append((name, kind))
        if name in self.silent:
            return None
        said = message.make_response(question, recursion_available=True)
        said.flags |= flags.AA
        if name in self.broken:
            said.set_rcode(rcode.SERVFAIL)
        elif all(known != name for known, _ in self.records):
            said.set_rcode(rcode.NXDOMAIN)
        elif found := self.records.get((name, kind)):
            said.answer.append(rrset.from_text_list(asked.name, 60, "IN", kind, found))
        return said.to_wire()


@contextmanager
def asked_instead(answerer: Answerer, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Until the block ends, it is the only name server that this process knows."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", 0))
        ours = resolver.Resolver(configure=False)
        ours.nameservers, ours.port = ["127.0.0.1"], line.getsockname()[1]
        monkeypatch.setattr(resolver, "default_resolver", ours)
        thread = Thread(target=_serve, args=(answerer, line), daemon=True)
        thread.start()
        try:
            yield
        finally:
            # Nothing at all is the sign to go.
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
                end.sendto(b"", line.getsockname())
            thread.join()


def _serve(answerer: Answerer, line: socket.socket) -> None:
    while True:
        wire, whom = line.recvfrom(4096)
        if not wire:
            return
        if (said := answerer.answer(wire)) is not None:
            line.sendto(said, whom)
