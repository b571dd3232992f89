"""What a customer's data must be to be taken."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from zoneinfo import available_timezones

from stdnum import get_cc_module
from stdnum.exceptions import ValidationError

from customers.rules.keys import email_key
from partnerpanel.kernel.errors import DomainError

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_COUNTRY = re.compile(r"[A-Z]{2}")
LOCALES = ("en", "de")
ZONES = frozenset(available_timezones())


class InvalidCustomer(DomainError):
    """A customer's data that cannot be taken; `field` names which."""

    code = "invalid_customer"


@dataclass(frozen=True, slots=True)
class Profile:
    """Who a customer is. `external_id` is the partner's own number for them and unique where it is given."""

    name: str
    email: str
    country: str
    timezone: str
    locale: str = "en"
    tax_id: str = ""
    external_id: str = ""


def checked(profile: Profile) -> Profile:
    """The profile, trimmed, with its tax id in the standard form. Raises InvalidCustomer naming the field."""
    for field in ("name", "email", "tax_id", "external_id"):
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
    tax_id = standard_tax_id(profile.tax_id, country=profile.country)
    return replace(profile, name=name, email=email, tax_id=tax_id, external_id=profile.external_id.strip())


def standard_tax_id(text: str, *, country: str) -> str:
    """The tax id in its country's standard form; kept as written where the country's form is not known.

    Raises InvalidCustomer for a number that the country's check digits refuse.
    """
    if not text.strip():
        return ""
    name = "gstin" if country == "IN" else "vat"
    module = get_cc_module(country, name) or (get_cc_module("eu", "vat") if country == "EU" else None)
    if module is None:
        return text.strip()[:40]
    try:
        return str(module.validate(text))
    except ValidationError:
        raise InvalidCustomer(f"“{text}” is no valid tax id of {country}.", field="tax_id") from None
