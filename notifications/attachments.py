"""Documents in mails: read and set as PDF right before a mail is handed over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from billing.printing.paper import Paper
from billing.printing.typeset import file_name, pdf_of
from billing.queries.printed import credit_note_paper, invoice_paper, receipt_paper
from notifications.rules.kinds import MessageKind
from partnerpanel.tenancy.scope import tenant

if TYPE_CHECKING:
    from notifications.letters import Letter

# By kind: which of the event's data name documents, where they do.
DOCUMENTS: Mapping[MessageKind, tuple[str, ...]] = {
    MessageKind.INVOICE_COPY: ("invoice",),
    MessageKind.CREDIT_NOTE_COPY: ("credit_note",),
    MessageKind.RECEIPT_COPY: ("payment",),
    MessageKind.INVOICE_CORRECTED: ("invoice", "credit_note"),
}
PAPERS: Mapping[str, Callable[[UUID, UUID], Paper]] = {
    "invoice": invoice_paper,
    "credit_note": credit_note_paper,
    "payment": receipt_paper,
}


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A document that goes with a letter, by its name in the event's data."""

    name: str
    id: UUID


@dataclass(frozen=True, slots=True)
class File:
    """A document as it is attached."""

    name: str
    content: bytes


def documents_of(kind: MessageKind, data: Mapping[str, Any]) -> tuple[Enclosed, ...]:
    """What is attached to a mail of this kind."""
    return tuple(Enclosed(name, UUID(data[name])) for name in DOCUMENTS.get(kind, ()) if name in data)


def attached(partner_id: UUID, letter: Letter) -> Letter:
    """The letter with its documents. Reads in a scope of its own and sets them outside. Raises NotPrintable."""
    if not letter.documents:
        return letter
    with tenant(partner_id):
        papers = [PAPERS[one.name](partner_id, one.id) for one in letter.documents]
    return replace(letter, files=tuple(File(file_name(paper), pdf_of(paper)) for paper in papers))
