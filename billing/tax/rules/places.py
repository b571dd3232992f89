"""Which rates a sale falls under: by where the seller is registered and where the buyer is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing.tax.rules.rates import Buyer, Rate, Seller, Tax, TaxKind
from customers.rules.tax_ids import as_written
from partnerpanel.kernel.derivation import Derivation

# Member states of the VAT area, as ISO writes them (Greece is GR).
EU = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905
)
ONE_STOP_SHOP = "EU"
WITHIN_STATE, ACROSS_STATES = (TaxKind.CGST, TaxKind.SGST), (TaxKind.IGST,)
TAX_REVERSE_CHARGE = "tax_reverse_charge"
TAX_EXEMPT = "tax_exempt"
TAX_EXPORT = "tax_export"
TAX_NO_RATE = "tax_no_rate"


@dataclass(frozen=True, slots=True)
class Relief:
    """Why a sale that would be taxed is not; the document says so."""

    tax: Tax
    why: Derivation


@dataclass(frozen=True, slots=True)
class Treatment:
    """What a sale on one day carries: taxes, or the reason why none. `is_inclusive`: prices contain them."""

    taxes: tuple[Tax, ...] = ()
    is_inclusive: bool = False
    relief: Relief | None = None


@dataclass(frozen=True, slots=True)
class Taxation:
    """How one buyer's purchases are taxed on any day. `unrated` is the reason on days for which no rate is set."""

    rates: tuple[Rate, ...] = ()
    relief: Relief | None = None
    unrated: Relief | None = None

    def on(self, day: date) -> Treatment:
        """By the rates that are valid that day."""
        if self.relief is not None:
            return Treatment(is_inclusive=False, relief=self.relief)
        if not self.rates and self.unrated is None:
            return UNTREATED
        valid = [rate for rate in self.rates if rate.holds_on(day)]
        if not valid:
            return Treatment(relief=self.unrated)
        return Treatment(tuple(rate.tax for rate in valid), valid[0].is_inclusive)

    def presumed_on(self, day: date) -> Treatment:
        """What a sale of that day elsewhere is taken to have carried: what it would have here; where no rate was set
        yet, what it would have on the first day with one."""
        later = [rate.valid_from for rate in self.rates if rate.valid_from > day]
        if self.relief is None and later and not any(rate.holds_on(day) for rate in self.rates):
            return self.on(min(later))
        return self.on(day)


UNTREATED = Treatment()
UNTAXED = Taxation()


def taxation_of(seller: Seller | None, buyer: Buyer, rates: Sequence[Rate]) -> Taxation:
    """The rates of the place where the sale is taxed. `seller` None is not registered and charges no tax.

    Where nothing is charged although the seller is registered, there is a reason: a document never leaves it open.
    A place without a rate is such a reason and no refusal, as an engine that renews by night has nobody to ask; the
    preview says so to whoever sells.

    Businesses in another member state of the EU account for the tax themselves (reverse charge), given a valid tax id.
    India taxes by place of supply. Rates of the buyer's region apply where there are any, else the whole country's.
    """
    if seller is None:
        return UNTAXED
    if _accounts_itself(seller, buyer):
        return Taxation(relief=_reverse_charge(seller, buyer))
    country, region = _place(seller, buyer)
    if not country:
        return Taxation(relief=_export(seller, buyer))
    found = [rate for rate in rates if rate.tax.country == country and rate.tax.region in ("", region)]
    if country == "IN":
        kinds = WITHIN_STATE if region == seller.region else ACROSS_STATES
        found = [rate for rate in found if rate.tax.kind in kinds]
    found = [rate for rate in found if rate.tax.region] or found
    if found and buyer.exempt:
        return Taxation(relief=_exemption(buyer))
    rates = tuple(sorted(found, key=lambda rate: (rate.tax.kind, rate.tax.name, rate.valid_from)))
    return Taxation(rates, unrated=_unrated(country, region))


def _accounts_itself(seller: Seller, buyer: Buyer) -> bool:
    abroad = buyer.country != seller.country and buyer.country in EU
    return abroad and buyer.is_valid and any(place in EU or place == ONE_STOP_SHOP for place in _collects_in(seller))


def _collects_in(seller: Seller) -> list[str]:
    return [seller.country, *(one.country for one in seller.registrations)]


def _place(seller: Seller, buyer: Buyer) -> tuple[str, str]:
    """Country and region whose rates apply; no country for an export."""
    collects_in = _collects_in(seller)
    if buyer.country in collects_in:
        # Where a buyer in India has told no state, the place of supply is the seller's.
        region = buyer.region or (seller.region if buyer.country == seller.country == "IN" else "")
        return buyer.country, region
    if buyer.country in EU and ONE_STOP_SHOP in collects_in:
        return buyer.country, buyer.region
    # Below the threshold of distance sales, consumers in the EU pay the seller's own tax.
    if buyer.country in EU and seller.country in EU:
        return seller.country, seller.region
    return "", ""


def _reverse_charge(seller: Seller, buyer: Buyer) -> Relief:
    tax = Tax(TaxKind.REVERSE_CHARGE, "Reverse charge", Decimal(0), buyer.country)
    inputs = {
        "seller": seller.country,
        "buyer": buyer.country,
        "tax_id": as_written(buyer.tax_id, country=buyer.country),
        "seller_tax_id": as_written(seller.tax_id, country=seller.country),
    }
    return Relief(tax, Derivation(TAX_REVERSE_CHARGE, inputs))


def _exemption(buyer: Buyer) -> Relief:
    tax = Tax(TaxKind.EXEMPT, "Exempt", Decimal(0), buyer.country)
    return Relief(tax, Derivation(TAX_EXEMPT, {"reason": buyer.exempt}))


def _export(seller: Seller, buyer: Buyer) -> Relief:
    tax = Tax(TaxKind.EXPORT, "Export", Decimal(0), buyer.country)
    return Relief(tax, Derivation(TAX_EXPORT, {"seller": seller.country, "buyer": buyer.country}))


def _unrated(country: str, region: str) -> Relief:
    tax = Tax(TaxKind.NO_RATE, "No rate", Decimal(0), country, region)
    return Relief(tax, Derivation(TAX_NO_RATE, {"place": f"{country}-{region}" if region else country}))
