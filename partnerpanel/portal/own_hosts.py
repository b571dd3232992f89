"""Which host is asked: the installation's own, or that of one partner's portal, where nothing else answers.

Every other host is answered with 421. What is believed of a request is its Host header alone, after it was found among
our own names or those that a partner has proved; `X-Forwarded-Host` is never read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.request import split_domain_port

from partnerpanel.hosts.rules.names import InvalidHost, normal
from partnerpanel.kernel.ids import public
from partnerpanel.tenancy.hosts import partner_of_host

if TYPE_CHECKING:
    from partnerpanel.tenancy.models import Partner

MISDIRECTED = 421
# Asked by the proxy before there is a certificate, under whatever name it knows us by.
ASKED_FROM_WITHIN = "/tls/ask"
# Of no partner: files of the pages, and the choice of a language.
SHARED = (settings.STATIC_URL, "/i18n/")
# Of the partner whose id follows.
OF_PARTNER = ("/brand/", "/pay/", "/credentials/")
HSTS = "Strict-Transport-Security"


class OwnHosts:
    """The first of all middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info == ASKED_FROM_WITHIN:
            _pin(request, _ours())
            return self.get_response(request)
        try:
            request.get_host()
        except DisallowedHost:
            return self._elsewhere(request)
        return self.get_response(request)

    def _elsewhere(self, request: HttpRequest) -> HttpResponseBase:
        domain, port = split_domain_port(request.META.get("HTTP_HOST", ""))
        partner = _partner_at(domain)
        if partner is None:
            return HttpResponse("This host is not served here.\n", status=MISDIRECTED, content_type="text/plain")
        _pin(request, f"{normal(domain)}:{port}" if port else normal(domain))
        path = _inside(request.path_info, partner)
        if path is None:
            return HttpResponse(status=404)
        request.path_info = path
        request.own_host = True  # type: ignore[attr-defined]
        answer = self.get_response(request)
        if HSTS in answer:  # what else the partner has below the name is not ours to decide
            answer[HSTS] = answer[HSTS].replace("; includeSubDomains", "")
        return answer


def _partner_at(domain: str) -> Partner | None:
    try:
        name = normal(domain)
    except InvalidHost:
        return None
    return partner_of_host(name)


def _inside(path: str, partner: Partner) -> str | None:
    """The address on our own host that answers; None where it is another partner's."""
    if path.startswith(SHARED):
        return path
    for place in OF_PARTNER:
        if path.startswith(place):
            return path if path.startswith(f"{place}{public('par', partner.pk)}/") else None
    return f"/p/{partner.slug}{path}"


def _pin(request: HttpRequest, host: str) -> None:
    """The host is this one from now on, whoever asks: it was looked up."""
    request.get_host = lambda: host  # type: ignore[method-assign]


def _ours() -> str:
    return str(settings.PUBLIC_URL).partition("://")[2].partition("/")[0]
