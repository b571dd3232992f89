"""Sheets as PDF."""

from __future__ import annotations

from dataclasses import replace

import pytest

from billing.printing.typeset import file_name, pdf_of
from partnerpanel.kernel.money import Money
from tests.billing.printing.papers import buyer, line, paper

EUR = Money(10_000, "EUR")
# What its language would run, end or open, and letters of other scripts.
HOSTILE = '#panic("run") $x$ ] } [ *bold* `raw` \\u{41} @ref <label> // gone /* gone */ "quoted"'


def test_the_same_document_is_the_same_file_to_the_byte() -> None:
    one = pdf_of(paper([line(EUR)]))
    assert one.startswith(b"%PDF-")
    assert one == pdf_of(paper([line(EUR)]))
    assert one != pdf_of(paper([line(Money(10_001, "EUR"))]))


@pytest.mark.parametrize(
    "text",
    [
        HOSTILE,
        "Müller & Söhne",
        "شركة النخيل",
        "नमस्ते",
        "東京ストリーム",
        "上海有限公司",
        "서울 전자",
        "a" * 200,
        "two\nlines\ttab",
    ],
)
def test_what_people_write_is_text_and_never_runs(text: str) -> None:
    made = paper([line(EUR, name=text)], buyer(text))
    assert pdf_of(replace(made, seller=replace(made.seller, name=text))).startswith(b"%PDF-")


@pytest.mark.parametrize("text", ["東京ストリーム", "上海有限公司", "臺北", "서울 전자", "नमस्ते", "شركة النخيل", "שלום"])
def test_names_of_the_scripts_that_we_sell_in_are_set_for_an_archive(text: str) -> None:
    assert b"pdfaid" in pdf_of(paper([line(EUR, name=text)], buyer(text)))


@pytest.mark.parametrize("name", ["東京ストリーム", "上海有限公司", "臺北", "서울 전자"])
def test_names_that_stand_out_do_so_in_chinese_japanese_and_korean_too(name: str) -> None:
    """The bold file is in the document where a name needs it, and nowhere else."""
    assert b"CJKjp-Bold" in pdf_of(paper([line(EUR)], buyer(name)))
    assert b"CJKjp-Bold" not in pdf_of(paper([line(EUR, name=name)], buyer("Ada")))


def test_bold_characters_are_drawn_as_where_the_buyer_reads_them() -> None:
    made = [pdf_of(paper([line(EUR)], buyer("骨直", country=country))) for country in ("JP", "CN", "TW", "HK", "KR")]
    assert len({one.count(b"CJKjp-Bold") for one in made}) == 1
    assert len(set(made)) == 5


@pytest.mark.parametrize("text", ["Ada 😀", "ไทย", "\u0378"])
def test_a_sign_that_no_font_has_costs_the_archive_and_not_the_invoice(text: str) -> None:
    made = pdf_of(paper([line(EUR, name=text)], buyer(text)))
    assert made.startswith(b"%PDF-")
    assert b"pdfaid" not in made
    assert made == pdf_of(paper([line(EUR, name=text)], buyer(text)))


def test_many_lines_go_over_several_pages_and_stay_small() -> None:
    pdf = pdf_of(paper([line(EUR, name=f"Line {number}") for number in range(60)]))
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type/Page/") != 1
    assert len(pdf) < 200_000


def test_the_name_of_the_file_holds_nothing_that_breaks_a_header() -> None:
    assert file_name(paper([line(EUR)])) == "INV-000042.pdf"
    assert file_name(replace(paper([line(EUR)]), label='A/Ü"\r\n-7')) == "A------7.pdf"
