"""A mapping: where every field of a customer and of its subscription comes from."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, fields
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Column:
    """The text of a cell; `optional` means that a file without the column is as good as one with blank cells."""

    name: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A cell inside a template, filtered in order: `lower`, `upper`, `slug`."""

    column: str
    filters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """Texts and placeholders, joined; blank as soon as one of its cells is."""

    parts: tuple[str | Placeholder, ...]


@dataclass(frozen=True, slots=True)
class Constant:
    """The same text for every row."""

    text: str


@dataclass(frozen=True, slots=True)
class Case:
    """Holds where the column's cell is one of the values."""

    column: str
    values: frozenset[str]
    then: Source


@dataclass(frozen=True, slots=True)
class When:
    """The first case that holds decides; `otherwise` where none does."""

    cases: tuple[Case, ...]
    otherwise: Source


@dataclass(frozen=True, slots=True)
class MonthsBeforeNow:
    """The date that many whole months before today, for files that say how long and not since when."""

    count: Source


Take: TypeAlias = Column | Template | Constant | When | MonthsBeforeNow


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value comes from, then what a blank means, then what each value stands for.

    With `choose`, a value that it does not list is an error unless there is an `otherwise`; `split` makes several
    values of one (tags only).
    """

    take: Take
    blank_means: str | None = None
    choose: Dictionary[str, str] | None = None
    otherwise: str | None = None
    split: str | None = None


@dataclass(frozen=True, slots=True)
class CustomerFields:
    """Fields that are not mapped, and blank cells of those that may be, keep what the customer has; a new one then
    takes country, time zone and language of the partner."""

    name: Source
    email: Source
    external_id: Source | None = None
    country: Source | None = None
    timezone: Source | None = None
    locale: Source | None = None
    tax_id: Source | None = None
    registered_on: Source | None = None
    tags: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class SubscriptionFields:
    """`price` is the agreed price of one unit for one interval; where it is not mapped, or blank and allowed to be so
    by `plan_price_if_blank`, the plan's holds. `list_price` is what a plan costs that has to be made, else the price
    of the first row that names it. `optional` lets a row without plan and price be a customer alone."""

    external_id: Source
    product: Source
    plan: Source
    currency: Source
    interval: Source
    started_on: Source
    price: Source | None = None
    list_price: Source | None = None
    quantity: Source | None = None
    status: Source | None = None
    ended_on: Source | None = None
    plan_price_if_blank: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True)
class OpeningFields:
    """What a customer brings along: a balance in its favour, the invoice that is unpaid where it came from, and what
    Stripe calls it and its card. Amounts are in the subscription's currency."""

    balance: Source | None = None
    invoice_number: Source | None = None
    invoice_amount: Source | None = None
    invoice_on: Source | None = None
    invoice_due_on: Source | None = None
    gateway_customer: Source | None = None
    gateway_method: Source | None = None


@dataclass(frozen=True, slots=True)
class Mapping:
    """`date_format` is strptime's; `decimal_mark` is what separates whole units from parts in amounts."""

    name: str
    customer: CustomerFields
    subscription: SubscriptionFields | None = None
    opening: OpeningFields | None = None
    date_format: str = "%Y-%m-%d"
    decimal_mark: str = "."

    def sources(self) -> Iterator[Source]:
        """Every source of the mapping, nested ones not."""
        for section in (self.customer, self.subscription, self.opening):
            for one in fields(section) if section else ():
                value = getattr(section, one.name)
                if isinstance(value, Source):
                    yield value
                elif isinstance(value, tuple):
                    yield from value

    def columns(self, *, needed: bool = False) -> list[str]:
        """Columns that the mapping reads, each once; `needed` leaves out those that a file may lack."""
        found = (column for source in self.sources() for column in columns_of(source))
        return list(dict.fromkeys(column.name for column in found if not (needed and column.optional)))


def columns_of(source: Source) -> list[Column]:
    """The columns that a source reads, in order."""
    take = source.take
    if isinstance(take, Column):
        return [take]
    if isinstance(take, Template):
        return [Column(part.column) for part in take.parts if isinstance(part, Placeholder)]
    if isinstance(take, MonthsBeforeNow):
        return columns_of(take.count)
    if isinstance(take, When):
        inner = [column for case in take.cases for column in (Column(case.column), *columns_of(case.then))]
        return [*inner, *columns_of(take.otherwise)]
    return []
