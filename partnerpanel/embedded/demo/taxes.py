"""Where the demo's partners are registered, and the rates of their countries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from billing.tax.rules.checks import NewRate, OwnTaxes
from billing.tax.rules.rates import Registration
from billing.tax.services import add_rate, set_own_taxes
from partnerpanel.embedded.demo.catalogue import OPENED_DAYS_AGO
from partnerpanel.embedded.demo.office import Office
from partnerpanel.tenancy.models import Role
from partnerpanel.tenancy.scope import tenant

Taxes = tuple[OwnTaxes, Sequence[NewRate]]


def _vat(country: str, percent: str, since: date) -> NewRate:
    return NewRate("vat", "VAT", country, Decimal(percent), is_inclusive=False, valid_from=since)


# Percentages as they were in 2026, by the partner's country.
TAXES: Mapping[str, Taxes] = {
    "DE": (
        OwnTaxes("DE", is_registered=True, tax_id="DE136695976", registrations=(Registration("EU"),)),
        [
            _vat("DE", "19", date(2021, 1, 1)),
            _vat("AT", "20", date(2016, 1, 1)),
            _vat("FR", "20", date(2014, 1, 1)),
            _vat("NL", "21", date(2012, 10, 1)),
        ],
    ),
    "US": (
        OwnTaxes("US", is_registered=True, region="CO"),
        [
            NewRate(
                "sales",
                "Sales tax",
                "US",
                Decimal("8.875"),
                is_inclusive=False,
                valid_from=date(2009, 8, 1),
                region="NY",
            )
        ],
    ),
    "JP": (
        OwnTaxes("JP", is_registered=True),
        [
            NewRate(
                "consumption",
                "Consumption tax",
                "JP",
                Decimal(10),
                is_inclusive=True,
                valid_from=date(2019, 10, 1),
            )
        ],
    ),
}


def charge_taxes(office: Office) -> None:
    """From the beginning on, as an owner would have set it up."""
    own, rates = TAXES[office.partner.country]
    actor, now = office.actors[Role.OWNER], office.days.at(OPENED_DAYS_AGO, 10)
    with tenant(office.partner.pk):
        set_own_taxes(own, version=0, actor=actor, now=now)
        for rate in rates:
            add_rate(rate, actor=actor, now=now)
