"""The popup of an action on money: what will happen, confirm, and what comes after."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.panel.page import PanelView
from partnerpanel.panel.refusals import refusal_of


class MoneyPopup(PanelView, ABC):
    """GET shows what will happen, or why it cannot; POST does it and says so. Without the script it is a page.

    A subclass names the object (`prepare`), its form, its preview and its verb. A refusal stands at its field.
    """

    http_method_names = ["get", "head", "post"]
    reads_in_scope = False
    template: ClassVar[str] = "panel/actions/money.html"
    section: ClassVar[str] = "customers"

    def prepare(self, address: Mapping[str, str]) -> None:
        """Finds what the address names. Raises NotFound."""

    @abstractmethod
    def form(self, data: Any = None) -> Form:
        """The form, bound to data where there is any."""

    @abstractmethod
    def preview(self) -> dict[str, Any]:
        """The quote component's parameter. Raises DomainError where nothing can be done; then there is no button."""

    @abstractmethod
    def carry_out(self, form: Form) -> str:
        """Does it; the sentence of the toast. Raises DomainError naming a field."""

    @abstractmethod
    def words(self) -> dict[str, Any]:
        """Title, subtitle, button."""

    @abstractmethod
    def back_url(self) -> str:
        """Where Cancel leads, and the page when it is done."""

    def get(self, request: HttpRequest, **address: str) -> HttpResponse:
        self.prepare(address)
        return self._popup(None)

    def post(self, request: HttpRequest, **address: str) -> HttpResponse:
        self.prepare(address)
        form = self.form(request.POST)
        if not form.is_valid():
            return self._popup(form, status=422)
        try:
            return self.succeeded(self.carry_out(form), "")
        except NotFound:
            raise
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, refusal_of(error))
            return self._popup(form, status=error.status)

    def _popup(self, form: Form | None, *, status: int = 200) -> HttpResponse:
        is_page = not self.request.htmx  # type: ignore[attr-defined]
        quote, refused = None, ""
        try:
            quote = self.preview()
        except NotFound:
            raise
        except DomainError as error:
            refused = refusal_of(error)
        context = {
            "section": self.section,
            "popup_base": "panel/popup_page.html" if is_page else "panel/popup_part.html",
            "is_page": is_page,
            "form": form if form is not None or refused else self.form(),
            "quote": quote,
            "refused": refused,
            "action_url": self.request.path,
            "back_url": self.back_url(),
            **self.words(),
        }
        return self.page_in_scope(self.template, context, status=status)

    def succeeded(self, text: str, undo_url: str) -> HttpResponse:
        """A toast, and the page behind the popup is renewed."""
        if not self.request.htmx:  # type: ignore[attr-defined]
            messages.success(self.request, text, extra_tags=undo_url)
            return redirect(self.back_url())
        response = self.page_in_scope("panel/actions/done.html", {"text": text, "undo_url": undo_url})
        response["HX-Trigger"] = json.dumps({"popup:close": {}, "rows:changed": {}})
        return response
