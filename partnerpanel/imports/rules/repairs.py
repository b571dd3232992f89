"""The repair for each field of a customer, without the value, so that rows with the same one are counted together."""

from __future__ import annotations

REPAIRS = {
    "name": ("is empty or too long for a name", "1 to 200 letters"),
    "email": ("is no e-mail address such as anna@example.com", "an address such as anna@example.com"),
    "country": ("is no two-letter country code such as DE", "a two-letter country code such as DE"),
    "timezone": ("is no time zone such as Europe/Berlin", "a time zone such as Europe/Berlin"),
    "locale": ("is no language that texts exist in", "en or de"),
    "external_id": ("is too long for a number of your own", "100 letters at most"),
    "tax_id": ("is no valid tax id of its country", "a tax id with correct check digits, or a blank"),
}


def repair_of(field: str) -> tuple[str, str]:
    """What is wrong with the field, and what is expected."""
    return REPAIRS.get(field, ("cannot be taken", f"a usable {field}"))
