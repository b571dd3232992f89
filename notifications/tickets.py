"""What mails about tickets quote: subject and words, and for the partner's people where to answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from notifications.rules.kinds import TO_STAFF, MessageKind
from partnerpanel.kernel.ids import public


class Said(Protocol):
    @property
    def kind(self) -> MessageKind: ...

    @property
    def object_id(self) -> UUID: ...

    @property
    def words(self) -> Mapping[str, str]: ...


def ticket_details(one: Said, slug: str) -> dict[str, str]:
    """Empty where it is about no ticket."""
    link = ""
    if one.kind in TO_STAFF:
        link = f"{settings.PUBLIC_URL}{reverse('ticket', args=[slug, public('tic', one.object_id)])}"
    return {
        "ticket.subject": one.words.get("subject", ""),
        "ticket.text": one.words.get("text", ""),
        "ticket.link": link,
    }
