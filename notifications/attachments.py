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

# By kind: which of the event's data names the document, and who reads that.
DOCUMENTS: Mapping[MessageKind, tuple[str, Callable[[UUID, UUID], Paper]]] = {
    MessageKind.INVOICE_COPY: ("invoice", invoice_paper),
    MessageKind.CREDIT_NOTE_COPY: ("credit_note", credit_note_paper),
    MessageKind.RECEIPT_COPY: ("payment", receipt_paper),
}


@dataclass(frozen=True, slots=True)
class Enclosed:
    """Which document goes with a letter."""

    kind: MessageKind
    id: UUID


@dataclass(frozen=True, slots=True)
class File:
    """A document as it is attached."""

    name: str
    content: bytes


def document_of(kind: MessageKind, data: Mapping[str, Any]) -> Enclosed | None:
    """What is attached to a mail of this kind, if anything."""
    if kind not in DOCUMENTS:
        return None
    return Enclosed(kind, UUID(data[DOCUMENTS[kind][0]]))


def attached(partner_id: UUID, letter: Letter) -> Letter:
    """The letter with its document. Reads in a scope of its own and sets the document outside. Raises NotPrintable."""
    if letter.document is None:
        return letter
    with tenant(partner_id):
        paper = DOCUMENTS[letter.document.kind][1](partner_id, letter.document.id)
    return replace(letter, files=(File(file_name(paper), pdf_of(paper)),))
