"""The words of a document in one language, in the order in which the sheet sets them. Every value is text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from babel import Locale
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from billing.documents.states import InvoiceStatus
from billing.explaining import explained_line
from billing.printing.paper import Paper, PaperKind, PaperLine, Party, Receipt, Seller
from billing.rules.formats import date_text, locale_of, money_text
from billing.tax.rules.rates import RELIEFS, Tax
from billing.wording import percent_text, sentence
from partnerpanel.brand.rules.colours import WHITE, readable
from partnerpanel.kernel.money import Money
from partnerpanel.languages import spoken_language

LANGUAGES = ("en", "de", "ar")
RIGHT_TO_LEFT = frozenset({"ar"})
# By country, whose drawing of Chinese characters it reads.
HAN = {"JP": "JP", "KR": "KR", "CN": "SC", "SG": "SC", "TW": "TC", "HK": "HK", "MO": "HK"}
# The bold file draws as in Japan; told a language it draws as where that is written.
BOLD_HAN = "Noto Sans CJK JP"
WRITTEN: dict[str, tuple[str, str]] = {
    "JP": ("ja", "JP"),
    "KR": ("ko", "KR"),
    "SC": ("zh", "CN"),
    "TC": ("zh", "TW"),
    "HK": ("zh", "HK"),
}
SOURCES: dict[str, Any] = {
    "card": gettext_lazy("Card"),
    "bank": gettext_lazy("Bank transfer"),
    "cash": gettext_lazy("Cash"),
    "other": gettext_lazy("Another way"),
}
TITLES: dict[PaperKind, Any] = {
    PaperKind.INVOICE: gettext_lazy("Invoice"),
    PaperKind.CREDIT_NOTE: gettext_lazy("Credit note"),
    PaperKind.RECEIPT: gettext_lazy("Receipt"),
}
ADDRESSED: dict[PaperKind, Any] = {
    PaperKind.INVOICE: gettext_lazy("Billed to"),
    PaperKind.CREDIT_NOTE: gettext_lazy("Credited to"),
    PaperKind.RECEIPT: gettext_lazy("Received from"),
}
STAMPS: dict[str, Any] = {
    InvoiceStatus.PAID: gettext_lazy("Paid"),
    InvoiceStatus.VOID: gettext_lazy("Void"),
}


def sheet_of(paper: Paper) -> dict[str, Any]:
    """The document in the buyer's language, or the seller's where the buyer's has no words.

    A language that has words for the frame alone gets its sentences in English, marked by `spoken`.
    """
    language = language_of(paper.buyer.locale, paper.seller.locale)
    locale = locale_of(language, paper.buyer.locale, paper.seller.locale)
    with override(language):
        spoken = spoken_language()
    with override(spoken):
        names, why, notes = [name_of(line) for line in paper.lines], list(_why(paper, locale)), _notes(paper)
    with override(language):
        return {
            "language": language,
            "direction": _direction(language),
            "spoken": {"language": spoken, "direction": _direction(spoken)},
            "han": han_fonts(paper.buyer, paper.seller),
            "bold_han": bold_han(paper.buyer, paper.seller),
            "day": paper.issued_on.isoformat(),
            "title": f"{_title(paper)} {paper.label}",
            "kind": _title(paper),
            "number": paper.label,
            "stamp": str(STAMPS.get(paper.status, "")),
            "seller": _seller(paper.seller, locale),
            "accent": readable(paper.seller.accent, on=WHITE),
            "logo": list(paper.logo),
            "footer": paper.seller.footer.splitlines(),
            "buyer": _party(paper.buyer, locale),
            "to": str(ADDRESSED[paper.kind]),
            "facts": _facts(paper, locale),
            "columns": [_("Description"), _("Tax"), _("Amount")],
            "lines": list(_lines(paper, names, locale)),
            "sums": list(_sums(paper, locale)),
            "notes": notes,
            "receipts": [
                [_way(one), date_text(one.on, locale), money_text(one.amount, locale)]
                for one in paper.receipts
                if paper.kind is PaperKind.INVOICE
            ],
            "receipts_title": _("Payments"),
            "why_title": _("How each amount came about"),
            "why": why,
            "page": _("Page"),
            "contact": _("If something is unclear, write to %(address)s.") % {"address": paper.seller.email},
        }


def _direction(language: str) -> str:
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def language_of(*locales: str) -> str:
    """The language of the first locale that documents have words in: `de-AT` → `de`."""
    for locale in locales:
        language = locale.replace("_", "-").partition("-")[0].lower()
        if language in LANGUAGES:
            return language
    return LANGUAGES[0]


def han_fonts(*parties: Party) -> list[str]:
    """Fonts for Chinese characters, Kana and Hangul. The same character is drawn differently in Tokyo, Taipei and
    Shanghai: the first party counts that writes or lives in one of these places."""
    first = _drawn_as_in(*parties)
    return [f"Noto Sans CJK {region}" for region in (first, *sorted(set(HAN.values()) - {first}))]


def bold_han(*parties: Party) -> dict[str, str]:
    """The same for what is bold: one font, and the language that it is told."""
    language, region = WRITTEN[_drawn_as_in(*parties)]
    return {"font": BOLD_HAN, "language": language, "region": region}


def _drawn_as_in(*parties: Party) -> str:
    found = [HAN.get(place) for party in parties for place in (_writes(party.locale), party.country)]
    return next((region for region in found if region), "JP")


def _writes(locale: str) -> str:
    language, *rest = locale.replace("_", "-").lower().split("-")
    if language == "zh":
        return "HK" if "hk" in rest else "TW" if {"tw", "hant"} & set(rest) else "CN"
    return {"ja": "JP", "ko": "KR"}.get(language, "")


def name_of(line: PaperLine) -> str:
    """What the line is for, and of which document it takes something back."""
    name = explained_line(line, gives_back=line.gives_back).name
    return f"{name} ({line.of})" if line.of else name


def _title(paper: Paper) -> str:
    return str(TITLES[paper.kind])


def _lines(paper: Paper, names: Sequence[str], locale: Locale) -> Iterator[list[str]]:
    """Text, taxes and amount of each."""
    for name, line in zip(names, paper.lines, strict=True):
        yield [name, _tax_column(line), money_text(line.amount, locale)]
    if paper.kind is PaperKind.RECEIPT:
        for one in paper.receipts:
            words = {"number": paper.of, "way": _way(one)}
            yield [_("Payment of invoice %(number)s: %(way)s") % words, "", money_text(one.amount, locale)]


def _way(receipt: Receipt) -> str:
    return f"{SOURCES.get(receipt.source, receipt.source)} {receipt.method}".strip()


def _party(party: Party, locale: Locale) -> list[str]:
    country = locale.territories.get(party.country, party.country)
    place = f"{party.region}, {country}" if party.region else country
    tax_id = _("Tax id: %(id)s") % {"id": party.tax_id} if party.tax_id else ""
    return [text for text in (party.name, place, party.email, tax_id) if text]


def _seller(seller: Seller, locale: Locale) -> list[str]:
    """As the buyer, with the lines of its address before the country, and its other ids after the first."""
    name, *rest = _party(seller, locale)
    return [name, *seller.address.splitlines(), *rest, *seller.ids.splitlines()]


def _facts(paper: Paper, locale: Locale) -> list[list[str]]:
    facts = [[_("Number"), paper.label], [_("Date"), date_text(paper.issued_on, locale)]]
    of = sorted({line.of for line in paper.lines if line.of})
    if paper.kind is PaperKind.CREDIT_NOTE and of:
        facts.append([_("Of invoice"), ", ".join(of)])
    if paper.kind is PaperKind.RECEIPT:
        facts.append([_("Of invoice"), paper.of])
    if paper.corrects:
        facts.append([_("In place of"), paper.corrects])
    return facts


def _tax_column(line: PaperLine) -> str:
    rated = [one.tax for one in line.taxes if one.tax.kind not in RELIEFS]
    return " + ".join(_rate(tax) for tax in rated)


def _rate(tax: Tax) -> str:
    return f"{tax.name} {percent_text(tax.percent)} %"


def _sums(paper: Paper, locale: Locale) -> Iterator[dict[str, Any]]:
    """Without tax, each tax by its rate, the total, and what became of it."""
    by_rate: defaultdict[tuple[str, str], Money] = defaultdict(lambda: Money.zero(paper.total.currency))
    for line in paper.lines:
        for one in line.taxes:
            if one.tax.kind not in RELIEFS:
                by_rate[_rate(one.tax), one.tax.country] += one.amount
    if by_rate or any(line.taxes for line in paper.lines):
        yield _sum(_("Without tax"), paper.subtotal, locale)
    for (rate, _country), amount in sorted(by_rate.items()):
        yield _sum(rate, amount, locale, spoken=True)
    total = _("Received") if paper.kind is PaperKind.RECEIPT else _("Total")
    yield _sum(total, paper.total, locale, strong=True)
    if paper.kind is not PaperKind.INVOICE:
        return
    if paper.credit:
        paid = _("Paid with %(number)s") % {"number": paper.corrects} if paper.corrects else _("From the balance")
        yield _sum(paid, -paper.credit, locale)
    if paper.reduced:
        yield _sum(_("Taken off by credit notes"), -paper.reduced, locale)
    for receipt in paper.receipts:
        yield _sum(_("Paid on %(day)s") % {"day": date_text(receipt.on, locale)}, -receipt.amount, locale)
    yield _sum(_("Due"), paper.due, locale, strong=True)


def _sum(text: str, amount: Money, locale: Locale, **looks: bool) -> dict[str, Any]:
    return {
        "text": text,
        "amount": money_text(amount, locale),
        **{name: looks.get(name, False) for name in ("strong", "spoken")},
    }


def _notes(paper: Paper) -> list[str]:
    """What a document has to say about a tax of zero, each once."""
    said = [sentence(one.amount, one.why) for line in paper.lines for one in line.taxes if one.tax.kind in RELIEFS]
    return list(dict.fromkeys(said))


def _why(paper: Paper, locale: Locale) -> Iterator[dict[str, Any]]:
    for line in paper.lines:
        said = list(explained_line(line, gives_back=line.gives_back).sentences)
        yield {"name": name_of(line), "amount": money_text(line.amount, locale), "said": said}
