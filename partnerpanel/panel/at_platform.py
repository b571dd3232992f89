"""Views in which a partner's people act as the platform's customer, in the frame of their own panel."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from partnerpanel.actions.own_subscription import NotBilled, as_customer, follow
from partnerpanel.actions.permission import Permission
from partnerpanel.kernel.errors import NotFound
from partnerpanel.panel.page import PanelView, Visit
from partnerpanel.tenancy.clocks import business_now
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.summaries import SubscriptionLine, lines_of
from subscriptions.rules.states import Lifecycle


class AtPlatform(PanelView):
    """`visit` is the platform's: its scope, its time, and the person acting as its customer; `frame` stays home.

    What is frozen is reached here alone. After a POST the standing is followed up at once.
    """

    reads_in_scope = False
    open_when_frozen = True
    home: Visit | None = None

    @property
    def frame(self) -> Visit:
        return self.home or self.visit

    def _answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        billing, actor = as_customer(self.visit.actor)
        self.home, self.visit = self.visit, Visit(billing, actor, business_now(billing))
        answer = super()._answer(request, *args, **kwargs)
        if request.method == "POST":
            follow(actor, now=self.now)
        return answer

    @property
    def now(self) -> datetime:
        return self.visit.now

    @property
    def own_id(self) -> UUID:
        """The partner's row as a customer."""
        if self.visit.actor.customer_id is None:
            raise NotBilled("The platform does not bill this partner.")
        return self.visit.actor.customer_id

    def main(self) -> SubscriptionLine | None:
        """What the partner is on, in the platform's open scope: what runs, else what has ended last."""
        lines = lines_of(self.visit.partner.pk, [self.own_id], now=self.now).get(self.own_id, [])
        return next((line for line in lines if line.lifecycle is not Lifecycle.ENDED), lines[0] if lines else None)

    def back_url(self) -> str:
        return reverse("your-subscription", args=[self.frame.partner.live.slug])

    def succeeded(self, text: str, _undo_url: str) -> HttpResponse:
        """The whole page anew: banner and menu may be others now."""
        messages.success(self.request, text)
        if not self.request.htmx:  # type: ignore[attr-defined]
            return redirect(self.back_url())
        answer = HttpResponse()
        answer["HX-Refresh"] = "true"
        return answer


class OwnPopup(AtPlatform):
    """A popup about the subscription that the partner is on."""

    permission = Permission.OWN_SUBSCRIPTION

    def own_line(self) -> SubscriptionLine:
        """Raises NotFound where the partner has none."""
        with tenant(self.visit.partner.pk):
            line = self.main()
        if line is None:
            raise NotFound("There is no subscription.")
        return line
