"""The base of popups in the settings, and of those that end with a secret."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from partnerpanel.actions.permission import Permission
from partnerpanel.panel.views.money_popup import MoneyPopup


class SettingsPopup(MoneyPopup):
    """Asks for nothing, unless `form` says otherwise."""

    permission = Permission.MANAGE_SETTINGS
    section = "settings"

    def form(self, data: Any = None) -> Form:
        return Form(data)

    def told(self, summary: str, *warnings: str) -> dict[str, Any]:
        """The quote component's parameter."""
        return {"summary": summary, "warnings": list(warnings), "no_mail": _("Nobody is mailed by this.")}


class Revealing(SettingsPopup, ABC):
    """Ends with a secret that is shown this once. No answer of it is kept by a browser or a proxy."""

    secret: str

    @abstractmethod
    def about_secret(self) -> str:
        """What it is for."""

    def dispatch(self, request: HttpRequest, *args: Any, slug: str, **kwargs: Any) -> HttpResponseBase:
        answer = super().dispatch(request, *args, slug=slug, **kwargs)
        add_never_cache_headers(answer)
        return answer

    def succeeded(self, text: str, undo_url: str) -> HttpResponse:
        is_page = not self.request.htmx  # type: ignore[attr-defined]
        context = {
            "title": text,
            "section": self.section,
            "popup_base": "panel/popup_page.html" if is_page else "panel/popup_part.html",
            "secret": self.secret,
            "about_secret": self.about_secret(),
            "back_url": self.back_url(),
        }
        answer = self.page_in_scope("panel/secret_once.html", context)
        if not is_page:
            answer["HX-Trigger"] = "rows:changed"
        return answer
