"""Popups of products: create, rename, archive, restore."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerpanel.actions import catalogue
from partnerpanel.actions.permission import Permission
from partnerpanel.kernel.ids import parse, public
from partnerpanel.panel.catalogue_forms import ProductForm, RenameProductForm
from partnerpanel.panel.catalogue_words import change_rows
from partnerpanel.panel.templatetags.formats import number
from partnerpanel.panel.views.catalogue_popup import CataloguePopup
from partnerpanel.panel.views.money_popup import MoneyPopup
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.catalogue import ProductLine, product_line
from subscriptions.services.archive import AlreadyArchived, NotArchived


class NewProductPopup(CataloguePopup):
    """A product, to which plans are added then."""

    def build(self, data: Any = None) -> Form:
        return ProductForm(data)

    def quote(self, form: Form | None) -> dict[str, Any]:
        return {"summary": _("A product is what you sell; its plans, added next, say at which price and how often.")}

    def save(self, form: Form) -> str:
        name = form.cleaned_data["name"]
        catalogue.create_product(name=name, actor=self.visit.actor, now=self.visit.now)
        return _("%(name)s is created.") % {"name": name}

    def words(self) -> dict[str, Any]:
        return {"title": _("New product"), "submit": _("Create product")}

    def back_url(self) -> str:
        return reverse("products", args=[self.visit.partner.slug])


class _OnProduct(MoneyPopup):
    """For one product, which `prepare` finds."""

    product: ProductLine

    def prepare(self, address: Mapping[str, str]) -> None:
        with tenant(self.visit.partner.pk):
            self.product = product_line(self.visit.partner.pk, parse("prod", address["product"]))

    def back_url(self) -> str:
        return reverse("product", args=[self.visit.partner.slug, public("prod", self.product.id)])


class RenameProductPopup(_OnProduct, CataloguePopup):
    """Another name for a product, everywhere at once."""

    def build(self, data: Any = None) -> Form:
        return RenameProductForm(data, initial={"name": self.product.name, "version": self.product.version})

    def quote(self, form: Form | None) -> dict[str, Any]:
        name = " ".join(form.cleaned_data["name"].split()) if form else self.product.name
        changes = change_rows({"name": [self.product.name, name]}) if name != self.product.name else []
        return {"summary": _("Your team and customers read the new name from now on."), "changes": changes}

    def save(self, form: Form) -> str:
        data = form.cleaned_data
        catalogue.rename_product(
            self.product.id, name=data["name"], version=data["version"], actor=self.visit.actor, now=self.visit.now
        )
        return _("%(name)s is saved.") % {"name": data["name"]}

    def since(self, version: int) -> list[dict[str, str]]:
        self.product = self._again()
        return change_rows(catalogue.changed_since("product", self.product.id, version, actor=self.visit.actor))

    def version(self) -> int:
        return self.product.version

    def words(self) -> dict[str, Any]:
        return {"title": _("Edit %(name)s") % {"name": self.product.name}, "submit": _("Save")}

    def _again(self) -> ProductLine:
        with tenant(self.visit.partner.pk):
            return product_line(self.visit.partner.pk, self.product.id)


class _ShelveProduct(_OnProduct):
    """Archive or restore: nothing to fill in."""

    permission = Permission.EDIT_CATALOGUE
    section = "catalogue"

    def form(self, data: Any = None) -> Form:
        return Form(data)

    def carry_out(self, form: Form) -> str:
        return self.shelve(self.product.id)

    @abstractmethod
    def shelve(self, product_id: UUID) -> str:
        """Does it; the sentence of the toast."""


class ArchiveProductPopup(_ShelveProduct):
    """None of its plans is sold any more; those who hold one keep it."""

    def preview(self) -> dict[str, Any]:
        if self.product.is_archived:
            raise AlreadyArchived("It is archived already.")
        summary = _("None of its plans can be bought or changed to any more.")
        return {"summary": f"{summary} {keep_text(self.product.holders)}", "no_mail": _("Nobody is mailed.")}

    def shelve(self, product_id: UUID) -> str:
        catalogue.archive_product(product_id, actor=self.visit.actor, now=self.visit.now)
        return _("%(name)s is archived.") % {"name": self.product.name}

    def words(self) -> dict[str, Any]:
        return {
            "title": _("Archive %(name)s") % {"name": self.product.name},
            "submit": _("Yes, Archive"),
            "danger": True,
            "note": _("It can be put on sale again at any time."),
        }


class RestoreProductPopup(_ShelveProduct):
    """Its plans are sold again, but for those that are archived themselves."""

    def preview(self) -> dict[str, Any]:
        if not self.product.is_archived:
            raise NotArchived("It is on sale already.")
        summary = _("Its plans can be bought again, but for those that are archived themselves.")
        return {"summary": summary, "no_mail": _("Nobody is mailed.")}

    def shelve(self, product_id: UUID) -> str:
        catalogue.restore_product(product_id, actor=self.visit.actor, now=self.visit.now)
        return _("%(name)s is on sale again.") % {"name": self.product.name}

    def words(self) -> dict[str, Any]:
        return {"title": _("Sell %(name)s again") % {"name": self.product.name}, "submit": _("Yes, Sell again")}


def keep_text(holders: int) -> str:
    """What archiving means for those who hold a plan."""
    if not holders:
        return _("Nobody holds it now.")
    text = ngettext(
        "%(n)s subscription keeps its plan: it renews as before, at the price that is paid now.",
        "%(n)s subscriptions keep their plan: they renew as before, at the price that is paid now.",
        holders,
    )
    return text % {"n": number(holders)}
