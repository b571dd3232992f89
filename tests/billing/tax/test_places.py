"""Which taxes a sale carries: by seller, buyer and day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from billing.tax.rules.places import taxation_of
from billing.tax.rules.rates import Buyer, Rate, Registration, Seller, Tax, TaxKind

DAY = date(2026, 3, 15)


def rate(kind: TaxKind, percent: str, country: str, region: str = "") -> Rate:
    return Rate(Tax(kind, kind.value.upper(), Decimal(percent), country, region), False, date(2020, 1, 1))


RATES = [
    rate(TaxKind.VAT, "19", "DE"),
    rate(TaxKind.VAT, "20", "FR"),
    rate(TaxKind.VAT, "20", "GB"),
    rate(TaxKind.CGST, "9", "IN"),
    rate(TaxKind.SGST, "9", "IN"),
    rate(TaxKind.IGST, "18", "IN"),
    rate(TaxKind.SALES, "8.875", "US", "NY"),
    rate(TaxKind.GST, "5", "CA"),
    rate(TaxKind.HST, "13", "CA", "ON"),
    rate(TaxKind.CONSUMPTION, "10", "JP"),
]
GERMAN, SHOP = Seller("DE", tax_id="136695976"), Registration("EU")
INDIAN = Seller("IN", region="MH", tax_id="27AAPFU0939F1ZV")


def told(seller: Seller | None, buyer: Buyer) -> list[str]:
    found = taxation_of(seller, buyer, RATES).on(DAY)
    if found.relief:
        return [found.relief.tax.kind.value]
    return [f"{tax.kind.value} {tax.percent_text} {tax.country}{tax.region}" for tax in found.taxes]


@pytest.mark.parametrize(
    ("seller", "buyer", "taxes"),
    [
        (None, Buyer("DE"), []),
        (GERMAN, Buyer("DE"), ["vat 19 DE"]),
        (GERMAN, Buyer("DE", tax_id="136695976", is_valid=True), ["vat 19 DE"]),
        # Another member state: a business accounts for it itself, given a valid tax id; a consumer pays the seller's.
        (GERMAN, Buyer("FR", tax_id="40303265045", is_valid=True), ["reverse_charge"]),
        (GERMAN, Buyer("FR", tax_id="40303265044"), ["vat 19 DE"]),
        (GERMAN, Buyer("FR"), ["vat 19 DE"]),
        (replace(GERMAN, registrations=(SHOP,)), Buyer("FR"), ["vat 20 FR"]),
        (replace(GERMAN, registrations=(SHOP,)), Buyer("FR", tax_id="40303265045", is_valid=True), ["reverse_charge"]),
        (replace(GERMAN, registrations=(Registration("FR"),)), Buyer("FR"), ["vat 20 FR"]),
        # Exports.
        (GERMAN, Buyer("US", "NY"), ["export"]),
        (GERMAN, Buyer("GB", tax_id="980780684", is_valid=True), ["export"]),
        (replace(GERMAN, registrations=(Registration("GB"),)), Buyer("GB"), ["vat 20 GB"]),
        (Seller("US"), Buyer("FR", tax_id="40303265045", is_valid=True), ["export"]),
        # India: within the state, across states, where no state is told, abroad.
        (INDIAN, Buyer("IN", "MH"), ["cgst 9 IN", "sgst 9 IN"]),
        (INDIAN, Buyer("IN", "KA"), ["igst 18 IN"]),
        (INDIAN, Buyer("IN"), ["cgst 9 IN", "sgst 9 IN"]),
        (INDIAN, Buyer("IN", "LA"), ["igst 18 IN"]),
        (replace(INDIAN, region="LA"), Buyer("IN", "LA"), ["cgst 9 IN", "sgst 9 IN"]),
        (INDIAN, Buyer("IN", "OT"), ["igst 18 IN"]),
        (INDIAN, Buyer("US", "NY"), ["export"]),
        # A region's rates take the place of the country's.
        (Seller("US"), Buyer("US", "NY"), ["sales 8.875 USNY"]),
        (Seller("US"), Buyer("US", "OR"), ["no_rate"]),
        (Seller("CA"), Buyer("CA", "ON"), ["hst 13 CAON"]),
        (Seller("CA"), Buyer("CA", "AB"), ["gst 5 CA"]),
        (Seller("JP"), Buyer("JP"), ["consumption 10 JP"]),
        # Exempt, where something would be charged at all.
        (GERMAN, Buyer("DE", exempt="charity"), ["exempt"]),
        (GERMAN, Buyer("US", exempt="charity"), ["export"]),
        # No rate for the place.
        (Seller("CH"), Buyer("CH"), ["no_rate"]),
    ],
    ids=str,
)
def test_who_sells_to_whom_decides(seller: Seller | None, buyer: Buyer, taxes: list[str]) -> None:
    assert told(seller, buyer) == taxes


def test_a_rate_counts_in_its_time_alone() -> None:
    old = replace(RATES[0], valid_until=date(2027, 1, 1))
    new = Rate(replace(RATES[0].tax, percent=Decimal(20)), False, date(2027, 1, 1))
    found = taxation_of(GERMAN, Buyer("DE"), [old, new])
    days = [date(2026, 12, 31), date(2027, 1, 1), date(2019, 1, 1)]
    assert [[tax.percent_text for tax in found.on(day).taxes] for day in days] == [["19"], ["20"], []]
    before = found.on(days[2]).relief
    assert before is not None
    assert before.why.inputs == {"place": "DE"}


def test_a_sale_elsewhere_is_presumed_to_have_had_the_tax_of_its_day_or_the_first_that_was_set() -> None:
    old = replace(RATES[0], valid_until=date(2027, 1, 1))
    new = Rate(replace(RATES[0].tax, percent=Decimal(20)), False, date(2027, 1, 1))
    found = taxation_of(GERMAN, Buyer("DE"), [old, new])
    days = [date(2026, 12, 31), date(2027, 1, 1), date(2019, 1, 1)]
    assert [[tax.percent_text for tax in found.presumed_on(day).taxes] for day in days] == [["19"], ["20"], ["19"]]
    abroad = taxation_of(GERMAN, Buyer("US"), [old, new])
    assert abroad.presumed_on(days[0]).relief == abroad.relief
