"""Django's SMTP connection, which also knows how far a mail got."""

from __future__ import annotations

import smtplib
from collections.abc import Sequence
from typing import Any

from django.core.mail.backends.smtp import EmailBackend


class _Watched:
    """Part of an SMTP session: notes when a mail's content begins to travel.

    Whatever breaks off before that delivered nothing. Afterwards nobody knows, because the server's answer is lost.
    """

    content_began = False

    def mail(self, sender: str, options: Sequence[str] = ()) -> Any:
        self.content_began = False
        return super().mail(sender, options)  # type: ignore[misc]

    def data(self, msg: Any) -> Any:
        self.content_began = True
        return super().data(msg)  # type: ignore[misc]


class _PlainSession(_Watched, smtplib.SMTP):
    pass


class _TlsSession(_Watched, smtplib.SMTP_SSL):
    pass


class WatchedEmailBackend(EmailBackend):
    """The same settings and behaviour as the backend it derives from."""

    @property
    def connection_class(self) -> type[_PlainSession] | type[_TlsSession]:
        return _TlsSession if self.use_ssl else _PlainSession

    @property
    def content_began(self) -> bool:
        """Of the mail that was tried last."""
        session: Any = self.connection
        return session is not None and bool(session.content_began)
