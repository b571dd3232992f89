"""The popup of a change to the catalogue: a preview that follows what is typed, and who was there first."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from partnerpanel.actions.catalogue import CatalogueMoved
from partnerpanel.actions.permission import Permission
from partnerpanel.panel.views.money_popup import MoneyPopup


class CataloguePopup(MoneyPopup):
    """Like a popup of money; a POST with `preview` answers with the preview alone.

    A change that somebody else was quicker with is answered by the difference, and confirming again is then right.
    """

    permission = Permission.EDIT_CATALOGUE
    template = "panel/catalogue/popup.html"
    section = "catalogue"
    bound: Form | None = None
    moved: Sequence[dict[str, str]] = ()

    @abstractmethod
    def build(self, data: Any = None) -> Form:
        """The form, bound to data where there is any."""

    @abstractmethod
    def quote(self, form: Form | None) -> dict[str, Any]:
        """The quote component's parameter for a valid form; None while there is none."""

    @abstractmethod
    def save(self, form: Form) -> str:
        """Does it; the sentence of the toast. Raises DomainError naming a field."""

    def since(self, version: int) -> list[dict[str, str]]:
        """What others have changed since the version that the form cites."""
        return []

    def version(self) -> int:
        """The version that the page shows now."""
        return 1

    def post(self, request: HttpRequest, **address: str) -> HttpResponse:
        if "preview" not in request.GET:
            return super().post(request, **address)
        self.prepare(address)
        self.form(request.POST)
        return self.page_in_scope("panel/catalogue/preview.html", {"quote": self.preview()})

    def form(self, data: Any = None) -> Form:
        form = self.build(data)
        self.bound = form if data is not None else None
        return form

    def preview(self) -> dict[str, Any]:
        valid = self.bound if self.bound is not None and self.bound.is_valid() else None
        no_mail = _("Nobody is mailed.")
        return {"no_mail": no_mail, "moved": self.moved, **self.quote(valid)}

    def carry_out(self, form: Form) -> str:
        try:
            return self.save(form)
        except CatalogueMoved:
            self.moved = self.since(form.cleaned_data["version"])
            form.data = form.data.copy()  # type: ignore[attr-defined]
            form.data["version"] = str(self.version())  # type: ignore[index]
            raise
