"""How the amounts of a document came about, line by line: the same sentences for pages, files and programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from billing.documents.states import LineKind
from billing.line_words import line_text
from billing.tax.rules.amounts import Taxes
from billing.tax.wording import tax_sentences
from billing.wording import sentence
from partnerpanel.kernel.derivation import Derivation
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Period


class Line(Protocol):
    """A line of an invoice or a credit note, written or only planned; `amount` is without `taxes`."""

    @property
    def kind(self) -> LineKind: ...
    @property
    def text(self) -> str: ...
    @property
    def quantity(self) -> int: ...
    @property
    def amount(self) -> Money: ...
    @property
    def period(self) -> Period | None: ...
    @property
    def why(self) -> Derivation | None: ...
    @property
    def taxes(self) -> Taxes: ...


@dataclass(frozen=True, slots=True)
class ExplainedLine:
    """What a line is for and its amount without tax; `sentences` say how that and then each tax came about."""

    name: str
    amount: Money
    sentences: tuple[str, ...]


def explained_line(line: Line, *, gives_back: bool) -> ExplainedLine:
    """In the active language. On a credit note a line above zero gives back, on an invoice one below.

    Raises KeyError for a rule that has no sentence.
    """
    name = line_text(line.kind, line.text, line.period, gives_back=gives_back, quantity=line.quantity)
    own = (sentence(line.amount, line.why),) if line.why else ()
    return ExplainedLine(name, line.amount, (*own, *tax_sentences(line.taxes)))
