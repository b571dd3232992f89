"""Signing in with a device, and which devices may. The script asks, the device answers, a form brings it here."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from partnerpanel.actions import passkeys
from partnerpanel.actions.passkeys import Site
from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.kernel.ids import parse, public
from partnerpanel.portal.entry_forms import AddressForm
from partnerpanel.portal.page import PortalView
from partnerpanel.portal.passkeys import site_of, takes_passkeys
from partnerpanel.portal.refusals import refusal_of
from partnerpanel.portal.views.entry import TRYING, Entering, entrance
from partnerpanel.tenancy.scope import tenant
from partnerpanel.tenancy.visitors import client_address

PASSKEY = "pky"


class AskToProve(Entering):
    """What the browser gives its devices; nothing in it says who is known here."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        self.limit("passkeys", client_address(request), TRYING)
        return JsonResponse(passkeys.ask_to_prove(self.partner.pk, site=site_of(request, self.sender.name)))


@method_decorator(sensitive_post_parameters("answer"), name="dispatch")
class Enter(Entering):
    """In, where the device has proved whose it is."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        self.limit("entering", client_address(request), TRYING)
        wanted = request.POST.get("next", "")
        try:
            token = passkeys.enter(
                self.partner.pk,
                request.POST.get("answer", ""),
                site=site_of(request, self.sender.name),
                agent=self.agent(),
                now=self.now,
            )
        except DomainError as error:
            return self.page(
                "sign_in", entrance(request, AddressForm(), wanted, passkey_error=refusal_of(error)), status=422
            )
        return self.let_in(token, wanted, remember=False)


class _Own(PortalView):
    """Of the visitor's own log-in, whatever its role."""

    section = "account"

    def site(self) -> Site:
        return site_of(self.request, self.sender.name)


@method_decorator(sensitive_post_parameters("answer"), name="dispatch")
class Passkeys(_Own):
    """Those there are; POST keeps one that the device has just made."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page("passkeys", self._context())

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            passkeys.add(
                self.visit.visitor,
                request.POST.get("answer", ""),
                site=self.site(),
                agent=str(request.headers.get("User-Agent", "")),
                actor=self.visit.actor,
                now=self.now,
            )
        except NotFound:
            raise
        except DomainError as error:
            return self.page("passkeys", self._context() | {"error": refusal_of(error)}, status=error.status)
        return self.go("portal-passkeys", said="passkey-kept")

    def _context(self) -> dict[str, Any]:
        with tenant(self.partner.pk):
            found = passkeys.own_passkeys(self.partner.pk, self.visit.visitor)
        host = self.site().host
        return {
            "passkeys": [(one, public(PASSKEY, one.id), one.host != host) for one in found],
            "takes_passkeys": takes_passkeys(self.request),
            "is_full": len(found) >= passkeys.MOST,
        }


class AskToAdd(_Own):
    """What the browser gives its device to make one."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        return JsonResponse(passkeys.ask_to_add(self.partner.pk, self.visit.visitor, site=self.site()))


class Remove(_Own):
    """Takes one away."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, passkey: str) -> HttpResponse:
        passkeys.take_away(self.visit.visitor, parse(PASSKEY, passkey), actor=self.visit.actor, now=self.now)
        return self.go("portal-passkeys", said="passkey-removed")
