"""From a row to what it asks for, or to everything that is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from billing.rules.opening import BroughtAlong
from customers.rules.keys import email_key
from customers.rules.profile import InvalidCustomer, Profile, checked
from partnerpanel.imports.rules.cells import Row
from partnerpanel.imports.rules.mapping import CustomerFields, Mapping
from partnerpanel.imports.rules.openings import read_opening
from partnerpanel.imports.rules.problems import Problem
from partnerpanel.imports.rules.reader import Reader, Setting
from partnerpanel.imports.rules.repairs import repair_of
from partnerpanel.imports.rules.wanted import WantedSubscription, read_subscription

OPTIONAL = ("country", "timezone", "locale", "tax_id")
MAX_TAG = 40


@dataclass(frozen=True, slots=True)
class Record:
    """A good row. `profile` is complete for a new customer; `given` names the fields that the row really states."""

    row: int
    profile: Profile
    given: frozenset[str]
    tags: frozenset[str]
    registered_on: date | None
    subscription: WantedSubscription | None
    opening: BroughtAlong | None = None

    @property
    def email_key(self) -> str:
        return email_key(self.profile.email)


def read_record(mapping: Mapping, row: Row, *, number: int, setting: Setting) -> Record | list[Problem]:
    """What row `number` of the file asks for, or everything that is wrong with it."""
    reader = Reader(mapping, row, number=number, setting=setting)
    for name, cell in row.items():
        if "\0" in cell:
            reader.add(Problem(number, name, "holds a character that no text has", "NUL", "text"))
    profile, given = _profile(reader, mapping.customer)
    registered_on = reader.date(mapping.customer.registered_on)
    tags = _tags(reader, mapping.customer)
    subscription = read_subscription(reader, mapping.subscription) if mapping.subscription else None
    opening = None
    if mapping.opening is not None and not reader.problems:
        currency = mapping.subscription.currency if mapping.subscription else None
        opening = read_opening(reader, mapping.opening, subscription, currency)
    if reader.problems or profile is None:
        return reader.problems
    return Record(number, profile, given, tags, registered_on, subscription, opening)


def _profile(reader: Reader, wanted: CustomerFields) -> tuple[Profile | None, frozenset[str]]:
    before = len(reader.problems)
    values = {"name": reader.needed(wanted.name, "name"), "email": reader.needed(wanted.email, "email")}
    values |= {name: reader.text(getattr(wanted, name)) for name in (*OPTIONAL, "external_id")}
    given = frozenset(name for name, value in values.items() if value)
    setting = reader.setting
    defaults = {"country": setting.country, "timezone": setting.timezone, "locale": setting.locale}
    if len(reader.problems) > before:
        return None, given
    try:
        return checked(
            Profile(**(values | {name: values[name] or default for name, default in defaults.items()}))
        ), given
    except InvalidCustomer as refusal:
        field = refusal.field or "name"
        what, expected = repair_of(field)
        reader.wrong(getattr(wanted, field), field, what, values[field], expected)
        return None, given


def _tags(reader: Reader, wanted: CustomerFields) -> frozenset[str]:
    found = set()
    for source in wanted.tags:
        value = reader.text(source)
        for part in value.split(source.split) if source.split else [value]:
            name = " ".join(part.split())
            if len(name) > MAX_TAG:
                reader.wrong(source, "tags", "is too long for a tag", name, f"{MAX_TAG} letters at most")
            found.add(name)
    return frozenset(found - {""})
