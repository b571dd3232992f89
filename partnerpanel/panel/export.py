"""CSV that carries no formulas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from customers.queries import lists
from partnerpanel.kernel.formulas import csv_line
from partnerpanel.kernel.ids import public
from partnerpanel.panel import listing
from partnerpanel.panel.list_state import ListState
from partnerpanel.panel.page import Visit

CHUNK = 1_000


def csv_text(header: Sequence[object], rows: Iterable[Sequence[object]]) -> str:
    """A CSV file with a byte order mark, so that spreadsheets read it as UTF-8."""
    return "\ufeff" + "".join(csv_line(row) for row in (header, *rows))


def customers_csv(visit: Visit, state: ListState) -> str:
    """Every customer that the filters match, in the list's order."""
    header = [
        "id",
        _("Name"),
        _("E-mail"),
        _("Country"),
        _("Registered"),
        _("Own number"),
        _("Status"),
        _("Subscriptions"),
        _("Next billing"),
        _("Monthly"),
        _("Tags"),
    ]
    return csv_text(header, _rows(visit, state))


def _rows(visit: Visit, state: ListState) -> Iterable[Sequence[object]]:
    wanted, cursor = state.filter(visit.partner.pk), None
    while True:
        page = lists.customer_page(
            visit.partner.pk, wanted, sort=state.sort, cursor=cursor, limit=CHUNK, now=visit.now, zone=visit.zone
        )
        for row in listing.rows(visit, page.rows):
            yield (
                row.id,
                row.name,
                row.email,
                row.country,
                row.registered_at.date().isoformat(),
                row.own_number,
                row.status,
                "; ".join(
                    f"{line.product_name} {line.plan_name} {public('sub', line.id)}" for line in row.subscriptions
                ),
                row.next_billing_on or "",
                "; ".join(str(amount) for amount in row.monthly),
                "; ".join(row.tags),
            )
        if page.next is None:
            return
        cursor = page.next
