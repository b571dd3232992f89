"""In whose name a page for customers is: what the partner calls itself there, and how it looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from partnerpanel.brand.queries import BrandLine, brand_of
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import parse, public
from partnerpanel.tenancy.queries import partner_by_id
from partnerpanel.tenancy.scope import tenant

if TYPE_CHECKING:
    from partnerpanel.tenancy.models import Partner


@dataclass(frozen=True, slots=True)
class Sender:
    """`look_url` is a stylesheet with the partner's colour, empty where it has not chosen one."""

    name: str
    support_email: str
    printed_name: str
    address: tuple[str, ...]
    look_url: str
    logo_url: str
    terms_url: str
    privacy_url: str
    imprint_url: str
    support_url: str


def sender_of(partner: Partner) -> Sender:
    """Opens a scope of its own."""
    with tenant(partner.pk):
        line = brand_of(partner.pk)
    return brand_sender(partner, line)


def brand_sender(partner: Partner, line: BrandLine) -> Sender:
    """By a brand that is read already."""
    brand, id_, version = line.brand, public("par", partner.pk), f"?v={line.version}"
    return Sender(
        name=brand.sender_name or partner.name,
        support_email=partner.support_email,
        printed_name=brand.printed_name or partner.name,
        address=tuple(brand.address.splitlines()),
        look_url=reverse("brand-look", args=[id_]) + version if line.version else "",
        logo_url=reverse("brand-logo", args=[id_]) + version if line.logo else "",
        terms_url=brand.terms_url,
        privacy_url=brand.privacy_url,
        imprint_url=brand.imprint_url,
        support_url=brand.support_url,
    )


def partner_named(public_id: str) -> Partner | None:
    """The partner of a public address; None where there is none."""
    try:
        return partner_by_id(parse("par", public_id))
    except NotFound:
        return None
