"""A language that the portal alone has words for is spoken nowhere else: other pages are English to its readers."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

PORTAL = "/p/"


class Languages(LocaleMiddleware):
    """The language that was chosen or that the browser asks for, where the page can be read in it."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        if translation.get_language() in settings.PORTAL_LANGUAGES and not request.path_info.startswith(PORTAL):
            translation.activate(settings.LANGUAGE_CODE)
            request.LANGUAGE_CODE = settings.LANGUAGE_CODE
