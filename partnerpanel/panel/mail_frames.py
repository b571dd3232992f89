"""Mails as they look, in frames of panel pages: nothing in them runs, and of styles their own alone counts."""

from __future__ import annotations

from django.http import HttpResponse

from notifications.looks import Look
from notifications.sheets import style_source


def around(page: HttpResponse, look: Look) -> HttpResponse:
    """A page with mails of this look in it: what a frame says itself is bound by what the page allows."""
    page._csp_update = {"style-src": [style_source(look)]}  # type: ignore[attr-defined]  # noqa: SLF001 as django-csp reads it
    return page


def alone(mail: HttpResponse, look: Look) -> HttpResponse:
    """A mail that is a page of its own, to be shown in a frame."""
    mail["Content-Security-Policy"] = (
        f"sandbox; default-src 'none'; style-src {style_source(look)}; img-src 'self'; frame-ancestors 'self'"
    )
    return mail
