"""The base of the portal's views: whose portal, who is signed in for which customer, at what time."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django.utils.http import urlencode
from django.views import View
from structlog.contextvars import bind_contextvars, get_contextvars

from partnerpanel.actions import portal_access
from partnerpanel.actions.permission import Permission, may, permit
from partnerpanel.actions.portal_access import SignedIn
from partnerpanel.brand.sender import Sender, brand_sender
from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.languages import own_words
from partnerpanel.portal.places import SESSION, at, cookie_name
from partnerpanel.portal.refusals import refusal_of
from partnerpanel.portal.said import said
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.ahead import reading_ahead
from partnerpanel.tenancy.clocks import business_now
from partnerpanel.tenancy.frozen import PartnerFrozen, refuse_frozen
from partnerpanel.tenancy.queries import partner_at
from partnerpanel.tenancy.scope import tenant

if TYPE_CHECKING:
    from uuid import UUID

    from partnerpanel.tenancy.models import Partner


class PublicView(View):
    """A page of one partner's portal for anybody. It opens the scopes that it needs."""

    partner: Partner
    sender: Sender
    visitor: SignedIn | None
    now: datetime
    section: ClassVar[str] = ""

    def dispatch(self, request: HttpRequest, *args: Any, slug: str, **kwargs: Any) -> HttpResponseBase:
        with own_words():
            return self._dispatched(request, *args, slug=slug, **kwargs)

    def _dispatched(self, request: HttpRequest, *args: Any, slug: str, **kwargs: Any) -> HttpResponseBase:
        try:
            self.partner = partner_at(slug)
        except NotFound as error:
            raise Http404(error.message) from error
        try:
            self.now = business_now(self.partner)
            bind_contextvars(partner_id=str(self.partner.pk))
            looks = request.method in ("GET", "HEAD")
            with reading_ahead() if looks else nullcontext(), timezone.override(self.partner.timezone):
                self._look_up(request)
                answer = self._answer(request, *args, **kwargs)
        except NotFound:
            answer = self.page("missing", {}, status=404)
        except DomainError as error:
            answer = self.refusal(error)
        add_never_cache_headers(answer)
        answer["Referrer-Policy"] = "same-origin"
        return answer

    def _look_up(self, request: HttpRequest) -> None:
        """Brand and visitor, in one scope."""
        token = request.COOKIES.get(cookie_name(SESSION, self.partner), "")
        with tenant(self.partner.pk):
            self.visitor, brand = portal_access.visitor_of(self.partner.pk, token)
        self.sender = brand_sender(self.partner, brand)

    def _answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return super().dispatch(request, *args, **kwargs)

    def at(self, name: str, *args: str) -> str:
        """The address of another page of this portal."""
        return at(self.request, self.partner, name, *args)

    def go(self, name: str, *args: str, said: str = "") -> HttpResponse:
        """To another page, which says by its code what was done."""
        query = f"?{urlencode({'said': said})}" if said else ""
        return redirect(self.at(name, *args) + query)

    def page(self, template: str, context: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
        """A rendered template; nothing lazy leaves the view."""
        return HttpResponse(
            render_to_string(f"portal/{template}.html", {**self.shell(), **context}, self.request), status=status
        )

    def refusal(self, error: DomainError) -> HttpResponse:
        """A page that says what happened and what to do."""
        return self.page("refusal", {"reason": refusal_of(error)}, status=error.status)

    def shell(self) -> dict[str, Any]:
        """What every page needs around its content."""
        return {
            "partner": self.partner,
            "sender": self.sender,
            "visitor": self.visitor,
            "section": self.section,
            "now": self.now,
            "said": said(self.request.GET.get("said", "")),
        }


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of somebody who is signed in."""

    partner: Partner
    actor: Actor
    visitor: SignedIn
    now: datetime

    @property
    def customer_id(self) -> UUID:
        return self.visitor.customer_id


class PortalView(PublicView):
    """A page of one customer. Who is not signed in gets no further than the sign-in.

    `permission` is what the log-in has to be meant for. While the partner itself is frozen its customers read, and
    change nothing.
    """

    permission: ClassVar[Permission] = Permission.VIEW
    changes: ClassVar[bool] = True
    visit: Visit

    def _answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        visitor = self.visitor
        if visitor is None:
            query = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
            return redirect(f"{self.at('portal-sign-in')}?{query}".rstrip("?"))
        actor = portal_access.actor_of(self.partner.pk, visitor, request_id=get_contextvars().get("request_id", ""))
        bind_contextvars(actor=actor.kind.value)
        self.visit = Visit(self.partner, actor, visitor, self.now)
        self._speak(request)
        permit(actor, self.permission)
        if request.method == "POST" and self.changes:
            self._refuse_frozen()
        with timezone.override(visitor.timezone):
            return super()._answer(request, *args, **kwargs)

    def _speak(self, request: HttpRequest) -> None:
        """Who has chosen no language reads the one that the partner writes to it in."""
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            own = self.visit.visitor.locale.partition("-")[0].lower()
            if own in dict(settings.LANGUAGES):
                translation.activate(own)

    def _refuse_frozen(self) -> None:
        try:
            refuse_frozen(self.partner)
        except PartnerFrozen as error:
            raise ShopClosed("Nothing can be changed here at the moment.") from error

    def shell(self) -> dict[str, Any]:
        shell = super().shell()
        if self.visitor is None:
            return shell
        actor = self.visit.actor
        return shell | {"may": {permission.value: may(actor, permission) for permission in Permission}}


class ShopClosed(DomainError):
    """The partner itself is frozen."""

    code = "shop_closed"
    status = 503
