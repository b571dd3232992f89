"""The settings page about the brand, and its popups."""

from __future__ import annotations

from typing import Any, cast

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.queries.parties import seller_party
from partnerpanel.actions import brand
from partnerpanel.actions.permission import Permission
from partnerpanel.brand.queries import BrandLine, brand_of
from partnerpanel.brand.sender import brand_sender
from partnerpanel.panel.brand_forms import BrandForm, LogoForm, RemoveLogoForm
from partnerpanel.panel.page import PanelView
from partnerpanel.panel.settings_tabs import settings_tabs
from partnerpanel.panel.views.brand_files import shades
from partnerpanel.panel.views.money_popup import MoneyPopup
from partnerpanel.tenancy.scope import tenant


class BrandSettings(PanelView):
    """Who signs documents, mails and pages, and how they look."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        partner = self.visit.partner
        line, seller = brand_of(partner.pk), seller_party(partner.pk)
        context = {
            "section": "settings",
            "tabs": settings_tabs(partner.slug, "settings-brand"),
            "line": line,
            "seller": seller,
            "tax_ids": [one for one in (seller.tax_id, *seller.ids.splitlines()) if one],
            "sender": brand_sender(partner, line),
            "shades": shades(line),
            "sample_number": f"{line.brand.number_prefix}-INV-000001" if line.brand.number_prefix else "INV-000001",
        }
        return self.page("panel/brand/settings.html", context)


class _OnBrand(MoneyPopup):
    permission = Permission.MANAGE_SETTINGS
    section = "settings"

    @property
    def line(self) -> BrandLine:
        with tenant(self.visit.partner.pk):
            return brand_of(self.visit.partner.pk)

    def preview(self) -> dict[str, Any]:
        summary = _("From the next document, mail and page on. Documents that are issued stay as they are.")
        return {"summary": summary, "no_mail": _("Nobody is mailed.")}

    def back_url(self) -> str:
        return reverse("settings-brand", args=[self.visit.partner.slug])


class BrandPopup(_OnBrand):
    """Texts, colour and the prefix of numbers."""

    def form(self, data: Any = None) -> Form:
        if data is not None:
            return BrandForm(data)
        line = self.line
        fields = {name: getattr(line.brand, name) for name in BrandForm.base_fields if name != "version"}
        return BrandForm(initial=fields | {"version": line.version})

    def carry_out(self, form: Form) -> str:
        wanted = cast(BrandForm, form).brand
        brand.set_brand(wanted, version=form.cleaned_data["version"], actor=self.visit.actor, now=self.visit.now)
        return _("Your brand is saved.")

    def words(self) -> dict[str, Any]:
        return {"title": _("Your brand"), "submit": _("Save brand")}


class LogoPopup(_OnBrand):
    """Another logo."""

    def form(self, data: Any = None) -> Form:
        if data is not None:
            return LogoForm(data, self.request.FILES)
        return LogoForm(initial={"version": self.line.version})

    def carry_out(self, form: Form) -> str:
        upload, version = cast(LogoForm, form).upload, form.cleaned_data["version"]
        brand.set_logo(upload, version=version, actor=self.visit.actor, now=self.visit.now)
        return _("Your logo is saved.")

    def words(self) -> dict[str, Any]:
        return {"title": _("Your logo"), "submit": _("Save logo"), "upload": True}


class RemoveLogoPopup(_OnBrand):
    """The name in its place."""

    def form(self, data: Any = None) -> Form:
        return RemoveLogoForm(data, initial={"version": self.line.version})

    def carry_out(self, form: Form) -> str:
        version = form.cleaned_data["version"]
        brand.remove_logo(version=version, actor=self.visit.actor, now=self.visit.now)
        return _("Your logo is removed.")

    def words(self) -> dict[str, Any]:
        return {"title": _("Remove the logo"), "submit": _("Yes, Remove"), "danger": True}
