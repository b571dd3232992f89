"""The login on the partner's service: where to connect, the password, another one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from partnerpanel.actions import portal_desk
from partnerpanel.actions.permission import Permission
from partnerpanel.portal.confirming import OfSubscription
from partnerpanel.portal.forms import NumberForm
from partnerpanel.portal.holding import holdings
from partnerpanel.portal.page import PortalView
from partnerpanel.tenancy.scope import tenant


class Service(PortalView):
    """Every login that the customer has."""

    permission = Permission.VIEW_CREDENTIALS
    http_method_names = ["get", "head"]
    section = "service"

    def get(self, request: HttpRequest) -> HttpResponse:
        with tenant(self.partner.pk):
            found, _card = holdings(self.partner.pk, self.visit.customer_id, now=self.now)
        return self.page("service", {"holdings": [one for one in found if one.line.service is not None]})


class ShowPassword(OfSubscription):
    """POST shows it and records that; GET shows a button, so that a look is never an accident."""

    permission = Permission.VIEW_CREDENTIALS
    http_method_names = ["get", "head", "post"]
    section = "service"

    def get(self, request: HttpRequest, subscription: str) -> HttpResponse:
        return self._page(subscription)

    def post(self, request: HttpRequest, subscription: str) -> HttpResponse:
        self.find(subscription)
        shown = portal_desk.show_credentials(self.holding.line.id, actor=self.visit.actor, now=self.now)
        return self._page(subscription, password=shown.password)

    def _page(self, subscription: str, **more: Any) -> HttpResponse:
        self.find(subscription)
        with tenant(self.partner.pk):
            login = portal_desk.service_login(self.holding.line.id, actor=self.visit.actor)
        return self.page("password", {"holding": self.holding, "login": login, **more})


class ResetPassword(OfSubscription):
    """Another password; the service is told, and whoever used the old one is out."""

    permission = Permission.RESET_CREDENTIALS
    http_method_names = ["get", "head", "post"]
    section = "service"

    def get(self, request: HttpRequest, subscription: str) -> HttpResponse:
        self.find(subscription)
        with tenant(self.partner.pk):
            login = portal_desk.service_login(self.holding.line.id, actor=self.visit.actor)
        return self.page("password_reset", {"holding": self.holding, "login": login})

    def post(self, request: HttpRequest, subscription: str) -> HttpResponse:
        self.find(subscription)
        form = NumberForm(request.POST)
        number = form.cleaned_data["number"] if form.is_valid() else -1
        portal_desk.reset_password(self.holding.line.id, number=number, actor=self.visit.actor, now=self.now)
        return self.go("portal-service", said="password-reset")
