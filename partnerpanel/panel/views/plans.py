"""Popups of plans: create, edit, prices, archive, restore."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerpanel.actions import catalogue
from partnerpanel.actions.permission import Permission
from partnerpanel.kernel.errors import DomainError
from partnerpanel.kernel.ids import parse, public
from partnerpanel.panel.catalogue_forms import EditPlanForm, NewPlanForm, PlanForm, PricesForm
from partnerpanel.panel.catalogue_words import change_rows
from partnerpanel.panel.money_input import amount_text
from partnerpanel.panel.refusals import refusal_of
from partnerpanel.panel.templatetags.formats import money_text, number
from partnerpanel.panel.templatetags.intervals import per_interval
from partnerpanel.panel.views.catalogue_popup import CataloguePopup
from partnerpanel.panel.views.money_popup import MoneyPopup
from partnerpanel.panel.views.products import keep_text
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.catalogue import PlanLine, currencies_sold, plan_line, product_choices
from subscriptions.rules.catalogue import PlanChange
from subscriptions.services.archive import AlreadyArchived, NotArchived


class NewPlanPopup(CataloguePopup):
    """Another way to buy a product; `product` in the address fills that in."""

    choices: list[tuple[str, str]]
    currencies: list[str]

    def prepare(self, address: Mapping[str, str]) -> None:
        partner = self.visit.partner
        with tenant(partner.pk):
            self.choices = [(public("prod", id_), name) for id_, name in product_choices(partner.pk)]
            self.currencies = sorted({partner.currency, *currencies_sold(partner.pk)})

    def build(self, data: Any = None) -> Form:
        wanted = self.request.GET.get("product", "")
        initial = {"product": wanted, "prices": [(self.visit.partner.currency, "")], "version": 1}
        return NewPlanForm(data, products=self.choices, initial=initial)

    def quote(self, form: Form | None) -> dict[str, Any]:
        if form is None:
            return {"summary": _("The plan can be bought as soon as it is created.")}
        return {"summary": _("It can be bought from now on at: %(prices)s.") % {"prices": self._prices(form)}}

    def save(self, form: Form) -> str:
        data = form.cleaned_data
        catalogue.create_plan(
            product_id=parse("prod", data["product"]),
            name=data["name"],
            interval=cast(PlanForm, form).interval,
            prices=data["prices"],
            rank=data["rank"],
            allowances=data["allowances"],
            actor=self.visit.actor,
            now=self.visit.now,
        )
        return _("%(name)s is created.") % {"name": data["name"]}

    def words(self) -> dict[str, Any]:
        return {"title": _("New plan"), "submit": _("Create plan"), "currencies": self.currencies}

    def back_url(self) -> str:
        return reverse("products", args=[self.visit.partner.slug])

    @staticmethod
    def _prices(form: Form) -> str:
        data = form.cleaned_data
        per = per_interval(data["interval_unit"], data["interval_count"])
        return ", ".join(f"{money_text(price)} {per}" for price in data["prices"])


class _OnPlan(MoneyPopup):
    """For one plan, which `prepare` finds."""

    plan: PlanLine

    def prepare(self, address: Mapping[str, str]) -> None:
        self._find(parse("plan", address["plan"]))

    def back_url(self) -> str:
        return reverse("plan", args=[self.visit.partner.slug, public("plan", self.plan.id)])

    def _find(self, plan_id: UUID) -> None:
        with tenant(self.visit.partner.pk):
            self.plan = plan_line(self.visit.partner.pk, plan_id)


class _EditPlan(_OnPlan, CataloguePopup):
    """A change of the plan, previewed by the rule that writes it."""

    @abstractmethod
    def change(self, form: Form) -> PlanChange:
        """What the form asks for. Raises DomainError naming a field."""

    @abstractmethod
    def reach(self) -> str:
        """Whom it reaches, and whom not."""

    def quote(self, form: Form | None) -> dict[str, Any]:
        shown: dict[str, Any] = {"summary": self.reach()}
        if form is not None:
            try:
                changes = catalogue.preview_change(self.plan.id, self.change(form), actor=self.visit.actor)
                shown["changes"] = change_rows(changes)
            except DomainError as error:
                shown["warnings"] = [refusal_of(error)]
        return shown

    def save(self, form: Form) -> str:
        catalogue.change_plan(
            self.plan.id,
            self.change(form),
            version=form.cleaned_data["version"],
            actor=self.visit.actor,
            now=self.visit.now,
        )
        self._find(self.plan.id)
        return _("%(name)s is saved.") % {"name": self.plan.name}

    def since(self, version: int) -> list[dict[str, str]]:
        self._find(self.plan.id)
        return change_rows(catalogue.changed_since("plan", self.plan.id, version, actor=self.visit.actor))

    def version(self) -> int:
        return self.plan.version


class EditPlanPopup(_EditPlan):
    """Name, interval, rank and allowances."""

    def build(self, data: Any = None) -> Form:
        plan = self.plan
        initial = {
            "name": plan.name,
            "interval_count": plan.interval_count,
            "interval_unit": plan.interval_unit,
            "rank": plan.rank,
            "allowances": [(name, str(value)) for name, value in plan.allowances.items()],
            "version": plan.version,
        }
        return EditPlanForm(data, initial=initial)

    def change(self, form: Form) -> PlanChange:
        data = form.cleaned_data
        return PlanChange(
            name=data["name"],
            interval=cast(PlanForm, form).interval,
            rank=data["rank"],
            allowances=data["allowances"],
        )

    def reach(self) -> str:
        held = self.plan.held.subscriptions
        if not held:
            return _("Nobody holds this plan, so nobody notices.")
        text = ngettext(
            "%(n)s subscription holds this plan and gets what changes at once. Its price stays.",
            "%(n)s subscriptions hold this plan and get what changes at once. Their prices stay.",
            held,
        )
        return text % {"n": number(held)}

    def words(self) -> dict[str, Any]:
        return {"title": _("Edit %(name)s") % {"name": self.plan.name}, "submit": _("Save")}


class PlanPricesPopup(_EditPlan):
    """What the plan costs whoever buys it from now on."""

    def build(self, data: Any = None) -> Form:
        rows = [(price.currency, amount_text(price)) for price in self.plan.prices]
        return PricesForm(data, initial={"prices": rows, "version": self.plan.version})

    def change(self, form: Form) -> PlanChange:
        return PlanChange(prices=form.cleaned_data["prices"])

    def reach(self) -> str:
        new = _("These prices hold for everybody who buys the plan from now on.")
        held = self.plan.held.subscriptions
        if not held:
            return new
        text = ngettext(
            "%(n)s subscription keeps the price that is paid now.",
            "%(n)s subscriptions keep the price that is paid now.",
            held,
        )
        return f"{new} {text % {'n': number(held)}}"

    def words(self) -> dict[str, Any]:
        return {
            "title": _("Prices of %(name)s") % {"name": self.plan.name},
            "subtitle": per_interval(self.plan.interval_unit, self.plan.interval_count),
            "submit": _("Save prices"),
            "currencies": sorted({self.visit.partner.currency, *(price.currency for price in self.plan.prices)}),
        }


class _ShelvePlan(_OnPlan):
    """Archive or restore: nothing to fill in."""

    permission = Permission.EDIT_CATALOGUE
    section = "catalogue"

    def form(self, data: Any = None) -> Form:
        return Form(data)


class ArchivePlanPopup(_ShelvePlan):
    """Nobody can buy it any more; those who hold it keep it."""

    def preview(self) -> dict[str, Any]:
        if self.plan.is_archived:
            raise AlreadyArchived("It is archived already.")
        summary = _("Nobody can buy this plan or change to it any more.")
        held = keep_text(self.plan.held.subscriptions)
        return {"summary": f"{summary} {held}", "no_mail": _("Nobody is mailed.")}

    def carry_out(self, form: Form) -> str:
        catalogue.archive_plan(self.plan.id, actor=self.visit.actor, now=self.visit.now)
        return _("%(name)s is archived.") % {"name": self.plan.name}

    def words(self) -> dict[str, Any]:
        return {
            "title": _("Archive %(name)s") % {"name": self.plan.name},
            "submit": _("Yes, Archive"),
            "danger": True,
            "note": _("It can be put on sale again at any time."),
        }


class RestorePlanPopup(_ShelvePlan):
    """It can be bought again."""

    def preview(self) -> dict[str, Any]:
        if not self.plan.is_archived:
            raise NotArchived("It is on sale already.")
        prices = ", ".join(money_text(price) for price in self.plan.prices)
        summary = _("It can be bought again from now on at: %(prices)s.") % {"prices": prices}
        return {"summary": summary, "no_mail": _("Nobody is mailed.")}

    def carry_out(self, form: Form) -> str:
        catalogue.restore_plan(self.plan.id, actor=self.visit.actor, now=self.visit.now)
        return _("%(name)s is on sale again.") % {"name": self.plan.name}

    def words(self) -> dict[str, Any]:
        return {"title": _("Sell %(name)s again") % {"name": self.plan.name}, "submit": _("Yes, Sell again")}
