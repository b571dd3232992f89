"""Taxes as documents name them: by rate, with the note that the law asks for where there is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from babel.numbers import format_decimal
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, to_locale

from billing.tax.rules.amounts import Taxes
from billing.tax.rules.rates import Tax, TaxKind
from billing.wording import sentence
from partnerpanel.kernel.money import Money
from partnerpanel.languages import sentence_language

KINDS: Mapping[TaxKind, Any] = {
    TaxKind.VAT: gettext_lazy("VAT"),
    TaxKind.GST: gettext_lazy("GST"),
    TaxKind.CGST: gettext_lazy("CGST (India, central)"),
    TaxKind.SGST: gettext_lazy("SGST (India, state)"),
    TaxKind.IGST: gettext_lazy("IGST (India, across states)"),
    TaxKind.HST: gettext_lazy("HST"),
    TaxKind.PST: gettext_lazy("PST or QST"),
    TaxKind.SALES: gettext_lazy("Sales tax"),
    TaxKind.CONSUMPTION: gettext_lazy("Consumption tax"),
}
# What an invoice has to say where a tax is zero for a reason.
NOTES: Mapping[TaxKind, Any] = {
    TaxKind.REVERSE_CHARGE: gettext_lazy(
        "Reverse charge: the recipient of the service owes the tax (Article 196, Directive 2006/112/EC)."
    ),
    TaxKind.EXEMPT: gettext_lazy("Exempt from tax: %(reason)s."),
    TaxKind.EXPORT: gettext_lazy("Not taxable here: the place of supply is where the customer is."),
}
RELIEVED: Mapping[TaxKind, Any] = {
    TaxKind.REVERSE_CHARGE: gettext_lazy("Reverse charge"),
    TaxKind.EXEMPT: gettext_lazy("Exempt from tax"),
    TaxKind.EXPORT: gettext_lazy("Outside of the tax area"),
    TaxKind.NO_RATE: gettext_lazy("No rate for this place"),
}


def tax_name(tax: Tax) -> str:
    """“VAT 19 %”, “Reverse charge”."""
    if tax.kind in RELIEVED:
        return str(RELIEVED[tax.kind])
    return _("%(name)s %(percent)s %%") % {"name": tax.name, "percent": percent_text(tax)}


def percent_text(tax: Tax) -> str:
    """The percentage as people of the active language write it: “8.875”."""
    return str(format_decimal(tax.percent, format="#,##0.####", locale=to_locale(sentence_language())))


def tax_sentences(parts: Taxes) -> list[str]:
    """How each tax of a line came about: “VAT 19 %: 19.00 = 19 % of 100.00”."""
    return [
        sentence(part.amount, part.why)
        if part.tax.kind in RELIEVED
        else f"{tax_name(part.tax)}: {sentence(part.amount, part.why)}"
        for part in parts
    ]


def by_rate(lines: Iterable[Taxes]) -> list[tuple[str, Money]]:
    """What each tax comes to on a whole document, in the order in which they stand on it."""
    sums: dict[tuple[object, ...], tuple[str, Money]] = {}
    for part in (part for parts in lines for part in parts):
        tax = part.tax
        key = (tax.kind, tax.name, tax.percent, tax.country, tax.region)
        name, before = sums.get(key, (tax_name(tax), Money.zero(part.amount.currency)))
        sums[key] = (name, before + part.amount)
    return list(sums.values())


def legal_notes(lines: Iterable[Taxes]) -> list[str]:
    """What the document says of a tax that is not charged, each once."""
    notes = [
        str(NOTES[part.tax.kind] % part.why.inputs) if part.tax.kind is TaxKind.EXEMPT else str(NOTES[part.tax.kind])
        for parts in lines
        for part in parts
        if part.tax.kind in NOTES
    ]
    return list(dict.fromkeys(notes))
