"""What a proxy asks before it gets a certificate for a host name."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views import View

from partnerpanel.hosts.rules.names import InvalidHost, normal
from partnerpanel.tenancy.hosts import is_proved
from partnerpanel.tenancy.visitors import client_address, seconds_to_wait

A_MINUTE, MOST = 60, 120
WITHIN = [
    ip_network(one) for one in ("127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
]
# A request that came from outside through a proxy bears one of these.
HANDED_ON = ("X-Forwarded-For", "Forwarded", "X-Forwarded-Host", "Via")


class AskTls(View):
    """200 for a host that a partner has proved, 404 for every other; for machines of the own network, or with the
    operator's token."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        if not (_from_within(request) or _has_token(request)):
            return HttpResponse(status=404)
        if wait := seconds_to_wait("tls-ask", client_address(request), most=MOST, window=A_MINUTE):
            return HttpResponse(status=429, headers={"Retry-After": str(wait)})
        try:
            name = normal(request.GET.get("domain", ""))
        except InvalidHost:
            return HttpResponse(status=404)
        return HttpResponse(status=200 if is_proved(name) else 404)


def _from_within(request: HttpRequest) -> bool:
    if any(name in request.headers for name in HANDED_ON):
        return False
    try:
        asks = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return any(asks in network for network in WITHIN)


def _has_token(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "")
    return bool(settings.HEALTH_TOKEN) and constant_time_compare(given, f"Bearer {settings.HEALTH_TOKEN}")
