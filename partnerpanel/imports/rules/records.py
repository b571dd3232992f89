"""From a row to what it asks for, or to everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from customers.rules.keys import email_key
from customers.rules.profile import ZONES, InvalidCustomer, Profile, checked
from partnerpanel.imports.rules import fields
from partnerpanel.imports.rules.cells import Row, is_relative, label, value_of
from partnerpanel.imports.rules.fields import Status
from partnerpanel.imports.rules.mapping import CustomerFields, Mapping, Source, SubscriptionFields
from partnerpanel.imports.rules.problems import Problem, Unreadable
from partnerpanel.imports.rules.repairs import repair_of
from partnerpanel.kernel.clock import local_date
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Interval

OPTIONAL = ("country", "timezone", "locale", "tax_id")
MAX_NAME = 120
MAX_TAG = 40
MAX_NUMBER = 100

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Setting:
    """What the partner and the moment give to every row: defaults of a new customer, and now."""

    country: str
    timezone: str
    locale: str
    now: datetime


@dataclass(frozen=True, slots=True)
class WantedSubscription:
    """A subscription as the row states it. `moves_with_now`: its start was counted back from the day of the import."""

    external_id: str
    product: str
    plan: str
    interval: Interval
    currency: str
    price: Money | None
    list_price: Money | None
    quantity: int
    status: Status
    started_on: date
    moves_with_now: bool
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class Record:
    """A good row. `profile` is complete for a new customer; `given` names the fields that the row really states."""

    row: int
    profile: Profile
    given: frozenset[str]
    tags: frozenset[str]
    registered_on: date | None
    subscription: WantedSubscription | None

    @property
    def email_key(self) -> str:
        return email_key(self.profile.email)


class Reader:
    """Reads one row; collects problems instead of stopping at the first."""

    def __init__(self, mapping: Mapping, row: Row, *, number: int, setting: Setting) -> None:
        self.mapping, self.row, self.number, self.setting = mapping, row, number, setting
        self.problems: list[Problem] = []
        self.today = local_date(setting.now, setting.timezone)
        zone = self.text(mapping.customer.timezone)
        if zone in ZONES:
            self.today = local_date(setting.now, zone)

    def text(self, source: Source | None) -> str:
        """The field's text; blank where it is not mapped or cannot be read."""
        return self.attempt(lambda: value_of(source, self.row, today=self.today), "") if source else ""

    def attempt(self, read: Callable[[], Value], otherwise: Value) -> Value:
        try:
            return read()
        except Unreadable as unreadable:
            self.add(unreadable.on(self.number))
            return otherwise

    def add(self, problem: Problem) -> None:
        """A field that is looked at twice is wrong once."""
        if problem not in self.problems:
            self.problems.append(problem)

    def needed(self, source: Source, field: str) -> str:
        """The same, a blank being a problem too."""
        before = len(self.problems)
        value = self.text(source)
        if not value and len(self.problems) == before:
            self.wrong(source, field, "is blank", "", f"a value for {field}")
        return value

    def wrong(self, source: Source | None, field: str, what: str, found: str, expected: str) -> None:
        column = (label(source) if source else "") or field
        self.add(Problem(self.number, column, what, found, expected))

    def date(self, source: Source | None) -> date | None:
        text = self.text(source)
        if source is None or not text:
            return None
        pattern = "%Y-%m-%d" if is_relative(source, self.row) else self.mapping.date_format
        return self.attempt(lambda: fields.day(text, pattern=pattern, today=self.today, column=label(source)), None)


def read_record(mapping: Mapping, row: Row, *, number: int, setting: Setting) -> Record | list[Problem]:
    """What row `number` of the file asks for, or everything that is wrong with it."""
    reader = Reader(mapping, row, number=number, setting=setting)
    for name, cell in row.items():
        if "\0" in cell:
            reader.add(Problem(number, name, "holds a character that no text has", "NUL", "text"))
    profile, given = _profile(reader, mapping.customer)
    registered_on = reader.date(mapping.customer.registered_on)
    tags = _tags(reader, mapping.customer)
    subscription = _subscription(reader, mapping.subscription) if mapping.subscription else None
    if reader.problems or profile is None:
        return reader.problems
    return Record(number, profile, given, tags, registered_on, subscription)


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


def _subscription(reader: Reader, wanted: SubscriptionFields) -> WantedSubscription | None:
    if wanted.optional and not any(reader.text(one) for one in (wanted.plan, wanted.price)):
        return None
    before = len(reader.problems)
    number = _short(reader, wanted.external_id, "external_id", MAX_NUMBER)
    product = _short(reader, wanted.product, "product", MAX_NAME)
    plan = _short(reader, wanted.plan, "plan", MAX_NAME)
    code = reader.needed(wanted.currency, "currency")
    code = reader.attempt(lambda: fields.currency(code, column=label(wanted.currency)), "") if code else ""
    length = reader.needed(wanted.interval, "interval")
    interval = reader.attempt(lambda: fields.interval(length, column=label(wanted.interval)), None) if length else None
    if wanted.price and not wanted.plan_price_if_blank:
        reader.needed(wanted.price, "price")
    price, list_price = (_money(reader, source, code) for source in (wanted.price, wanted.list_price))
    count = reader.text(wanted.quantity)
    quantity = reader.attempt(lambda: fields.quantity(count, column=_label(wanted.quantity)), 1) if count else 1
    word = reader.text(wanted.status)
    status = reader.attempt(lambda: fields.status(word, column=_label(wanted.status)), None) if word else Status.ACTIVE
    started_on, ended_on = _dates(reader, wanted, status)
    if len(reader.problems) > before or interval is None or status is None or started_on is None:
        return None
    return WantedSubscription(
        external_id=number,
        product=product,
        plan=plan,
        interval=interval,
        currency=code,
        price=price,
        list_price=list_price,
        quantity=quantity,
        status=status,
        started_on=started_on,
        moves_with_now=is_relative(wanted.started_on, reader.row),
        ended_on=ended_on,
    )


def _short(reader: Reader, source: Source, field: str, limit: int) -> str:
    value = " ".join(reader.needed(source, field).split())
    if len(value) > limit:
        reader.wrong(source, field, f"is too long for {field}", value, f"{limit} letters at most")
    return value


def _money(reader: Reader, source: Source | None, code: str) -> Money | None:
    text = reader.text(source)
    if source is None or not text or not code:
        return None
    mark = reader.mapping.decimal_mark
    return reader.attempt(lambda: fields.money(text, currency=code, decimal_mark=mark, column=label(source)), None)


def _dates(reader: Reader, wanted: SubscriptionFields, status: Status | None) -> tuple[date | None, date | None]:
    before = len(reader.problems)
    started_on = reader.date(wanted.started_on)
    if started_on is None and len(reader.problems) == before:
        reader.wrong(wanted.started_on, "started_on", "is blank", "", "the day the subscription began")
    ended_on = reader.date(wanted.ended_on) if status is Status.ENDED else None
    if status is Status.ENDED and ended_on is None and len(reader.problems) == before:
        reader.wrong(wanted.ended_on, "ended_on", "is blank", "", "the day the subscription ended")
    if started_on and ended_on and ended_on < started_on:
        expected = f"{started_on} or later, the day it began"
        reader.wrong(wanted.ended_on, "ended_on", "lies before the start", str(ended_on), expected)
    return started_on, ended_on


def _label(source: Source | None) -> str:
    return label(source) if source else ""
