"""Where passkeys work: on the host name of the page, and nowhere where a page has none."""

from __future__ import annotations

from ipaddress import ip_address

from django.http import HttpRequest
from django.http.request import split_domain_port

from partnerpanel.actions.passkeys import Site


def site_of(request: HttpRequest, name: str) -> Site:
    """The page's own, as the browser calls it. `name` is whose portal it is."""
    host, _port = split_domain_port(request.get_host())
    return Site(f"{request.scheme}://{request.get_host()}", host, name)


def takes_passkeys(request: HttpRequest) -> bool:
    """No browser makes one for an address of numbers alone."""
    host, _port = split_domain_port(request.get_host())
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return True
    return False
