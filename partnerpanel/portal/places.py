"""Addresses of the portal, and the cookies that belong to one partner's alone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

if TYPE_CHECKING:
    from partnerpanel.tenancy.models import Partner

SESSION, CODE, ORDERS = "portal", "portal-code", "portal-orders"


def at(request: HttpRequest, partner: Partner, name: str, *args: str) -> str:
    """The address of a page of the partner's portal; on a host name of its own, without the partner's slug."""
    path = reverse(name, args=[partner.slug, *args])
    return path.removeprefix(f"/p/{partner.slug}") if getattr(request, "own_host", False) else path


def cookie_name(kind: str, partner: Partner) -> str:
    """Of one partner alone: two portals in one browser are two sign-ins."""
    return f"{kind}-{partner.pk.hex}"


def keep(
    answer: HttpResponse, request: HttpRequest, partner: Partner, kind: str, value: str, *, lives: timedelta | None
) -> None:
    """A cookie that no script reads and no other path gets; without `lives` it ends with the browser."""
    answer.set_cookie(
        cookie_name(kind, partner),
        value,
        max_age=lives,
        path=at(request, partner, "portal-home"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget(answer: HttpResponse, request: HttpRequest, partner: Partner, kind: str) -> None:
    """Takes such a cookie back."""
    answer.delete_cookie(cookie_name(kind, partner), path=at(request, partner, "portal-home"), samesite="Lax")
