"""A partner's brand, in the open scope."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject

from partnerpanel.brand.models import BrandLogo, BrandProfile
from partnerpanel.brand.rules.checks import Brand
from partnerpanel.kernel.errors import NotFound
from partnerpanel.tenancy.ahead import Asked
from partnerpanel.tenancy.models import MailSender, Partner
from partnerpanel.tenancy.reads import Read


@dataclass(frozen=True, slots=True)
class BrandLine:
    """The brand as it stands; `logo` is the id of its logo, version 0 where nothing was said yet.

    `mails_from` is the address of its own that mails come from; empty for the installation's.
    """

    brand: Brand
    logo: UUID | None
    version: int
    mails_from: str = ""


TEXTS = tuple(Brand.__dataclass_fields__)
UNBRANDED = BrandLine(Brand(), None, 0)
_KEPT = JSONObject(**{name: name for name in (*TEXTS, "logo_id", "version")})
_SENDER = MailSender.objects.filter(partner_id=OuterRef("pk"), proved_at__isnull=False).values("address")
_PARTNER: Read[Any] = Read(
    lambda partner_id: Partner.objects.filter(pk=partner_id).annotate(
        brand=Subquery(BrandProfile.objects.filter(partner_id=OuterRef("pk")).values(kept=_KEPT)[:1]),
        mails_from=Subquery(_SENDER[:1]),
    )
)


def partner_and_brand(partner_id: UUID) -> tuple[Partner, BrandLine]:
    """Both in one query, as every document and mail needs both. Raises NotFound."""
    for partner in _PARTNER(partner_id):
        return partner, _line(partner.brand, partner.mails_from or "")
    raise NotFound("There is no such partner.")


def brand_ahead(partner_id: UUID) -> Asked:
    """What `partner_and_brand` asks."""
    return Asked(_PARTNER, (partner_id,))


def brand_of(partner_id: UUID) -> BrandLine:
    """What nobody has said is empty, and the accent is the product's own."""
    return partner_and_brand(partner_id)[1]


def logo_of(partner_id: UUID, logo_id: UUID | None) -> bytes:
    """The PNG, empty where there is none."""
    if logo_id is None:
        return b""
    found = BrandLogo.objects.for_partner(partner_id).filter(pk=logo_id).values_list("content", flat=True).first()
    return bytes(found) if found is not None else b""


def _line(kept: dict[str, Any] | None, mails_from: str) -> BrandLine:
    if kept is None:
        return replace(UNBRANDED, mails_from=mails_from)
    logo = UUID(kept["logo_id"]) if kept["logo_id"] else None
    return BrandLine(Brand(**{name: kept[name] for name in TEXTS}), logo, kept["version"], mails_from)
