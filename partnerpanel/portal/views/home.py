"""Where a customer begins."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from partnerpanel.portal.holding import holdings
from partnerpanel.portal.page import PortalView
from partnerpanel.tenancy.scope import tenant


class Home(PortalView):
    """What the customer has, what comes next, and what needs doing."""

    http_method_names = ["get", "head"]
    section = "home"

    def get(self, request: HttpRequest) -> HttpResponse:
        with tenant(self.partner.pk):
            found, card = holdings(self.partner.pk, self.visit.customer_id, now=self.now, uses=True)
        return self.page("home", {"holdings": found, "card": card})
