"""What stands on a printed document, and in whose language."""

from __future__ import annotations

from typing import Any

import pytest

from billing.printing.sheet import WRITTEN, sheet_of
from billing.printing.typeset import pdf_of
from billing.tax.rules.places import Treatment
from partnerpanel.kernel.money import Money
from tests.billing.printing.papers import REVERSE, buyer, credit, line, noted, paid, paper

EUR = Money(10_000, "EUR")


def sums(sheet: dict[str, Any]) -> dict[str, str]:
    return {one["text"]: one["amount"] for one in sheet["sums"]}


def test_an_invoice_names_its_parties_lines_tax_by_rate_and_what_is_due() -> None:
    sheet = sheet_of(paper([line(EUR), line(Money(1599, "EUR"))]))
    assert sheet["title"] == "Invoice INV-000042"
    assert sheet["seller"] == ["Northwind Hosting", "Germany", "help@northwind.example", "Tax id: DE136695976"]
    assert sheet["buyer"] == ["Ada Lovelace", "United Kingdom", "ada@customer.example"]
    assert sheet["lines"][0] == ["Basic, Mar 1, 2026 – Apr 1, 2026", "VAT 19 %", "€100.00"]
    assert sums(sheet) == {"Without tax": "€115.99", "VAT 19 %": "€22.04", "Total": "€138.03", "Due": "€138.03"}
    assert sheet["why"][1]["said"][1] == "VAT 19 %: 3.04 = 19 % of 15.99, rounded"


def test_it_is_written_as_the_buyer_writes_and_not_as_who_prints_it() -> None:
    sheet = sheet_of(paper([line(Money(123_450, "EUR"))], buyer(locale="de-AT", country="AT")))
    assert (sheet["language"], sheet["kind"], sheet["buyer"][1]) == ("de", "Rechnung", "Österreich")
    assert sheet["lines"][0] == ["Basic, 01.03.2026 – 01.04.2026", "VAT 19 %", "€\xa01.234,50"]
    assert sums(sheet)["Offen"] == "€\xa01.469,06"


def test_a_language_without_words_leads_to_that_of_the_seller() -> None:
    assert sheet_of(paper([line(EUR)], buyer(locale="pt")))["language"] == "en"


def test_reverse_charge_is_said_and_adds_nothing() -> None:
    sheet = sheet_of(paper([line(EUR, REVERSE), line(EUR, REVERSE)], buyer(country="AT", tax_id="ATU13585627")))
    assert sheet["notes"] == ["No tax: a business in AT with the tax id ATU13585627 accounts for it itself"]
    assert sums(sheet)["Total"] == "€200.00"
    assert "Tax id: ATU13585627" in sheet["buyer"]


@pytest.mark.parametrize(
    ("locale", "country", "font"),
    [
        ("ja", "JP", "JP"),
        ("ja-JP", "US", "JP"),
        ("zh-Hant-TW", "US", "TC"),
        ("zh-HK", "US", "HK"),
        ("zh", "US", "SC"),
        ("en", "KR", "KR"),
        ("en", "SG", "SC"),
        ("en", "GB", "JP"),
    ],
)
def test_characters_are_drawn_as_where_the_buyer_reads_them(locale: str, country: str, font: str) -> None:
    fonts = sheet_of(paper([line(EUR)], buyer(locale=locale, country=country)))["han"]
    assert fonts[0] == f"Noto Sans CJK {font}"
    assert len(fonts) == len(set(fonts)) == 5
    bold = sheet_of(paper([line(EUR)], buyer(locale=locale, country=country)))["bold_han"]
    assert bold["font"] == "Noto Sans CJK JP"
    assert (bold["language"], bold["region"]) == WRITTEN[font]


def test_what_was_paid_stands_there_and_nothing_is_due() -> None:
    sheet = sheet_of(paid(paper([line(Money(3000, "JPY"), Treatment())])))
    assert sheet["stamp"] == "Paid"
    assert sums(sheet) == {"Total": "¥3,000", "Paid on March 1, 2026": "-¥3,000", "Due": "¥0"}


def test_a_credit_note_names_what_it_takes_back() -> None:
    sheet = sheet_of(noted([credit(Money(5000, "EUR"))]))
    assert sheet["title"] == "Credit note CN-000003"
    assert sheet["facts"][-1] == ["Of invoice", "INV-000007"]
    assert sheet["lines"][0][0] == "Unused time: Basic, Mar 1, 2026 – Apr 1, 2026 (INV-000007)"
    assert sums(sheet) == {"Without tax": "€50.00", "VAT 19 %": "€9.50", "Total": "€59.50"}


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_amount_says_how_it_came_about(language: str) -> None:
    for one in (paper([line(EUR)], buyer(locale=language)), noted([credit(EUR)], buyer(locale=language))):
        assert [len(entry["said"]) for entry in sheet_of(one)["why"]] == [2]


def test_in_arabic_the_frame_is_arabic_and_runs_from_the_right_and_sentences_are_marked_english() -> None:
    sheet = sheet_of(paper([line(EUR, REVERSE), line(EUR)], buyer(locale="ar-EG", country="EG")))
    assert (sheet["language"], sheet["direction"]) == ("ar", "rtl")
    assert (sheet["kind"], sheet["why_title"], sheet["columns"][0]) == ("فاتورة", "كيف نشأ كل مبلغ", "الوصف")
    assert sheet["buyer"][1] == "مصر"
    assert sheet["spoken"] == {"language": "en", "direction": "ltr"}
    assert sheet["lines"][0][0] == sheet["why"][0]["name"] == "Basic, Mar 1, 2026 – Apr 1, 2026"
    assert sheet["why"][1]["said"][1] == "VAT 19 %: 19.00 = 19 % of 100.00"
    assert sheet["notes"][0].startswith("No tax: a business in AT")
    assert pdf_of(paper([line(EUR)], buyer(locale="ar"))).startswith(b"%PDF-")
