"""Handing mails to the mail server, one connection for many, with one of three answers for each."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from smtplib import SMTPException, SMTPNotSupportedError, SMTPRecipientsRefused, SMTPResponseException
from types import TracebackType
from typing import Self
from uuid import UUID

import structlog
from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from notifications.envelope import as_mail
from notifications.letters import Letter
from notifications.marketing.rules.bounces import is_bounce

log = structlog.get_logger(__name__)

DJANGO_SMTP = "django.core.mail.backends.smtp.EmailBackend"
WATCHED_SMTP = "notifications.smtp.WatchedEmailBackend"


class Fate(StrEnum):
    """`refused`: certainly not delivered. `unknown`: it may have been."""

    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one mail, and why not; `is_bounce`: the address itself takes no mail, now or later."""

    fate: Fate
    error: str = ""
    is_bounce: bool = False


class Mailer:
    """Sends over the mail backend of the settings; outside any transaction, because a server may take its time.

    Any backend works. With another than SMTP, an error that is no answer of a server counts as unknown.
    """

    def __init__(self) -> None:
        backend = WATCHED_SMTP if settings.EMAIL_BACKEND == DJANGO_SMTP else settings.EMAIL_BACKEND
        self._connection: BaseEmailBackend = get_connection(backend)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hang_up()

    def reach(self) -> str:
        """Connects and signs in where that is not done yet; what is wrong, or nothing when mails can be sent."""
        try:
            self._connection.open()
        except OSError as error:  # also the base of everything that smtplib raises
            self._hang_up()
            return _described(error)
        return ""

    def send(self, letter: Letter, *, message_id: UUID) -> Delivery:
        """Never raises for a single mail."""
        try:
            mail = as_mail(letter, message_id=message_id, connection=self._connection)
        except ValueError as error:
            return Delivery(Fate.REFUSED, _described(error))
        return self.post(mail, message_id=message_id)

    def post(self, mail: EmailMessage, *, message_id: UUID) -> Delivery:
        """The same for a mail that is no letter to a customer."""
        # A connection that the backend opens for one mail is gone when one wants to know how far that got.
        if unreached := self.reach():
            return Delivery(Fate.REFUSED, unreached)
        try:
            taken = self._connection.send_messages([mail])
        except Exception as error:
            fate = Fate.UNKNOWN if self._may_have_arrived(error) else Fate.REFUSED
            if not isinstance(error, OSError):
                log.exception("mail_not_sent", message_id=str(message_id), fate=fate)
            self._hang_up()
            return Delivery(fate, _described(error), _is_bounce(error))
        return Delivery(Fate.SENT) if taken else Delivery(Fate.REFUSED, "The mail backend took nothing.")

    def _may_have_arrived(self, error: Exception) -> bool:
        if isinstance(error, SMTPRecipientsRefused | SMTPNotSupportedError | AnymailRecipientsRefused):
            return False
        if isinstance(error, AnymailAPIError) and 400 <= (error.status_code or 0) <= 499:
            return False
        if isinstance(error, SMTPResponseException) and 400 <= error.smtp_code <= 599:
            return False
        return bool(getattr(self._connection, "content_began", True))

    def _hang_up(self) -> None:
        with suppress(OSError):
            self._connection.close()


def _is_bounce(error: Exception) -> bool:
    return isinstance(error, SMTPRecipientsRefused) and all(
        is_bounce(code, _answer(code, text).partition(" ")[2]) for code, text in error.recipients.values()
    )


def _described(error: Exception) -> str:
    if isinstance(error, SMTPRecipientsRefused):
        return "; ".join(_answer(code, text) for code, text in error.recipients.values())
    if isinstance(error, SMTPResponseException):
        return _answer(error.smtp_code, error.smtp_error)
    return f"{type(error).__name__}: {error}" if not isinstance(error, SMTPException) else str(error)


def _answer(code: int, text: bytes | str) -> str:
    return f"{code} {text.decode('utf-8', 'replace') if isinstance(text, bytes) else text}"
