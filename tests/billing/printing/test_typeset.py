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


@pytest.mark.parametrize("text", [HOSTILE, "Müller & Söhne", "شركة النخيل", "नमस्ते", "a" * 200, "two\nlines\ttab"])
def test_what_people_write_is_text_and_never_runs(text: str) -> None:
    made = paper([line(EUR, name=text)], buyer(text))
    assert pdf_of(replace(made, seller=replace(made.seller, name=text))).startswith(b"%PDF-")


def test_many_lines_go_over_several_pages_and_stay_small() -> None:
    pdf = pdf_of(paper([line(EUR, name=f"Line {number}") for number in range(60)]))
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type/Page/") != 1
    assert len(pdf) < 200_000


def test_the_name_of_the_file_holds_nothing_that_breaks_a_header() -> None:
    assert file_name(paper([line(EUR)])) == "INV-000042.pdf"
    assert file_name(replace(paper([line(EUR)]), label='A/Ü"\r\n-7')) == "A------7.pdf"
