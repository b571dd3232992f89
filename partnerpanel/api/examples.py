"""Example bodies, made from shapes: by what a field is called, else by what it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from partnerpanel.wire.shapes import At, Flag, Instant, MoneyShape, On, Shape, Whole

EARLIER, AT, ON = "2026-06-12T00:00:00Z", "2026-06-13T00:00:00Z", "2026-06-13"
WORDS: Mapping[str, Any] = {
    "name": "Ada Example",
    "email": "ada@example.com",
    "country": "DE",
    "region": "",
    "locale": "en",
    "timezone": "Europe/Berlin",
    "tax_id": "DE136695976",
    "external_id": "4711",
    "number": "INV-000123",
    "description": "Basic",
    "reason": "Has not answered",
    "note": "Agreed by phone",
    "code": "SPRING",
    "allowance": "connections",
    "currency": "EUR",
    "version": 3,
    "quantity": 1,
    "slug": "eastwind",
}


def example_of(shape: type[Shape] | Shape) -> dict[str, Any]:
    """A body of that shape, with every field."""
    made = shape() if isinstance(shape, type) else shape
    return {name: _value(name, field) for name, field in made.fields.items()}


def _value(name: str, field: serializers.Field[Any, Any, Any, Any]) -> Any:
    match field:
        case serializers.ListSerializer():
            return [_value(name, field.child)]  # type: ignore[arg-type]
        case MoneyShape():
            return {"amount": 10620, "currency": "EUR"}
        case Shape():
            return example_of(field)
        case serializers.ListField():
            return [_value(name, field.child)]
        case serializers.DictField():
            return {"connections": 2} if isinstance(field.child, Whole) else {}
        case serializers.DecimalField():
            return "19"
        case serializers.ChoiceField():
            return next(iter(field.choices))
    if (found := getattr(field, "example", None)) is not None:
        return found
    return _plain(name, field)


def _plain(name: str, field: serializers.Field[Any, Any, Any, Any]) -> Any:
    match field:
        case At() | Instant():
            return EARLIER if name == "since" else AT
        case On() | serializers.DateField():
            return ON
        case Flag():
            return False
        case Whole():
            return WORDS[name] if isinstance(WORDS.get(name), int) else max(1, field.min_value or 1)
    return WORDS.get(name, name.replace("_", " "))
