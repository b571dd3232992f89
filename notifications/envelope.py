"""A letter as a mail: plain text, and the same text as simple HTML."""

from __future__ import annotations

from collections.abc import Mapping
from email.header import Header
from email.utils import parseaddr
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import sanitize_address

from notifications.letters import Letter
from notifications.marketing.links import unsubscribe_url
from notifications.sheets import leaving_text, sheet_of

# Leaves room for the header's name in a line of 76, so that the subject begins there and not on the next line.
ENCODED_WORD = 60


class _Mail(EmailMultiAlternatives):
    metadata: Mapping[str, str]

    def message(self, *args: Any, **kwargs: Any) -> Any:
        mail = super().message(*args, **kwargs)
        subject = str(self.subject)
        if not subject.isascii():
            words = Header(subject, "utf-8", maxlinelen=ENCODED_WORD).encode(linesep="")
            mail.replace_header("Subject", words)
        return mail


def header_id(message_id: UUID) -> str:
    """The Message-ID: the same for every try, so that a receiver can tell a repetition."""
    return f"<{message_id}@{_own_address().rpartition('@')[2]}>"


def as_mail(letter: Letter, *, message_id: UUID, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    """In the partner's name, from its own address where that is proved, else from the installation's; answered to the
    partner's support.

    Raises ValueError for an address that no mail can be sent to.
    """
    leaving = unsubscribe_url(letter.slug, message_id) if letter.topic else ""
    mail = _Mail(
        subject=letter.text.subject,
        body=_signed(letter, leaving),
        from_email=_mailbox(letter.look.sender, letter.look.mails_from or _own_address()),
        to=[_mailbox(letter.to_name, letter.to_address)],
        reply_to=[_mailbox(letter.look.sender, letter.reply_to)],
        headers={
            "Message-ID": header_id(message_id),
            "Content-Language": letter.language,
            # So that no automatic answer comes back (RFC 3834).
            "Auto-Submitted": "auto-generated",
            **(_one_click(leaving) if leaving else {}),
        },
        connection=connection,
    )
    # Providers give this back with what they tell of the mail; a mail server never sees it.
    mail.metadata = {"partner": letter.slug, "message": message_id.hex}
    for file in letter.files:
        mail.attach(file.name, file.content, "application/pdf")
    mail.attach_alternative(sheet_of(letter, leaving=leaving), "text/html")
    return mail


def _one_click(leaving: str) -> dict[str, str]:
    """So that the mail program itself offers to unsubscribe (RFC 8058)."""
    return {"List-Unsubscribe": f"<{leaving}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _signed(letter: Letter, leaving: str) -> str:
    """The text, and below the line that mail programs know the sender's name and address; above it how to
    unsubscribe."""
    body = f"{letter.text.body}\n\n{leaving_text(letter.language)}: {leaving}" if leaving else letter.text.body
    signature = "\n".join(letter.look.signature)
    return f"{body}\n\n-- \n{signature}\n" if signature else body


def _mailbox(name: str, address: str) -> str:
    # Unfolded: a long name is encoded in several words, and Django refuses line ends in a header.
    return sanitize_address((" ".join(name.split()), address), "utf-8").replace("\n", "")


def _own_address() -> str:
    return _address_in(settings.DEFAULT_FROM_EMAIL)


@lru_cache(maxsize=10)
def _address_in(mailbox: str) -> str:
    return parseaddr(mailbox)[1]
