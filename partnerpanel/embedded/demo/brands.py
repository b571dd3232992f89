"""How the demo's partners sign: by the partner's country, as documents and mails show it."""

from __future__ import annotations

from collections.abc import Mapping

from partnerpanel.brand.rules.checks import Brand
from partnerpanel.brand.services import set_brand
from partnerpanel.embedded.demo.catalogue import OPENED_DAYS_AGO
from partnerpanel.embedded.demo.office import Office
from partnerpanel.tenancy.models import Role
from partnerpanel.tenancy.scope import tenant

BRANDS: Mapping[str, Brand] = {
    "DE": Brand(
        printed_name="Northwind Hosting GmbH",
        address="Uferstraße 7\n10997 Berlin",
        ids="HRB 12345 B, Amtsgericht Charlottenburg",
        footer="Bank: DE89 3704 0044 0532 0130 00 · Managing director: Katharina Brandt",
        accent="#0f766e",
    ),
    "JP": Brand(
        printed_name="サクラストリーム株式会社",
        address="渋谷区神南 1-2-3\n東京都 150-0041",
        accent="#db2777",
    ),
}


def sign(office: Office) -> None:
    """As the owner, from the first document on; who has not said anything signs by the panel's name."""
    brand = BRANDS.get(office.partner.country)
    if brand is None:
        return
    actor, now = office.actors[Role.OWNER], office.days.at(OPENED_DAYS_AGO, 10)
    with tenant(office.partner.pk):
        set_brand(brand, version=0, actor=actor, now=now)
