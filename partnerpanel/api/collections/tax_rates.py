"""Tax rates: added, given another percentage from a day on, archived and restored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from rest_framework import serializers

from billing.tax.rules.checks import NewRate
from billing.tax.rules.rates import RATED
from partnerpanel.actions import taxes
from partnerpanel.api.collections.acting import Acting
from partnerpanel.api.collections.making import Changing, Making
from partnerpanel.wire.shapes import Flag, Shape, Text, one_of


def _percent() -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=7, decimal_places=4, min_value=0, help_text="Such as “19” or “8.875”.")


class TaxRateInput(Shape):
    kind = one_of(RATED)
    name = Text(max_length=60)
    country = serializers.RegexField(r"^[A-Z]{2}$")
    region = Text(max_length=3, required=False, allow_blank=True)
    percent = _percent()
    inclusive = Flag(help_text="Prices contain it.")
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(required=False, allow_null=True)


class TaxRateChange(Shape):
    archived = Flag()


class NewPercentInput(Shape):
    """The rate from a day on; the one before ends there."""

    percent = _percent()
    valid_from = serializers.DateField()


class TaxRates(Making):
    resource_name = "tax_rates"
    scopes: ClassVar[Mapping[str, str]] = {"GET": "tax_rates:read", "POST": "tax_rates:write"}
    shape = TaxRateInput

    def make(self, wanted: Mapping[str, Any]) -> UUID:
        new = NewRate(
            kind=wanted["kind"],
            name=wanted["name"],
            country=wanted["country"],
            percent=wanted["percent"],
            is_inclusive=wanted["inclusive"],
            valid_from=wanted["valid_from"],
            valid_until=wanted.get("valid_until"),
            region=wanted.get("region", ""),
        )
        return taxes.add_rate(new, actor=self.caller.actor, now=self.caller.now)


class TaxRate(Changing):
    resource_name = "tax_rates"
    scopes: ClassVar[Mapping[str, str]] = {"GET": "tax_rates:read", "PATCH": "tax_rates:write"}
    change_shape = TaxRateChange

    def change(self, id_: UUID, wanted: Mapping[str, Any]) -> None:
        act = taxes.archive_rate if wanted["archived"] else taxes.restore_rate
        act(id_, actor=self.caller.actor, now=self.caller.now)


class NewPercent(Acting):
    """Answers with the rate that ends; its successor `replaces` it."""

    resource_name = "tax_rates"
    verb = "change_percent"
    summary = "Another percentage from a day on"
    input_shape = NewPercentInput
    scopes: ClassVar[Mapping[str, str]] = {"POST": "tax_rates:write"}

    def act(self, id_: UUID, wanted: Mapping[str, Any]) -> None:
        by: Any = {"actor": self.caller.actor, "now": self.caller.now}
        taxes.new_version(id_, percent=wanted["percent"], valid_from=wanted["valid_from"], **by)
