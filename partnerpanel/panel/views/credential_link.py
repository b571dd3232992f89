"""The page behind a one-time link: outside the panel, in the partner's name, for whoever has the link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters

from partnerpanel.actions import credentials
from partnerpanel.brand.sender import partner_named, sender_of
from partnerpanel.panel.credential_forms import OneTimeLinkForm
from partnerpanel.tenancy.clocks import business_now

if TYPE_CHECKING:
    from partnerpanel.tenancy.models import Partner


# Exempt: the link itself is the right to see them, and no cookie adds to it.
@method_decorator([csrf_exempt, never_cache, sensitive_post_parameters()], name="dispatch")
class CredentialLink(View):
    """GET changes nothing, so a mail scanner may follow the link; POST uses it up.

    Used, expired, revoked, never made, of another partner: one and the same page.
    """

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, partner: str) -> HttpResponse:
        found = partner_named(partner)
        return self._page("ask", found, form=OneTimeLinkForm()) if found else self._page("gone", None)

    def post(self, request: HttpRequest, partner: str) -> HttpResponse:
        found, form = partner_named(partner), OneTimeLinkForm(request.POST)
        if found is None:
            return self._page("gone", None)
        if not form.is_valid():
            return self._page("ask", found, form=form, status=422)
        try:
            shown = credentials.open_link(found.pk, form.cleaned_data["code"], now=business_now(found))
        except credentials.LinkUnusable:
            return self._page("gone", found)
        except credentials.CredentialsUnreadable:
            return self._page("later", found, status=503)
        return self._page("shown", found, login=shown.login, password=shown.password)

    def _page(self, name: str, partner: Partner | None, *, status: int = 200, **context: Any) -> HttpResponse:
        answer = render(
            self.request,
            f"credentials/{name}.html",
            {"sender": sender_of(partner) if partner else None, **context},
            status=status,
        )
        answer["X-Robots-Tag"] = "noindex, nofollow"
        answer["Referrer-Policy"] = "no-referrer"
        return answer
