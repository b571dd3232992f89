"""Signing in by mail: an address is given, a link opened or a code typed. Nothing says who is known here."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from partnerpanel.actions import portal_access
from partnerpanel.actions.portal_access import Entry
from partnerpanel.kernel.errors import DomainError
from partnerpanel.portal.entry_forms import AddressForm, CodeForm, LinkForm, SsoForm
from partnerpanel.portal.page import PortalView, PublicView
from partnerpanel.portal.passkeys import takes_passkeys
from partnerpanel.portal.places import CODE, SESSION, cookie_name, forget, keep
from partnerpanel.tenancy.visitors import client_address, seconds_to_wait

# What a browser remembers of a code that it asked for; longer than any code is good for.
ASKED_FOR = timedelta(minutes=20)
REMEMBERED = timedelta(days=60)
QUARTER_OF_AN_HOUR = 900
# Of one address that is written to, and of one that asks.
MAILS, ASKING, TRYING = 5, 30, 60
SALT = "portal-code"


class TooOften(DomainError):
    """Too many tries from here; the message says when to come back."""

    code = "too_often"
    status = 429


class Entering(PublicView):
    """What the pages of the sign-in have in common."""

    def limit(self, name: str, who: str, most: int) -> None:
        """Raises TooOften."""
        if wait := seconds_to_wait(f"portal-{name}", f"{self.partner.pk}:{who}", most=most, window=QUARTER_OF_AN_HOUR):
            minutes = -(-wait // 60)
            raise TooOften(_("Too many tries. Wait %(n)s minutes and try again.") % {"n": minutes})

    def agent(self) -> str:
        return str(self.request.headers.get("User-Agent", ""))

    def let_in(self, token: str, wanted: str, *, remember: bool) -> HttpResponse:
        """To the page that was wanted, with the cookie of the new session."""
        home = self.at("portal-home")
        is_ours = wanted.startswith(home) and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
        answer = redirect(wanted if is_ours else home)
        lives = REMEMBERED if remember else None
        keep(answer, self.request, self.partner, SESSION, token, lives=lives)
        forget(answer, self.request, self.partner, CODE)
        return answer


def entrance(request: HttpRequest, form: AddressForm, wanted: str, *, passkey_error: str = "") -> dict[str, Any]:
    """What the first page of the sign-in shows."""
    return {"form": form, "next": wanted, "passkeys": takes_passkeys(request), "passkey_error": passkey_error}


class SignIn(Entering):
    """Asks for the address. The answer is the same, and takes the same, whoever has it."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        if self.visitor is not None:
            return self.go("portal-home")
        return self.page("sign_in", entrance(request, AddressForm(), request.GET.get("next", "")))

    def post(self, request: HttpRequest) -> HttpResponse:
        form, wanted = AddressForm(request.POST), request.POST.get("next", "")
        if not form.is_valid():
            return self.page("sign_in", entrance(request, form, wanted), status=422)
        address = form.cleaned_data["email"]
        self.limit("asking", client_address(request), ASKING)
        self.limit("mails", address.casefold(), MAILS)
        asked = portal_access.ask(self.partner.pk, address)
        kept = signing.dumps([asked.hex, form.cleaned_data["remember"], wanted[:500]], salt=SALT)
        answer = self.go("portal-code")
        keep(answer, request, self.partner, CODE, kept, lives=ASKED_FOR)
        return answer


@method_decorator(sensitive_post_parameters("code"), name="dispatch")
class Code(Entering):
    """Asks for the code, in the browser that asked for it. Five wrong ones, and it is gone."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        if self._asked() is None:
            return self.go("portal-sign-in")
        return self.page("code", {"form": CodeForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        asked, form = self._asked(), CodeForm(request.POST)
        if asked is None:
            return self.go("portal-sign-in")
        if not form.is_valid():
            return self.page("code", {"form": form}, status=422)
        self.limit("entering", client_address(request), TRYING)
        id_, remember, wanted = asked
        opened = portal_access.enter_code(
            self.partner.pk, id_, form.cleaned_data["code"], agent=self.agent(), remember=remember, now=self.now
        )
        if opened.entry is Entry.RIGHT:
            return self.let_in(opened.token, wanted, remember=remember)
        if opened.entry is Entry.GONE:
            answer = self.page("link_gone", {}, status=422)
            forget(answer, request, self.partner, CODE)
            return answer
        form.add_error(
            "code", _("This code is wrong or no longer valid. Tries left: %(n)s.") % {"n": opened.tries_left}
        )
        return self.page("code", {"form": form}, status=422)

    def _asked(self) -> tuple[UUID, bool, str] | None:
        kept = self.request.COOKIES.get(cookie_name(CODE, self.partner), "")
        try:
            id_, remember, wanted = signing.loads(kept, salt=SALT, max_age=ASKED_FOR)
        except (signing.BadSignature, ValueError, TypeError):
            return None
        return UUID(id_), bool(remember), str(wanted)


@method_decorator(sensitive_post_parameters("code"), name="dispatch")
class Link(Entering):
    """GET changes nothing, so a mail scanner may follow the link; POST uses it up.

    Used, expired, never made, of another partner: one and the same page.
    """

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page("link", {"form": LinkForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = LinkForm(request.POST)
        if not form.is_valid():
            return self.page("link", {"form": form}, status=422)
        self.limit("entering", client_address(request), TRYING)
        remember = form.cleaned_data["remember"]
        opened = portal_access.enter_link(
            self.partner.pk, form.cleaned_data["code"], agent=self.agent(), remember=remember, now=self.now
        )
        if opened.entry is not Entry.RIGHT:
            return self.page("link_gone", {}, status=422)
        return self.let_in(opened.token, "", remember=remember)


# Where the partner's own site may lead to, by what it says.
PLACES = {
    "home": "portal-home",
    "plan": "portal-plan",
    "payment": "portal-payment",
    "invoices": "portal-invoices",
    "service": "portal-service",
    "support": "portal-support",
    "account": "portal-account",
}


@method_decorator(sensitive_post_parameters("code"), name="dispatch")
class HandedOver(Entering):
    """In without a mail, where the partner's own site knows who it is. GET changes nothing, POST uses it up."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(SsoForm(), request.GET.get("to", ""))

    def post(self, request: HttpRequest) -> HttpResponse:
        form, place = SsoForm(request.POST), request.POST.get("to", "")
        if not form.is_valid():
            return self._page(form, place, status=422)
        self.limit("entering", client_address(request), TRYING)
        opened = portal_access.enter_handed_over(
            self.partner.pk, form.cleaned_data["code"], agent=self.agent(), now=self.now
        )
        if opened.entry is not Entry.RIGHT:
            return self.page("link_gone", {}, status=422)
        return self.let_in(opened.token, self.at(PLACES.get(place, "portal-home")), remember=False)

    def _page(self, form: SsoForm, place: str, *, status: int = 200) -> HttpResponse:
        return self.page("sso", {"form": form, "to": place if place in PLACES else "home"}, status=status)


class SignOut(PortalView):
    """In this browser."""

    http_method_names = ["post"]
    changes = False

    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        portal_access.sign_out(self.partner.pk, self.visit.visitor)
        answer = self.go("portal-sign-in", said="signed-out")
        forget(answer, request, self.partner, SESSION)
        return answer
