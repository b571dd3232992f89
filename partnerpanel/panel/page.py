"""The base of the panel's views: who asks, for which partner, at what time; read and rendered inside one scope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.mixins import AccessMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.views import View
from structlog.contextvars import bind_contextvars, get_contextvars

from billing.collection.switch import stopped
from partnerpanel.actions.permission import Permission, may, permit
from partnerpanel.kernel.clock import local_date, system_now
from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.panel.owed_notice import notice_of
from partnerpanel.tenancy.actor import Actor, ActorKind
from partnerpanel.tenancy.clocks import business_now
from partnerpanel.tenancy.frozen import PartnerFrozen, refuse_frozen
from partnerpanel.tenancy.queries import partner_for, partners_of, twin_of
from partnerpanel.tenancy.scope import tenant

if TYPE_CHECKING:
    from partnerpanel.tenancy.models import Partner


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of one person at one partner; `now` is the partner's business time."""

    partner: Partner
    actor: Actor
    now: datetime

    @property
    def zone(self) -> str:
        return self.partner.timezone


class PanelView(AccessMixin, View):
    """A view below `/panel/<slug>/`. GET runs inside the partner's scope; POST opens the scopes that it needs, and so
    does a view that previews (`reads_in_scope = False`).

    Another partner's slug is the same 404 as one that never existed. Of a frozen partner every page leads to “Your
    subscription”, and everything else is refused: only views that say so themselves (`open_when_frozen`) are reached.
    """

    permission: ClassVar[Permission] = Permission.VIEW
    reads_in_scope: ClassVar[bool] = True
    open_when_frozen: ClassVar[bool] = False
    visit: Visit

    @property
    def frame(self) -> Visit:
        """Whose panel it is that the page stands in."""
        return self.visit

    def dispatch(self, request: HttpRequest, *args: Any, slug: str, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        try:
            self.visit = _visit(request, slug)
            permit(self.visit.actor, self.permission)
            if not self.open_when_frozen:
                refuse_frozen(self.visit.partner)
            with timezone.override(self.visit.zone):
                return self._answer(request, *args, **kwargs)
        except PartnerFrozen as error:
            return self._frozen(error)
        except NotFound as error:
            raise Http404(error.message) from error
        except DomainError as error:
            return self.refusal(error)

    def _answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.reads_in_scope and request.method in ("GET", "HEAD"):
            with tenant(self.visit.partner.pk):
                return super().dispatch(request, *args, **kwargs)
        return super().dispatch(request, *args, **kwargs)

    def _frozen(self, error: PartnerFrozen) -> HttpResponse:
        is_page = self.request.method in ("GET", "HEAD") and not getattr(self.request, "htmx", False)
        return redirect("your-subscription", self.visit.partner.live.slug) if is_page else self.refusal(error)

    def page(self, template: str, context: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
        """A rendered template; nothing lazy leaves the view."""
        return HttpResponse(render_to_string(template, {**self.shell(), **context}, self.request), status=status)

    def page_in_scope(self, template: str, context: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
        """The same for a POST, which renders after its own scopes are closed."""
        with tenant(self.frame.partner.pk):
            return self.page(template, context, status=status)

    def refusal(self, error: DomainError) -> HttpResponse:
        """A page, or a part of one for htmx, that says what happened and what to do."""
        template = "panel/refusal_part.html" if getattr(self.request, "htmx", False) else "panel/refusal.html"
        return self.page_in_scope(template, {"error": error}, status=error.status)

    def shell(self) -> dict[str, Any]:
        """What every page of the panel needs around its content."""
        visit = self.frame
        return {
            "visit": visit,
            "partner": visit.partner,
            "partners": partners_of(self.request.user),  # type: ignore[arg-type]
            "twin": None if visit.partner.is_test else twin_of(visit.partner),
            "live_partner": visit.partner.twin_of,
            "role": visit.actor.role,
            "may": {permission.value: may(visit.actor, permission) for permission in Permission},
            "now": visit.now,
            "charging_stopped": stopped(visit.partner.pk),
            "is_frozen": visit.partner.frozen_at is not None,
            "owed_notice": notice_of(visit.partner, today=local_date(system_now(), visit.zone)),
        }


def _visit(request: HttpRequest, slug: str) -> Visit:
    partner, role = partner_for(request.user, slug)  # type: ignore[arg-type]
    actor = Actor(ActorKind.USER, partner.pk, request.user.pk, role, get_contextvars().get("request_id", ""))
    bind_contextvars(partner_id=str(partner.pk), actor=actor.kind.value)
    return Visit(partner, actor, business_now(partner))
