"""How a partner's mails look and who signs them, by its brand."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from partnerpanel.brand.queries import BrandLine
from partnerpanel.brand.rules.colours import NIGHT, WHITE, readable
from partnerpanel.kernel.ids import public


@dataclass(frozen=True, slots=True)
class Look:
    """`accent` is read on white, `accent_at_night` on dark ground; without address and legal pages there is no
    `signature`. `mails_from` is the partner's own address that mails come from, empty for the installation's.

    A partner that is not `is_branded` has no head of its own above its mails.
    """

    sender: str
    is_branded: bool
    accent: str
    accent_at_night: str
    logo_url: str
    signature: tuple[str, ...]
    mails_from: str = ""


def look_of(partner_id: UUID, line: BrandLine, *, name: str) -> Look:
    """`name` is what the partner is called where its brand says nothing else."""
    brand = line.brand
    printed = brand.printed_name or name
    legal = [one for one in (brand.imprint_url, brand.privacy_url) if one]
    return Look(
        sender=brand.sender_name or name,
        is_branded=line.version > 0,
        accent=readable(brand.accent, on=WHITE),
        accent_at_night=readable(brand.accent, on=NIGHT),
        logo_url=logo_url(partner_id, line),
        signature=(printed, *brand.address.splitlines(), *legal) if brand.address or legal else (),
        mails_from=line.mails_from,
    )


def logo_url(partner_id: UUID, line: BrandLine) -> str:
    """Where mails load the logo from; empty where there is none."""
    if line.logo is None:
        return ""
    path = reverse("brand-logo", args=[public("par", partner_id)])
    return f"{settings.PUBLIC_URL}{path}?v={line.version}"
