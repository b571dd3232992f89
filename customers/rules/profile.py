"""What a customer's data must be to be taken."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from zoneinfo import available_timezones

from customers.rules.keys import email_key
from customers.rules.tax_ids import InvalidTaxId, standard_form, state_of_gstin
from partnerpanel.kernel.errors import DomainError

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_COUNTRY = re.compile(r"[A-Z]{2}")
_REGION = re.compile(r"[A-Z0-9]{1,3}")
LOCALES = ("en", "de")
ZONES = frozenset(available_timezones())


class InvalidCustomer(DomainError):
    """A customer's data that cannot be taken; `field` names which."""

    code = "invalid_customer"


@dataclass(frozen=True, slots=True)
class Profile:
    """Who a customer is. `external_id` is the partner's own number for them and unique where it is given.

    `region` is a part of the country as ISO 3166-2 writes it (`CA`, `KA`), where taxes differ by it; `tax_exempt_for`
    the reason why no tax is charged, empty where it is.
    """

    name: str
    email: str
    country: str
    timezone: str
    locale: str = "en"
    tax_id: str = ""
    external_id: str = ""
    region: str = ""
    tax_exempt_for: str = ""


def checked(profile: Profile) -> Profile:
    """The profile, trimmed, with its tax id in the standard form. Raises InvalidCustomer naming the field."""
    for field in ("name", "email", "tax_id", "external_id", "tax_exempt_for"):
        if "\x00" in getattr(profile, field):
            raise InvalidCustomer("A NUL character cannot be kept.", field=field)
    name, email = " ".join(profile.name.split()), profile.email.strip()
    if not name or len(name) > 200:
        raise InvalidCustomer("A name has 1 to 200 letters.", field="name")
    if not _ADDRESS.fullmatch(email_key(email)) or max(len(email), len(email_key(email))) > 254:
        raise InvalidCustomer(f"“{email}” is no e-mail address such as anna@example.com.", field="email")
    if not _COUNTRY.fullmatch(profile.country):
        raise InvalidCustomer(f"“{profile.country}” is no two-letter country code such as DE.", field="country")
    if profile.timezone not in ZONES:
        raise InvalidCustomer(f"“{profile.timezone}” is no time zone such as Europe/Berlin.", field="timezone")
    if profile.locale not in LOCALES:
        raise InvalidCustomer(f"Texts exist in {', '.join(LOCALES)}, not in “{profile.locale}”.", field="locale")
    if len(profile.external_id) > 100:
        raise InvalidCustomer("A number of your own has at most 100 letters.", field="external_id")
    return _with_tax(replace(profile, name=name, email=email, external_id=profile.external_id.strip()))


def _with_tax(profile: Profile) -> Profile:
    region, exempt_for = profile.region.strip().upper(), " ".join(profile.tax_exempt_for.split())
    if region and not _REGION.fullmatch(region):
        raise InvalidCustomer(f"“{profile.region}” is no region such as CA or KA.", field="region")
    if len(exempt_for) > 200:
        raise InvalidCustomer("A reason has at most 200 letters.", field="tax_exempt_for")
    tax_id = standard_tax_id(profile.tax_id, country=profile.country)
    region = region_of(region, tax_id=tax_id, country=profile.country)
    return replace(profile, tax_id=tax_id, region=region, tax_exempt_for=exempt_for)


def standard_tax_id(text: str, *, country: str) -> str:
    """The tax id in its country's standard form; kept as written where the country's form is not known.

    Raises InvalidCustomer for a number that the country's check digits refuse.
    """
    try:
        return standard_form(text, country=country)
    except InvalidTaxId:
        raise InvalidCustomer(f"“{text}” is no valid tax id of {country}.", field="tax_id") from None


def region_of(region: str, *, tax_id: str, country: str) -> str:
    """The region, which a GSTIN says itself. Raises InvalidCustomer where it says another one."""
    state = state_of_gstin(tax_id) if country == "IN" and tax_id else ""
    if region and state and region != state:
        raise InvalidCustomer(f"“{tax_id}” is of the state {state}, not of {region}.", field="region")
    return region or state
