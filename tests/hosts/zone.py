"""A DNS of a test's own: what stands in it is changed by hand, and it can be silent."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from partnerpanel.hosts.dns import Unanswered
from partnerpanel.hosts.senders.rules.records import Record, kept, wanted
from partnerpanel.hosts.senders.setup import setup
from partnerpanel.tenancy.models import MailSender


@dataclass
class Zone:
    """`silent` names give no answer; "*" is all of them."""

    texts: dict[str, list[str]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def put(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """In the place of the real one."""
        monkeypatch.setattr("partnerpanel.hosts.senders.looking.texts", self.texts_of)
        monkeypatch.setattr("partnerpanel.hosts.senders.looking.alias", self.alias_of)

    def texts_of(self, name: str, *, patience: float) -> list[str]:
        return self.texts.get(self._answers(name), [])

    def alias_of(self, name: str, *, patience: float) -> str:
        return self.aliases.get(self._answers(name), "")

    def _answers(self, name: str) -> str:
        self.asked.append(name)
        if {"*", name} & self.silent:
            raise Unanswered
        return name

    def set_records(self, sender: MailSender, *without: Record) -> None:
        """As the page says, but for some."""
        for one in wanted(sender.address, sender.domain, sender.token, setup=setup(), found=kept({})):
            if one.record in without:
                continue
            if one.type == "CNAME":
                self.aliases[one.name] = one.value
            else:
                self.texts[one.name] = [one.value]

    def forget(self) -> None:
        self.texts.clear()
        self.aliases.clear()
