"""What rates and registrations have to be to be taken."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from billing.tax.rules.places import ONE_STOP_SHOP
from billing.tax.rules.rates import RATED, Registration
from customers.rules.tax_ids import InvalidTaxId, standard_form, state_of_gstin
from partnerpanel.kernel.errors import DomainError

_COUNTRY = re.compile(r"[A-Z]{2}")
_REGION = re.compile(r"[A-Z0-9]{0,3}")
_PERCENT = re.compile(r"([0-9]{1,3})([.,][0-9]{1,4})?")
MOST = 100


class InvalidTax(DomainError):
    """A rate or a registration that cannot be taken; `field` names which input."""

    code = "invalid_tax"


@dataclass(frozen=True, slots=True)
class NewRate:
    """A rate before it is written: `percent` of the net amount, from `valid_from` until before `valid_until`."""

    kind: str
    name: str
    country: str
    percent: Decimal
    is_inclusive: bool
    valid_from: date
    valid_until: date | None = None
    region: str = ""


@dataclass(frozen=True, slots=True)
class OwnTaxes:
    """Where the partner is at home and registered."""

    country: str
    is_registered: bool
    region: str = ""
    tax_id: str = ""
    registrations: tuple[Registration, ...] = ()


def percent_from(text: str) -> Decimal:
    """`19`, `8.875`, `8,875` → exact; at most four decimals. Raises InvalidTax."""
    if not _PERCENT.fullmatch(text.strip()):
        raise InvalidTax("Write a percentage such as 19 or 8.875, with at most four decimals.", field="percent")
    return Decimal(text.strip().replace(",", "."))


def checked_rate(new: NewRate) -> NewRate:
    """The rate, trimmed. Raises InvalidTax naming the field."""
    name, region = " ".join(new.name.split()), new.region.strip().upper()
    if new.kind not in RATED:
        raise InvalidTax("Choose what kind of tax it is.", field="kind")
    if not 1 <= len(name) <= 60 or "\x00" in name:
        raise InvalidTax("A name has 1 to 60 letters; it stands on invoices.", field="name")
    if not 0 <= new.percent <= MOST or new.percent != round(new.percent, 4):
        raise InvalidTax("A percentage is between 0 and 100, with at most four decimals.", field="percent")
    if new.valid_until is not None and new.valid_until <= new.valid_from:
        raise InvalidTax("It ends after its first day.", field="valid_until")
    return replace(new, name=name, country=_country(new.country), region=_region(region))


def checked_own(own: OwnTaxes) -> OwnTaxes:
    """The registration, its tax ids in their standard form. Raises InvalidTax naming the field."""
    country, region = _country(own.country), _region(own.region.strip().upper())
    tax_id = _tax_id(own.tax_id, country, "tax_id")
    if country == "IN" and tax_id:
        state = state_of_gstin(tax_id)
        if region and region != state:
            raise InvalidTax(f"This GSTIN is of the state {state}.", field="region")
        region = state
    if country == "IN" and own.is_registered and not region:
        raise InvalidTax("India taxes by state: say which one you are registered in.", field="region")
    seen = {country}
    elsewhere = []
    for one in own.registrations:
        place = _country(one.country, "registrations")
        if place in seen:
            raise InvalidTax(f"{place} is named twice.", field="registrations")
        seen.add(place)
        number = one.tax_id.strip()[:40] if place == ONE_STOP_SHOP else _tax_id(one.tax_id, place, "registrations")
        elsewhere.append(Registration(place, number))
    return replace(own, country=country, region=region, tax_id=tax_id, registrations=tuple(elsewhere))


def _tax_id(text: str, country: str, field: str) -> str:
    try:
        return standard_form(text, country=country)
    except InvalidTaxId:
        raise InvalidTax(f"“{text}” is no valid tax id of {country}.", field=field) from None


def _country(text: str, field: str = "country") -> str:
    country = text.strip().upper()
    if not _COUNTRY.fullmatch(country):
        raise InvalidTax(f"“{text}” is no two-letter country code such as DE.", field=field)
    return country


def _region(region: str) -> str:
    if not _REGION.fullmatch(region):
        raise InvalidTax(f"“{region}” is no region such as CA or KA.", field="region")
    return region
