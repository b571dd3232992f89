"""The address on which somebody unsubscribes: the id of the mail, signed. It says nothing about anybody and never
ends, because a mail may be read years later."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from partnerpanel.kernel.errors import NotFound

SALT = "notifications.unsubscribe"


def unsubscribe_url(slug: str, message_id: UUID) -> str:
    """For the mail alone."""
    found: str = settings.PUBLIC_URL + reverse("portal-unsubscribe", args=[slug, _signer().sign(message_id.hex)])
    return found


def message_of(token: str) -> UUID:
    """Raises NotFound for what was not signed here."""
    try:
        return UUID(_signer().unsign(token))
    except (BadSignature, ValueError):
        raise NotFound("There is no such mail.") from None


def _signer() -> Signer:
    return Signer(salt=SALT, sep=".")
