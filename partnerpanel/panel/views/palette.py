"""The command palette's search."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from customers.filters import CustomerFilter
from customers.queries.lists import customer_page
from partnerpanel.panel.page import PanelView

SHOWN = 8


class Palette(PanelView):
    """The first customers that the text finds, by name."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        text = request.GET.get("q", "").strip()[:100]
        customers = []
        if text:
            visit = self.visit
            found = customer_page(
                visit.partner.pk,
                CustomerFilter(search=text),
                sort="name",
                cursor=None,
                limit=SHOWN,
                now=visit.now,
                zone=visit.zone,
            )
            customers = list(found.rows)
        return self.page("panel/palette_found.html", {"customers": customers, "text": text})
