"""The popup of any action: preview, confirm, and what comes after."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from partnerpanel.actions import door
from partnerpanel.actions.quote import Difference, Quote, QuoteExpired
from partnerpanel.actions.verb import Verb
from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.kernel.ids import public
from partnerpanel.panel.page import PanelView
from partnerpanel.panel.quote_view import shown
from partnerpanel.panel.refusals import refusal_of


class ActionPopup(PanelView, ABC):
    """GET shows the popup with a first preview; POST with `preview` renews the preview; POST confirms.

    A subclass says for whom (`prepare`), with which form, and which verb. Without the script the popup is a page.
    """

    http_method_names = ["get", "head", "post"]
    reads_in_scope = False
    template: ClassVar[str]
    part: ClassVar[str] = "panel/actions/quote_part.html"

    @abstractmethod
    def prepare(self, address: Mapping[str, str]) -> None:
        """Finds what the address names. Raises NotFound."""

    @abstractmethod
    def form(self, data: Any = None, files: Any = None) -> Form:
        """The form, bound to data where there is any."""

    @abstractmethod
    def verb(self, form: Form) -> Verb:
        """Raises DomainError naming a field."""

    @abstractmethod
    def draft(self, form: Form) -> Verb | None:
        """The verb for a preview of an unfinished form; None while there is nothing to preview."""

    @abstractmethod
    def words(self) -> dict[str, Any]:
        """Title, subtitle, button and the rest of what the template says."""

    def words_for(self, quote: Quote | None) -> dict[str, Any]:
        """What is said otherwise once it is known what would happen."""
        return {}

    @abstractmethod
    def said(self, outcome: door.Outcome) -> str:
        """The sentence of the toast."""

    @abstractmethod
    def back_url(self) -> str:
        """Where Cancel leads, and the page when it is done."""

    def get(self, request: HttpRequest, **address: str) -> HttpResponse:
        self.prepare(address)
        form = self.form()
        return self.popup(form, self._preview(form))

    def post(self, request: HttpRequest, **address: str) -> HttpResponse:
        self.prepare(address)
        form = self.form(request.POST, request.FILES)
        if "preview" in request.GET:
            form.is_valid()
            quote = self._preview(form)
            return self.page_in_scope(self.part, {"form": form, **self._quote_context(quote)})
        if not form.is_valid():
            return self.popup(form, self._preview(form), status=422)
        return self._confirm(form)

    def popup(
        self,
        form: Form,
        quote: Quote | None,
        *,
        moved: tuple[Difference, ...] = (),
        notice: str = "",
        status: int = 200,
    ) -> HttpResponse:
        is_page = not self.request.htmx  # type: ignore[attr-defined]
        context = {
            "section": "customers",
            "popup_base": "panel/popup_page.html" if is_page else "panel/popup_part.html",
            "is_page": is_page,
            "form": form,
            "action_url": self.request.path,
            "back_url": self.back_url(),
            "notice": notice,
            **self._quote_context(quote, moved),
            **self.words(),
            **self.words_for(quote),
        }
        return self.page_in_scope(self.template, context, status=status)

    def _quote_context(self, quote: Quote | None, moved: tuple[Difference, ...] = ()) -> dict[str, Any]:
        if quote is None:
            return {"quote": None, "quote_token": "", "is_refused": False}
        view = self.quote_view(quote, moved)
        return {"quote": view, "quote_token": quote.token, "is_refused": quote.is_refused}

    def quote_view(self, quote: Quote, moved: tuple[Difference, ...]) -> dict[str, Any]:
        """The quote component's parameter."""
        return shown(quote, moved=moved)

    def undo_url(self, outcome: door.Outcome) -> str:
        """Where what was done is undone; empty where it cannot be."""
        return reverse("undo", args=[self.visit.partner.slug, public("act", outcome.action_id)])

    def _preview(self, form: Form) -> Quote | None:
        draft = self.draft(form)
        return None if draft is None else door.preview(draft, actor=self.visit.actor, now=self.visit.now)

    def _confirm(self, form: Form) -> HttpResponse:
        try:
            verb = self.verb(form)
            cited = self.request.POST.get("quote", "")
            outcome = door.commit(verb, quote=cited, actor=self.visit.actor, now=self.visit.now)
        except door.FactsMoved as error:
            return self.popup(form, error.quote, moved=error.differences, status=error.status)
        except QuoteExpired as error:
            return self.popup(form, self._preview(form), notice=error.message, status=error.status)
        except NotFound:
            raise
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, refusal_of(error))
            return self.popup(form, self._preview(form), status=error.status)
        return self._done(outcome)

    def _done(self, outcome: door.Outcome) -> HttpResponse:
        return self.succeeded(self.said(outcome), self.undo_url(outcome))

    def succeeded(self, text: str, undo_url: str) -> HttpResponse:
        """A toast, and the page behind the popup is renewed."""
        if not self.request.htmx:  # type: ignore[attr-defined]
            messages.success(self.request, text, extra_tags=undo_url)
            return redirect(self.back_url())
        context = {"text": text, "undo_url": undo_url}
        response = self.page_in_scope("panel/actions/done.html", context)
        response["HX-Trigger"] = json.dumps({"popup:close": {}, "rows:changed": {}})
        return response
