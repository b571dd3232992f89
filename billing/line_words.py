"""What the lines of documents are for, in the active language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from babel.dates import format_date
from django.utils.translation import gettext_lazy, to_locale

from billing.documents.states import LineKind
from partnerpanel.kernel.period import Period
from partnerpanel.languages import sentence_language

# By kind, and whether the line gives back.
LINES: Mapping[tuple[LineKind, bool], Any] = {
    (LineKind.PLAN, False): gettext_lazy("%(name)s, %(from)s – %(to)s"),
    (LineKind.UNUSED, True): gettext_lazy("Unused time: %(name)s, %(from)s – %(to)s"),
    (LineKind.DAYS, False): gettext_lazy("Days added: %(name)s, %(from)s – %(to)s"),
    (LineKind.DAYS, True): gettext_lazy("Days given back: %(name)s, %(from)s – %(to)s"),
    (LineKind.REVERSAL, True): gettext_lazy("Taken back: %(name)s, %(from)s – %(to)s"),
    (LineKind.REVERSAL, False): gettext_lazy("Credit taken back: %(name)s, %(from)s – %(to)s"),
    (LineKind.DISCOUNT, True): gettext_lazy("Taken off: %(name)s, %(from)s – %(to)s"),
    (LineKind.CREDIT, True): gettext_lazy("Given back: %(name)s, %(from)s – %(to)s"),
    (LineKind.ADDON, False): gettext_lazy("Add-on: %(name)s, %(from)s – %(to)s"),
    (LineKind.EXTRA, False): gettext_lazy("Add-on: %(name)s, %(from)s – %(to)s"),
    (LineKind.MOVED_IN, False): gettext_lazy("Invoice %(name)s of the system before"),
    (LineKind.USED, False): gettext_lazy("Used of: %(name)s, %(from)s – %(to)s"),
    (LineKind.FEE, False): gettext_lazy("Fee for renewing late: %(name)s, %(from)s – %(to)s"),
}


def line_text(kind: LineKind, name: str, period: Period | None, *, gives_back: bool, quantity: int = 1) -> str:
    """What a line is for: “Unused time: Basic, 15 Mar 2026 – 2 Apr 2026”. `name` is what was bought."""
    name = f"{name} × {quantity}" if quantity > 1 else name
    if period is None:
        return name
    pattern = LINES.get((kind, gives_back), LINES[LineKind.PLAN, False])
    return str(pattern % {"name": name, "from": date_text(period.starts_on), "to": date_text(period.ends_on)})


def date_text(day: date) -> str:
    """As people of the active language write it: “15 Mar 2026”."""
    return str(format_date(day, "medium", locale=to_locale(sentence_language())))
