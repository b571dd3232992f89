"""Reading a whole mapping from plain data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import MISSING, fields
from datetime import datetime
from typing import Any, TypeVar

from partnerpanel.imports.rules.mapping import CustomerFields, Mapping, OpeningFields, Source, SubscriptionFields
from partnerpanel.imports.rules.sources import flag, read_source, text, wrong

Section = TypeVar("Section", CustomerFields, SubscriptionFields, OpeningFields)

TOP = ("about", "date_format", "decimal_mark", "customer", "subscription", "opening")


def read_mapping(data: object, *, name: str) -> Mapping:
    """A mapping from what its file says. Raises InvalidMapping naming the place."""
    found = _keys(data, name, TOP)
    if "customer" not in found:
        raise wrong(name, "has no “customer”, which says where name and email come from")
    mark = text(found.get("decimal_mark", "."), "decimal_mark")
    if mark not in (".", ","):
        raise wrong("decimal_mark", f"is “.” or “,”, not “{mark}”")
    pattern = text(found.get("date_format", "%Y-%m-%d"), "date_format")
    try:
        fits = datetime.strptime(datetime(2024, 1, 31).strftime(pattern), pattern).day == 31  # noqa: DTZ001, DTZ007
    except ValueError:
        fits = False
    if not fits:
        raise wrong("date_format", f"“{pattern}” names no day; %d.%m.%Y stands for 31.01.2024")
    subscription, opening = found.get("subscription"), found.get("opening")
    return Mapping(
        name=name,
        customer=_section(CustomerFields, found["customer"], "customer"),
        subscription=_section(SubscriptionFields, subscription, "subscription") if subscription is not None else None,
        opening=_section(OpeningFields, opening, "opening") if opening is not None else None,
        date_format=pattern,
        decimal_mark=mark,
    )


def _section(kind: type[Section], data: object, at: str) -> Section:
    known = fields(kind)
    found = _keys(data, at, [one.name for one in known])
    missing = [one.name for one in known if one.default is MISSING and one.name not in found]
    if missing:
        raise wrong(at, f"says nothing about {', '.join(missing)}")
    values: dict[str, Any] = {}
    for name, value in found.items():
        here = f"{at}.{name}"
        if name == "tags":
            values[name] = _tags(value, here)
        elif name in ("optional", "plan_price_if_blank"):
            values[name] = flag(value, here)
        else:
            values[name] = _single(read_source(value, here), here)
    return kind(**values)


def _tags(data: object, at: str) -> tuple[Source, ...]:
    if not isinstance(data, list):
        raise wrong(at, "is a list of sources, one or more tags from each")
    return tuple(read_source(value, f"{at}[{number}]") for number, value in enumerate(data, start=1))


def _single(source: Source, at: str) -> Source:
    if source.split is not None:
        raise wrong(f"{at}.split", "belongs to tags; every other field has one value")
    return source


def _keys(data: object, at: str, known: Iterable[str]) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise wrong(at, f"is a list of keys and values, not {data!r}")
    names = list(known)
    if unknown := sorted(str(key) for key in data if key not in names):
        raise wrong(at, f"“{unknown[0]}” is no key here; there are {', '.join(names)}")
    return data
