"""What mails about money quote: amounts, dates, invoice numbers and links, as events and billing know them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from babel import Locale
from django.utils.translation import override

from billing.line_words import line_text
from billing.queries.papers import LineOfPaper, confirmation_links, invoice_labels, invoice_lines
from billing.rules.formats import date_text, dates_text, money_text
from notifications.rules.kinds import MessageKind
from partnerpanel.kernel.money import Money
from partnerpanel.policy.rules.ahead import Ahead
from partnerpanel.policy.wording import Formats, sentence_text

if TYPE_CHECKING:
    from notifications.letters import Occasion

# Keys of an event's data -> the name that texts have for them.
DATES = {"on": "date", "from": "period.from", "until": "deadline", "since": "price.from"}


class Told(Protocol):
    @property
    def data(self) -> Mapping[str, Any]: ...


def papers_of(partner_id: UUID, occasions: Iterable[Told]) -> dict[str, str]:
    """Numbers of invoices and links to confirm, by the id that an event's data name; in the open scope."""
    named = [one.data for one in occasions]
    invoices = {UUID(data["invoice"]) for data in named if "invoice" in data}
    attempts = {UUID(data["attempt_id"]) for data in named if "attempt_id" in data}
    labels = invoice_labels(partner_id, invoices) if invoices else {}
    links = confirmation_links(partner_id, attempts) if attempts else {}
    return {str(id_): text for id_, text in [*labels.items(), *links.items()]}


def copied(partner_id: UUID, occasions: Iterable[Occasion]) -> dict[str, Sequence[LineOfPaper]]:
    """The lines of the invoices that are mailed once more, by the invoice's id; in the open scope."""
    wanted = {UUID(one.data["invoice"]) for one in occasions if one.kind is MessageKind.INVOICE_COPY}
    return {str(id_): lines for id_, lines in invoice_lines(partner_id, wanted).items()} if wanted else {}


def lines_text(lines: Sequence[LineOfPaper], language: str, locale: Locale) -> str:
    """One line of text for each line of the invoice."""
    with override(language):
        return "\n".join(
            f"{line_text(one.kind, one.text, one.period, gives_back=one.amount.amount < 0, quantity=one.quantity)}: "
            f"{money_text(one.amount, locale)}"
            for one in lines
        )


def details(data: Mapping[str, Any], papers: Mapping[str, str], locale: Locale) -> dict[str, str]:
    """The values of one text. What an event does not say is empty, and a paragraph of nothing else is left out."""
    values = {name: _day(data.get(key), locale) for key, name in DATES.items()}
    # Texts have a sentence for full access until the deadline and one for limited access; the other is left out.
    full, limited = ("", values["deadline"]) if "limited" in data else (values["deadline"], "")
    amount, price, before = data.get("amount"), data.get("price"), data.get("price_before")
    were, are = data.get("quantity", ("", ""))
    return values | {
        "deadline": full,
        "deadline.limited": limited,
        "amount.left": money_text(Money(*data["still_due"]), locale) if "still_due" in data else "",
        "amount": money_text(Money(*amount), locale) if amount else "",
        "due": money_text(Money(*data["due"]), locale) if "due" in data else "",
        "price": money_text(Money(*price), locale) if price else "",
        "price.before": money_text(Money(*before), locale) if before else "",
        "quantity.before": str(were),
        "quantity.after": str(are),
        "retries": dates_text([date.fromisoformat(day) for day in data.get("retries", ())], locale),
        "invoice.number": papers.get(data.get("invoice", ""), ""),
        "document.number": data.get("number", ""),
        "link": papers.get(data.get("attempt_id", ""), ""),
    }


def ahead_text(data: Mapping[str, Any], language: str, locale: Locale) -> str:
    """What comes of it if it stays unpaid, as the policy of its case says; empty where the event says nothing."""
    formats = Formats(lambda day: date_text(day, locale), lambda amount: money_text(amount, locale))
    with override(language):
        return " ".join(sentence_text(one, formats) for one in Ahead.from_data(data).sentences())


def _day(text: str | None, locale: Locale) -> str:
    return date_text(date.fromisoformat(text), locale) if text else ""
