"""Popups of add-ons in the catalogue: create, edit, archive, restore."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerpanel.actions import addon_catalogue, catalogue
from partnerpanel.actions.addon_catalogue import AddonTerms
from partnerpanel.actions.permission import Permission
from partnerpanel.kernel.errors import DomainError
from partnerpanel.kernel.ids import parse, public
from partnerpanel.panel.addon_forms import EditAddonForm, NewAddonForm
from partnerpanel.panel.catalogue_words import change_rows
from partnerpanel.panel.money_input import amount_text
from partnerpanel.panel.refusals import refusal_of
from partnerpanel.panel.templatetags.formats import money_text, number
from partnerpanel.panel.views.catalogue_popup import CataloguePopup
from partnerpanel.panel.views.money_popup import MoneyPopup
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.addon_catalogue import AddonLine, addon_line
from subscriptions.queries.catalogue import ProductLine, currencies_sold, product_line
from subscriptions.rules.addons import AddonKind
from subscriptions.services.archive import AlreadyArchived, NotArchived


class _OfProduct(CataloguePopup):
    """With the product's plans to choose from."""

    product: ProductLine

    def plans(self) -> list[tuple[str, str]]:
        return [(public("plan", plan.id), plan.name) for plan in self.product.plans]

    def terms(self, form: Form) -> AddonTerms:
        data = form.cleaned_data
        return AddonTerms(
            name=data["name"],
            prices=data["prices"],
            rank=data["rank"],
            allowances=data["allowances"],
            plan_ids=[parse("plan", one) for one in data["plans"]],
        )

    def back_url(self) -> str:
        return reverse("product", args=[self.visit.partner.slug, public("prod", self.product.id)])


class NewAddonPopup(_OfProduct):
    """Something to sell beside the product's plans."""

    currencies: list[str]

    def prepare(self, address: Mapping[str, str]) -> None:
        partner = self.visit.partner
        with tenant(partner.pk):
            self.product = product_line(partner.pk, parse("prod", address["product"]))
            self.currencies = sorted({partner.currency, *currencies_sold(partner.pk)})

    def build(self, data: Any = None) -> Form:
        return NewAddonForm(data, plans=self.plans(), initial={"prices": [(self.visit.partner.currency, "")]})

    def quote(self, form: Form | None) -> dict[str, Any]:
        if form is None:
            return {"summary": _("The add-on can be bought as soon as it is created.")}
        prices = ", ".join(money_text(price) for price in form.cleaned_data["prices"])
        return {"summary": _("It can be bought from now on at: %(prices)s.") % {"prices": prices}}

    def save(self, form: Form) -> str:
        addon_catalogue.create_addon(
            product_id=self.product.id,
            kind=AddonKind(form.cleaned_data["kind"]),
            interval=cast(NewAddonForm, form).interval,
            terms=self.terms(form),
            actor=self.visit.actor,
            now=self.visit.now,
        )
        return _("%(name)s is created.") % {"name": form.cleaned_data["name"]}

    def words(self) -> dict[str, Any]:
        return {
            "title": _("New add-on"),
            "subtitle": self.product.name,
            "submit": _("Create add-on"),
            "currencies": self.currencies,
        }


class _OnAddon(MoneyPopup):
    """For one add-on, which `prepare` finds."""

    permission = Permission.EDIT_CATALOGUE
    section = "catalogue"
    addon: AddonLine
    product: ProductLine

    def prepare(self, address: Mapping[str, str]) -> None:
        with tenant(self.visit.partner.pk):
            self.addon = addon_line(self.visit.partner.pk, parse("addon", address["addon"]))
            self.product = product_line(self.visit.partner.pk, self.addon.product_id)

    def back_url(self) -> str:
        return reverse("product", args=[self.visit.partner.slug, public("prod", self.addon.product_id)])


class EditAddonPopup(_OnAddon, _OfProduct):
    """Name, prices of new sales, allowances and plans; its kind and interval stay."""

    def build(self, data: Any = None) -> Form:
        addon = self.addon
        initial = {
            "name": addon.name,
            "prices": [(price.currency, amount_text(price)) for price in addon.prices],
            "allowances": [(name, str(value)) for name, value in addon.allowances.items()],
            "rank": addon.rank,
            "plans": [public("plan", id_) for id_, _name in addon.plans],
            "version": addon.version,
        }
        return EditAddonForm(data, plans=self.plans(), initial=initial)

    def quote(self, form: Form | None) -> dict[str, Any]:
        shown: dict[str, Any] = {"summary": self._reach()}
        if form is not None:
            try:
                changes = addon_catalogue.preview_addon(self.addon.id, self.terms(form), actor=self.visit.actor)
                shown["changes"] = change_rows(changes)
            except DomainError as error:
                shown["warnings"] = [refusal_of(error)]
        return shown

    def save(self, form: Form) -> str:
        addon_catalogue.change_addon(
            self.addon.id,
            self.terms(form),
            version=form.cleaned_data["version"],
            actor=self.visit.actor,
            now=self.visit.now,
        )
        return _("%(name)s is saved.") % {"name": form.cleaned_data["name"]}

    def since(self, version: int) -> list[dict[str, str]]:
        with tenant(self.visit.partner.pk):
            self.addon = addon_line(self.visit.partner.pk, self.addon.id)
        return change_rows(catalogue.changed_since("addon", self.addon.id, version, actor=self.visit.actor))

    def version(self) -> int:
        return self.addon.version

    def words(self) -> dict[str, Any]:
        return {"title": _("Edit %(name)s") % {"name": self.addon.name}, "submit": _("Save")}

    def _reach(self) -> str:
        held = self.addon.holders
        if not held:
            return _("Nobody holds this add-on, so nobody notices.")
        text = ngettext(
            "%(n)s subscription holds this add-on and gets what changes at once. Its price stays.",
            "%(n)s subscriptions hold this add-on and get what changes at once. Their prices stay.",
            held,
        )
        return text % {"n": number(held)}


class ArchiveAddonPopup(_OnAddon):
    """Nobody can buy it any more; those who hold it keep it."""

    def form(self, data: Any = None) -> Form:
        return Form(data)

    def preview(self) -> dict[str, Any]:
        if self.addon.is_archived:
            raise AlreadyArchived("It is archived already.")
        summary = _("Nobody can buy this add-on any more. Those who hold it keep it at the price that is paid now.")
        return {"summary": summary, "no_mail": _("Nobody is mailed.")}

    def carry_out(self, form: Form) -> str:
        addon_catalogue.archive_addon(self.addon.id, actor=self.visit.actor, now=self.visit.now)
        return _("%(name)s is archived.") % {"name": self.addon.name}

    def words(self) -> dict[str, Any]:
        return {
            "title": _("Archive %(name)s") % {"name": self.addon.name},
            "submit": _("Yes, Archive"),
            "danger": True,
            "note": _("It can be put on sale again at any time."),
        }


class RestoreAddonPopup(_OnAddon):
    """It can be bought again."""

    def form(self, data: Any = None) -> Form:
        return Form(data)

    def preview(self) -> dict[str, Any]:
        if not self.addon.is_archived:
            raise NotArchived("It is on sale already.")
        prices = ", ".join(money_text(price) for price in self.addon.prices)
        summary = _("It can be bought again from now on at: %(prices)s.") % {"prices": prices}
        return {"summary": summary, "no_mail": _("Nobody is mailed.")}

    def carry_out(self, form: Form) -> str:
        addon_catalogue.restore_addon(self.addon.id, actor=self.visit.actor, now=self.visit.now)
        return _("%(name)s is on sale again.") % {"name": self.addon.name}

    def words(self) -> dict[str, Any]:
        return {"title": _("Sell %(name)s again") % {"name": self.addon.name}, "submit": _("Yes, Sell again")}
