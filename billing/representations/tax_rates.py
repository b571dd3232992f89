"""Tax rates as programs see them."""

from __future__ import annotations

from collections.abc import Sequence

from rest_framework import serializers

from billing.tax.models import TaxRate
from billing.tax.rules.rates import RATED
from partnerpanel.kernel.ids import public
from partnerpanel.wire import filters
from partnerpanel.wire.resources import Resource, Showing, Shown
from partnerpanel.wire.shapes import At, Flag, On, Shape, Whole, constant, id_field, one_of, ref_field
from partnerpanel.wire.values import day, instant, ref


class TaxRateShape(Shape):
    """One rate for a time. Its percentage never changes: another one is a new rate from its day on."""

    id = id_field("txr")
    object = constant("tax_rate")
    kind = one_of(RATED)
    name = serializers.CharField()
    country = serializers.CharField()
    region = serializers.CharField()
    percent = serializers.CharField(help_text="A decimal number, such as “19” or “8.875”.")
    inclusive = Flag(help_text="Prices contain it.")
    valid_from = On()
    valid_until = On(allow_null=True)
    replaces = ref_field("txr", "TaxRate", nullable=True)
    created_at = At()
    archived_at = At(allow_null=True)
    version = Whole()

    class Meta:
        ref_name = "TaxRate"


def show(_showing: Showing, rows: Sequence[TaxRate]) -> list[Shown]:
    return [
        {
            "id": public("txr", row.pk),
            "object": "tax_rate",
            "kind": row.kind,
            "name": row.name,
            "country": row.country,
            "region": row.region,
            "percent": f"{row.percent.normalize():f}",
            "inclusive": row.is_inclusive,
            "valid_from": day(row.valid_from),
            "valid_until": day(row.valid_until),
            "replaces": ref("txr", row.replaces_id),
            "created_at": instant(row.created_at),
            "archived_at": instant(row.archived_at),
            "version": row.version,
        }
        for row in rows
    ]


TAX_RATES = Resource(
    name="tax_rates",
    kind="tax_rate",
    prefix="txr",
    shape=TaxRateShape,
    rows=TaxRate.objects.for_partner,
    show=show,
    filters={
        "country": filters.text(lambda rows, text: rows.filter(country=text), "Of this country."),
        "kind": filters.word("kind", RATED),
        "archived": filters.flag(lambda rows, yes: rows.filter(archived_at__isnull=not yes), "Whether it is archived."),
    },
    refs={"replaces": "tax_rates"},
)
