"""The subscription that a row asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from partnerpanel.imports.rules import fields
from partnerpanel.imports.rules.cells import is_relative, label
from partnerpanel.imports.rules.fields import Status
from partnerpanel.imports.rules.mapping import Source, SubscriptionFields
from partnerpanel.imports.rules.reader import Reader
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Interval

MAX_NAME = 120
MAX_NUMBER = 100


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


def read_subscription(reader: Reader, wanted: SubscriptionFields) -> WantedSubscription | None:
    """None where the row has none, or where the reader has found problems."""
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
