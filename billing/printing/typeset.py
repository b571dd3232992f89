"""Sheets as PDF/A. Nothing is read or written here, so that it runs outside of every transaction."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Literal

import typst
from django.conf import settings

from billing.printing.paper import Paper
from billing.printing.sheet import sheet_of
from partnerpanel.kernel.errors import DomainError

Standard = Literal["a-2b", "1.7"]
ARCHIVE: Standard = "a-2b"
PLAIN: Standard = "1.7"
SHEET = Path(__file__).with_name("sheet.typ")


class NotPrintable(DomainError):
    """A document could not be set; the document itself is untouched."""

    code = "not_printable"


def pdf_of(paper: Paper) -> bytes:
    """The document in the buyer's language. Byte for byte equal for the same paper. Raises NotPrintable.

    PDF/A, unless somebody's name has a sign that no font has: an archive's file may not have a gap in its text. Then it
    is a plain PDF with a box in that place, since a customer with such a name needs an invoice, too.
    """
    sheet = json.dumps(sheet_of(paper))
    try:
        return _set(paper, sheet, ARCHIVE)
    except typst.TypstError:
        return _plain(paper, sheet)


def _plain(paper: Paper, sheet: str) -> bytes:
    try:
        return _set(paper, sheet, PLAIN)
    except typst.TypstError as error:
        raise NotPrintable("This document could not be printed. Nothing else is affected.") from error


def _set(paper: Paper, sheet: str, standard: Standard) -> bytes:
    return typst.compile(
        str(SHEET),
        root=str(SHEET.parent),
        font_paths=_fonts(tuple(str(folder) for folder in settings.DOCUMENT_FONTS)),
        format="pdf",
        sys_inputs={"sheet": sheet},
        pdf_standards=[standard],
        timestamp=int(paper.issued_at.timestamp()),
    )


@lru_cache(maxsize=2)
def _fonts(folders: tuple[str, ...]) -> typst.Fonts:
    """Looked for once a process. Fonts of the system are left alone."""
    return typst.Fonts(include_system_fonts=False, font_paths=list(folders))


def file_name(paper: Paper) -> str:
    """The document's number, of letters, digits and dashes alone."""
    return (
        "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_") else "-" for sign in paper.label) + ".pdf"
    )
