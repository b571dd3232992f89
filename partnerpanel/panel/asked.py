"""What the address of a list asks for: its tab, its search, its days and its page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.http import HttpRequest

from billing.queries.days import ALL_DAYS, Days
from partnerpanel.kernel.paging import InvalidCursor, Page
from partnerpanel.panel.listing import count_text

Row = TypeVar("Row")
T = TypeVar("T", bound=StrEnum)

LONGEST = 40
EARLIEST, LATEST = date(1900, 1, 1), date(9000, 1, 1)


class OneTab(StrEnum):
    """Of a list without tabs."""

    ALL = "all"


@dataclass(frozen=True, slots=True)
class Asked(Generic[T]):
    """What is shown of a list. Its address says it whole, so that it can be kept and passed on."""

    tab: T
    search: str = ""
    days: Days = ALL_DAYS
    cursor: str = ""

    def page(self, read: Callable[[str | None], Page[Row]]) -> Page[Row]:
        """What `read` finds at the cursor; a damaged one begins at the first page."""
        try:
            return read(self.cursor or None)
        except InvalidCursor:
            return read(None)

    def address(self, *, tab: StrEnum | None = None, cursor: str = "") -> str:
        """The list again, or another tab or page of it, below its own page; the first tab needs no name."""
        shown = self.tab if tab is None else tab
        first, last = (day.isoformat() if day else "" for day in (self.days.first, self.days.last))
        is_first = shown is next(iter(type(shown)))
        pairs = {"tab": "" if is_first else shown, "q": self.search, "from": first, "to": last, "cursor": cursor}
        return "?" + urlencode({key: value for key, value in pairs.items() if value})

    def tabs(
        self, names: Mapping[T, Any], counts: Mapping[T, int], *, below: str = "", current: bool = True
    ) -> list[dict[str, Any]]:
        """Each tab with its count; not `current`: this is another list than the one that has them."""
        return [
            {
                "text": names[tab],
                "url": below + self.address(tab=tab),
                "current": current and tab is self.tab,
                "count": count_text(counts[tab]),
            }
            for tab in names
            if tab in counts
        ]

    def context(self, page: Page[Any]) -> dict[str, Any]:
        """What the templates of lists read: this state, and the addresses of it and of the pages beside it."""
        return {
            "tab": self.tab.value,
            "search": self.search,
            "days": self.days,
            "here": self.address(cursor=self.cursor),
            "query": self.address(),
            "previous_url": page.previous and self.address(cursor=page.previous),
            "next_url": page.next and self.address(cursor=page.next),
        }


def asked(request: HttpRequest, tabs: type[T], *, longest: int = LONGEST) -> Asked[T]:
    """Whatever nobody knows counts as not asked for: the first tab, all days. A search is cut at `longest` letters."""
    wanted = request.GET.get("tab", "")
    return Asked(
        tab=tabs(wanted) if wanted in set(tabs) else next(iter(tabs)),
        search=request.GET.get("q", "").replace("\x00", "").strip()[:longest],
        days=Days(_day(request, "from"), _day(request, "to")),
        cursor=request.GET.get("cursor", ""),
    )


def _day(request: HttpRequest, name: str) -> date | None:
    try:
        day = date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None
    return day if EARLIEST <= day <= LATEST else None
