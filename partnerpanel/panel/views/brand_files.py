"""What a partner's mails and pages load: logo and a stylesheet with its colour. Public, and no more."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views import View

from partnerpanel.brand.queries import BrandLine, brand_of, logo_of
from partnerpanel.brand.rules.colours import NIGHT, WHITE, readable, text_on
from partnerpanel.brand.sender import partner_named
from partnerpanel.tenancy.scope import tenant

# Addresses carry the version, so what stands behind one never changes for as long as it is asked for.
KEPT = "public, max-age=86400"


class BrandLogo(View):
    """The logo as PNG, drawn by us from what was uploaded; 404 alike for no logo and for no such partner."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, partner: str) -> HttpResponse:
        found = partner_named(partner)
        if found is None:
            raise Http404
        with tenant(found.pk):
            content = logo_of(found.pk, brand_of(found.pk).logo)
        if not content:
            raise Http404
        return HttpResponse(content, content_type="image/png", headers={"Cache-Control": KEPT})


class BrandLook(View):
    """The partner's colour, in shades that can be read on light and on dark ground."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, partner: str) -> HttpResponse:
        found = partner_named(partner)
        if found is None:
            raise Http404
        with tenant(found.pk):
            line = brand_of(found.pk)
        css = render_to_string("brand/look.css", shades(line))
        return HttpResponse(css, content_type="text/css; charset=utf-8", headers={"Cache-Control": KEPT})


def shades(line: BrandLine) -> dict[str, str]:
    """The accent as it is, text on it, and what can be read on light and on dark ground."""
    accent = line.brand.accent
    return {
        "accent": accent,
        "text": text_on(accent),
        "light": readable(accent, on=WHITE),
        "dark": readable(accent, on=NIGHT),
    }
