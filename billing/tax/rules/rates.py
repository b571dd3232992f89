"""Taxes by name and rate, and who sells to whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any
from uuid import UUID


class TaxKind(StrEnum):
    """What a rate is; `cgst` with `sgst`, or `igst`, by India's place of supply."""

    VAT = "vat"
    GST = "gst"
    CGST = "cgst"
    SGST = "sgst"
    IGST = "igst"
    HST = "hst"
    PST = "pst"
    SALES = "sales"
    CONSUMPTION = "consumption"
    # A tax of zero that a document has to explain; no rate is of these.
    REVERSE_CHARGE = "reverse_charge"
    EXEMPT = "exempt"
    EXPORT = "export"
    NO_RATE = "no_rate"


RELIEFS = (TaxKind.REVERSE_CHARGE, TaxKind.EXEMPT, TaxKind.EXPORT, TaxKind.NO_RATE)
RATED = tuple(kind for kind in TaxKind if kind not in RELIEFS)


@dataclass(frozen=True, slots=True)
class Tax:
    """One tax as a document names it: `percent` of the net amount, of a country or one region of it."""

    kind: TaxKind
    name: str
    percent: Decimal
    country: str
    region: str = ""
    rate_id: UUID | None = None

    @property
    def share(self) -> Fraction:
        return Fraction(self.percent) / 100

    @property
    def percent_text(self) -> str:
        """`19`, `8.875`: no zeros that say nothing."""
        text = f"{self.percent:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "name": self.name,
            "percent": self.percent_text,
            "country": self.country,
            "region": self.region,
            "rate": str(self.rate_id) if self.rate_id else None,
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Tax:
        rate = UUID(kept["rate"]) if kept["rate"] else None
        return cls(TaxKind(kept["kind"]), kept["name"], Decimal(kept["percent"]), kept["country"], kept["region"], rate)


@dataclass(frozen=True, slots=True)
class Rate:
    """A tax for a time, from its first day until before its last; `is_inclusive`: prices contain it."""

    tax: Tax
    is_inclusive: bool
    valid_from: date
    valid_until: date | None = None

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)


@dataclass(frozen=True, slots=True)
class Registration:
    """Where else a seller collects tax: a country, or `EU` for the One-Stop Shop, all member states at once."""

    country: str
    tax_id: str = ""


@dataclass(frozen=True, slots=True)
class Seller:
    """A registered seller, at home in one country and for India in one state."""

    country: str
    region: str = ""
    tax_id: str = ""
    registrations: tuple[Registration, ...] = ()


@dataclass(frozen=True, slots=True)
class Buyer:
    """Where somebody buys. `is_valid`: the tax id has the form and the check digits of that country's."""

    country: str
    region: str = ""
    tax_id: str = ""
    is_valid: bool = False
    exempt: str = ""
