"""Pages for customers who pay by a link: outside the panel, in the partner's name, for whoever has the link."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from partnerpanel.actions import pay_links
from partnerpanel.brand.sender import partner_named, sender_of
from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.panel.credential_forms import OneTimeLinkForm
from partnerpanel.tenancy.clocks import business_now

if TYPE_CHECKING:
    from partnerpanel.tenancy.models import Partner

PAGE = re.compile(r"\w{1,100}")


class _Page(View):
    def page(self, name: str, partner: Partner | None, *, status: int = 200, **context: Any) -> HttpResponse:
        answer = render(
            self.request,
            f"pay/{name}.html",
            {"sender": sender_of(partner) if partner else None, **context},
            status=status,
        )
        answer["X-Robots-Tag"] = "noindex, nofollow"
        answer["Referrer-Policy"] = "no-referrer"
        return answer

    def leave(self, partner: Partner, address: str, **context: Any) -> HttpResponse:
        """No redirect: the form of a page of ours leads nowhere else, and the gateway's hosts are many."""
        answer = self.page("leaving", partner, address=address, **context)
        answer["Refresh"] = f"0;url={address}"
        return answer


# Exempt: the link itself is the right to pay, and no cookie adds to it.
@method_decorator([csrf_exempt, never_cache], name="dispatch")
class PayLink(_Page):
    """GET changes nothing, so a mail scanner may follow the link; POST leads to the gateway's page.

    Changed, expired, of another partner: one and the same page.
    """

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, partner: str) -> HttpResponse:
        found = partner_named(partner)
        return self.page("ask", found, form=OneTimeLinkForm()) if found else self.page("gone", None)

    def post(self, request: HttpRequest, partner: str) -> HttpResponse:
        found, form = partner_named(partner), OneTimeLinkForm(request.POST)
        if found is None:
            return self.page("gone", None)
        if not form.is_valid():
            return self.page("ask", found, form=form, status=422)
        try:
            address = pay_links.begin(found.pk, form.cleaned_data["code"], now=business_now(found))
        except pay_links.LinkUnusable:
            return self.page("gone", found)
        except DomainError:
            return self.page("later", found, status=503)
        return self.leave(found, address)


# Exempt as above.
@method_decorator([csrf_exempt, never_cache], name="dispatch")
class PayConfirm(_Page):
    """The same for a charge that the bank wants confirmed: POST leads there, or says what came of it meanwhile."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, partner: str) -> HttpResponse:
        found = partner_named(partner)
        return self.page("ask", found, form=OneTimeLinkForm(), to_confirm=True) if found else self.page("gone", None)

    def post(self, request: HttpRequest, partner: str) -> HttpResponse:
        found, form = partner_named(partner), OneTimeLinkForm(request.POST)
        if found is None:
            return self.page("gone", None)
        if not form.is_valid():
            return self.page("ask", found, form=form, to_confirm=True, status=422)
        code = form.cleaned_data["code"]
        try:
            stands = pay_links.confirm(found.pk, code, now=business_now(found))
        except pay_links.LinkUnusable:
            return self.page("gone", found)
        except DomainError:
            return self.page("later", found, status=503)
        if stands is None:
            return self.page("gone", found)
        outcome, address = stands
        if address:
            return self.leave(found, address, to_confirm=outcome is pay_links.Outcome.CONFIRM)
        return self.page("done", found, outcome=outcome.value, confirm_url="")


@method_decorator(never_cache, name="dispatch")
class PayConfirmed(_Page):
    """Where the bank leads back to."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, partner: str, charge: str) -> HttpResponse:
        found = partner_named(partner)
        if found is None:
            return self.page("gone", None)
        try:
            outcome, address = pay_links.confirmed(found.pk, charge, now=business_now(found))
        except NotFound:
            return self.page("gone", found)
        except DomainError:
            return self.page("later", found, status=503)
        return self.page("done", found, outcome=outcome.value, confirm_url=address)


@method_decorator(never_cache, name="dispatch")
class PayBack(_Page):
    """Where the gateway's page leads: says what came of the card, and settles it where nobody has yet."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, partner: str) -> HttpResponse:
        found, page = partner_named(partner), request.GET.get("page", "")
        if found is None or not PAGE.fullmatch(page):
            return self.page("gone", None)
        try:
            arrived = pay_links.arrive(found.pk, page, now=business_now(found))
        except DomainError:
            return self.page("later", found, status=503)
        if arrived is None:
            return self.page("gone", found)
        outcome, confirm_url = arrived
        return self.page("done", found, outcome=outcome.value, confirm_url=confirm_url)
