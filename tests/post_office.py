"""A mail server on loopback that takes, refuses or hangs up as a test wants, and keeps what it took."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller

from partnerpanel.embedded.ports import LOOPBACK, free_port

SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


@dataclass
class PostOffice:
    """`refuses` are addresses it will not take; `hangs_up` is MAIL or DATA: where it breaks off without an answer.

    After DATA it has kept the mail by then, as a server may have whose answer is lost. `silent` seconds pass before
    it answers DATA.
    """

    refuses: set[str] = field(default_factory=set)
    hangs_up: str = ""
    silent: float = 0.0
    answer: str = "250 Taken"
    mails: list[EmailMessage] = field(default_factory=list)
    receivers: list[str] = field(default_factory=list)
    connections: int = 0
    is_open: bool = True

    def __enter__(self) -> Self:
        self.port = free_port()
        self.controller = Controller(self, hostname=LOOPBACK, port=self.port)
        self.controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def serve(self, settings: Any) -> None:
        """Makes it the mail server of the settings."""
        settings.EMAIL_BACKEND = SMTP_BACKEND
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = LOOPBACK, self.port, 5

    def close(self) -> None:
        """From now on its port refuses connections."""
        if self.is_open:
            self.is_open = False
            self.controller.stop()

    def subjects(self) -> list[str]:
        return [str(mail["Subject"]) for mail in self.mails]

    async def handle_EHLO(self, _: Any, session: Any, envelope: Any, name: str, lines: list[str]) -> list[str]:  # noqa: N802
        self.connections += 1
        session.host_name = name
        return lines

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        if self.hangs_up == "MAIL":
            server.transport.abort()
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        if address in self.refuses:
            return "550 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            self.mails.append(message_from_bytes(envelope.content, _class=EmailMessage, policy=default))
            self.receivers += envelope.rcpt_tos
        if self.hangs_up == "DATA":
            server.transport.abort()
        await asyncio.sleep(self.silent)
        return self.answer


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    """One part of a mail, with the line ends of a text."""
    part = mail.get_body(preferencelist=(kind,))
    assert part is not None, f"the mail has no {kind} part"
    return str(part.get_content()).replace("\r\n", "\n")
