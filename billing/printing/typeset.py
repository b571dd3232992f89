"""Sheets as PDF/A. Nothing is read or written here, so that it runs outside of every transaction."""

from __future__ import annotations

import json
from pathlib import Path

import typst
from django.conf import settings

from billing.printing.paper import Paper
from billing.printing.sheet import sheet_of
from partnerpanel.kernel.errors import DomainError

SHEET = Path(__file__).with_name("sheet.typ")


class NotPrintable(DomainError):
    """A document could not be set; the document itself is untouched."""

    code = "not_printable"


def pdf_of(paper: Paper) -> bytes:
    """The document in the buyer's language. Byte for byte equal for the same paper. Raises NotPrintable."""
    try:
        made = typst.compile(
            str(SHEET),
            root=str(SHEET.parent),
            font_paths=[str(folder) for folder in settings.DOCUMENT_FONTS],
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"sheet": json.dumps(sheet_of(paper))},
            pdf_standards=["a-2b"],
            timestamp=int(paper.issued_at.timestamp()),
        )
    except typst.TypstError as error:
        raise NotPrintable("This document could not be printed. Nothing else is affected.") from error
    return made


def file_name(paper: Paper) -> str:
    """The document's number, of letters, digits and dashes alone."""
    return (
        "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_") else "-" for sign in paper.label) + ".pdf"
    )
