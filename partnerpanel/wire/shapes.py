"""Shapes: what an object of the API consists of, declared for the schema and for input.

A shape of output only declares. Functions show the rows: running a serializer over them costs more than reading them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.drainage import set_override
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import LENGTH, parse
from partnerpanel.kernel.money import InvalidMoney, Money

DERIVATION_EXAMPLE: dict[str, Any] = {"rule": "price_of_period", "inputs": {}, "policy": {}, "parts": []}
BIGGEST = 2**53 - 1  # what every reader of JSON keeps exact


class Shape(serializers.Serializer[Any]):
    """The base of all; a field that it does not know is refused by name.

    `example` is what its example has besides the fields that it must have.
    """

    example: ClassVar[Mapping[str, Any]] = {}

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = [str(name) for name in data if name not in self.fields]
            if unknown:
                raise serializers.ValidationError(
                    {name: [serializers.ErrorDetail("There is no such field.", "unknown_field")] for name in unknown}
                )
        return super().to_internal_value(data)


class Text(serializers.CharField):
    """Words without a NUL, which the database cannot keep."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Whole(serializers.IntegerField):
    """A whole number as JSON writes it; neither `"3"` nor `3.0` nor `true`."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


class Flag(serializers.BooleanField):
    """`true` or `false`, and nothing that only looks like it."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class PublicId(serializers.Field[UUID, Any, Any, Any]):
    """`cus_…`; another kind's id, or one that cannot be, is the same as one of nobody."""

    default_error_messages = {
        "invalid": "“{given}” is no id such as {prefix}_01k9….",
        "not_found": "There is no {what}.",
    }

    def __init__(self, prefix: str, **kwargs: Any) -> None:
        self.prefix = prefix
        self.example = public_example(prefix)
        set_override(self, "field", {"type": "string", "pattern": pattern_of(prefix)})
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> UUID:
        if not isinstance(data, str) or not data.startswith(f"{self.prefix}_"):
            self.fail("invalid", given=str(data)[:40], prefix=self.prefix)
        try:
            return parse(self.prefix, data)
        except NotFound:
            self.fail("invalid", given=data[:40], prefix=self.prefix)

    def to_representation(self, value: Any) -> Any:
        return value


class Instant(serializers.DateTimeField):
    """An instant with its offset: `2026-06-13T00:00:00Z`. One without an offset is refused, never guessed."""

    default_error_messages = {"offset": "Say the offset too, such as 2026-06-13T00:00:00Z."}

    def to_internal_value(self, value: Any) -> datetime:
        if not isinstance(value, str):
            self.fail("invalid", format="YYYY-MM-DDThh:mm:ssZ")
        text = value.strip().upper()
        if not (text.endswith("Z") or "+" in text[10:] or "-" in text[10:]):
            self.fail("offset")
        try:
            return super().to_internal_value(value).astimezone(UTC)
        except OverflowError:
            self.fail("invalid", format="YYYY-MM-DDThh:mm:ssZ")


class MoneyShape(Shape):
    """An exact amount of money: whole minor units (cents, or yen where there are no cents) of an ISO 4217 currency."""

    amount = Whole(min_value=-BIGGEST, max_value=BIGGEST, help_text="In minor units: 10620 is 106.20 USD.")
    currency = serializers.RegexField(r"^[A-Z]{3}$", help_text="ISO 4217, such as USD.")

    class Meta:
        ref_name = "Money"

    def to_internal_value(self, data: Any) -> Any:
        value = super().to_internal_value(data)
        try:
            return Money(value["amount"], value["currency"])
        except InvalidMoney as error:
            raise serializers.ValidationError({error.field or "amount": [error.message]}) from None


def pattern_of(prefix: str) -> str:
    """What an id of this kind looks like."""
    return f"^{prefix}_[0-9a-z]{{{LENGTH}}}$"


def public_example(prefix: str) -> str:
    """An id that looks like one."""
    return f"{prefix}_01k9vmj7q8eatt3y3sp3t6xhsp"


def id_field(prefix: str, *, nullable: bool = False, help_text: str = "") -> serializers.Field[Any, Any, Any, Any]:
    """An id of an object that is shown."""

    @extend_schema_field({"type": ["string", "null"] if nullable else "string", "pattern": pattern_of(prefix)})
    class _Id(serializers.CharField):
        example = public_example(prefix)

    return _Id(help_text=help_text)


def ref_field(
    prefix: str, shape: str, *, nullable: bool = False, help_text: str = ""
) -> serializers.Field[Any, Any, Any, Any]:
    """An id of another object, which `expand` turns into that object."""
    kinds: list[dict[str, Any]] = [
        {"type": "string", "pattern": pattern_of(prefix)},
        {"$ref": f"#/components/schemas/{shape}"},
    ]

    @extend_schema_field({"oneOf": [*kinds, {"type": "null"}] if nullable else kinds})
    class _Ref(serializers.CharField):
        example = public_example(prefix)

    return _Ref(help_text=help_text)


@extend_schema_field(OpenApiTypes.DATETIME)
class At(serializers.CharField):
    """An instant that is shown."""


@extend_schema_field(OpenApiTypes.DATE)
class On(serializers.CharField):
    """A day that is shown."""


def constant(value: str) -> serializers.Field[Any, Any, Any, Any]:
    """`object`: which shape this is."""

    @extend_schema_field({"type": "string", "const": value})
    class _Constant(serializers.CharField):
        example = value

    return _Constant()


def one_of(values: Any, **kwargs: Any) -> serializers.ChoiceField:
    """One word of a closed list, an enumeration's or its members."""
    return serializers.ChoiceField(choices=[str(getattr(one, "value", one)) for one in values], **kwargs)


def anything(help_text: str) -> serializers.Field[Any, Any, Any, Any]:
    """An object whose names are not ours."""

    @extend_schema_field({"type": "object", "additionalProperties": True})
    class _Anything(serializers.JSONField):
        example = DERIVATION_EXAMPLE

    return _Anything(help_text=help_text)


def counts(help_text: str, *, required: bool = True) -> serializers.DictField:
    """Whole numbers by name."""
    return serializers.DictField(child=Whole(min_value=0, max_value=BIGGEST), required=required, help_text=help_text)
