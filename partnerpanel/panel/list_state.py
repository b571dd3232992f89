"""The address of the customers' list is its state: tab, search, filters, sort, columns, cursor."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from customers.filters import CustomerFilter, Tab
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import parse
from subscriptions.queries.summaries import holders_of_plan

# name -> heading; the customer and the menu are always there
COLUMNS: dict[str, Any] = {
    "plan": _("Subscription"),
    "status": _("Status"),
    "billing": _("Next billing"),
    "monthly": _("Monthly"),
    "registered": _("Registered"),
    "country": _("Country"),
    "tags": _("Tags"),
    "number": _("Own number"),
}
SHOWN_FIRST = ("plan", "status", "billing", "monthly")
# Nobody registered earlier or later; further out, days have no instants to compare with.
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
SORTS: dict[str, Any] = {"name": _("Name"), "registered": _("Newest first")}
TABS: dict[Tab, Any] = {
    Tab.ALL: _("All"),
    Tab.ACTIVE: _("Active"),
    Tab.EXPIRED: _("Expired"),
    Tab.SUSPENDED: _("Suspended"),
    Tab.NEW: _("New this month"),
    Tab.GRACE: _("Grace"),
    Tab.CANCELLING: _("Cancelling"),
    Tab.TRIALING: _("Trialing"),
    Tab.PAUSED: _("Paused"),
    Tab.BANNED: _("Banned"),
}


@dataclass(frozen=True, slots=True)
class ListState:
    """What the address asks for; anything it does not understand is left out, never an error."""

    tab: Tab = Tab.ALL
    search: str = ""
    country: str = ""
    tag: str = ""
    plan: str = ""
    since: str = ""
    until: str = ""
    sort: str = "name"
    columns: tuple[str, ...] = SHOWN_FIRST
    cursor: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> ListState:
        tab = query.get("tab", "")
        chosen = tuple(name for name in COLUMNS if name in query.getlist("col"))
        sort = query.get("sort", "")
        return cls(
            tab=Tab(tab) if tab in set(Tab) else Tab.ALL,
            search=query.get("q", "").strip()[:100],
            country=query.get("country", "")[:2].upper(),
            tag=query.get("tag", "")[:40],
            plan=query.get("plan", "")[:40],
            since=_day_text(query.get("since", "")),
            until=_day_text(query.get("until", "")),
            sort=sort if sort in SORTS else "name",
            columns=chosen or SHOWN_FIRST,
            cursor=query.get("cursor", ""),
        )

    def query(self, **changes: Any) -> str:
        """The query string of this state with changes; without a cursor unless one is given."""
        state = replace(self, **{"cursor": "", **changes})
        pairs: list[tuple[str, str]] = []
        for name, key in _KEYS.items():
            value = getattr(state, name)
            if value and value != getattr(_DEFAULT, name):
                pairs.append((key, str(value)))
        if state.columns != SHOWN_FIRST:
            pairs += [("col", name) for name in state.columns]
        return "?" + urlencode(pairs)

    def filter(self, partner_id: UUID) -> CustomerFilter:
        """The same as a filter. A plan of nobody matches nobody."""
        ids: Any = None
        if self.plan:
            try:
                ids = holders_of_plan(partner_id, parse("plan", self.plan))
            except NotFound:
                ids = ()
        return CustomerFilter(
            tab=self.tab,
            search=self.search,
            country=self.country,
            tag=self.tag,
            registered_from=date.fromisoformat(self.since) if self.since else None,
            registered_to=date.fromisoformat(self.until) if self.until else None,
            ids=ids,
        )

    @property
    def has_own_columns(self) -> bool:
        """Whether the columns were chosen, so that forms keep them."""
        return self.columns != SHOWN_FIRST

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the tab is asked for."""
        return any((self.search, self.country, self.tag, self.plan, self.since, self.until))


_KEYS = {
    "tab": "tab",
    "search": "q",
    "country": "country",
    "tag": "tag",
    "plan": "plan",
    "since": "since",
    "until": "until",
    "sort": "sort",
    "cursor": "cursor",
}
_DEFAULT = ListState()


def _day_text(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return ""
    return day.isoformat() if EARLIEST <= day <= LATEST else ""
