"""Popups about taxes: the partner's registration, its rates, and a customer's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.tax.queries import RateLine, own_taxes, rate_line
from billing.tax.wording import tax_name
from customers.queries.held import profile_of
from customers.rules.profile import Profile
from partnerpanel.actions import taxes
from partnerpanel.actions.permission import Permission
from partnerpanel.kernel.clock import local_date
from partnerpanel.kernel.ids import parse, public
from partnerpanel.panel.tax_forms import CustomerTaxesForm, NewRateForm, NewVersionForm, OwnTaxesForm
from partnerpanel.panel.views.money_popup import MoneyPopup
from partnerpanel.tenancy.scope import tenant


class _OnTaxes(MoneyPopup):
    permission = Permission.MANAGE_SETTINGS
    section = "settings"

    def form(self, data: Any = None) -> Form:
        return Form(data)

    def preview(self) -> dict[str, Any]:
        return {"summary": self.says(), "no_mail": _("Nobody is mailed.")}

    def says(self) -> str:
        """What it changes, and what not."""
        return _("Invoices from now on follow it; those that are issued stay as they are.")

    def back_url(self) -> str:
        return reverse("settings-tax", args=[self.visit.partner.slug])


class OwnTaxesPopup(_OnTaxes):
    """Where the partner is registered."""

    def form(self, data: Any = None) -> Form:
        if data is not None:
            return OwnTaxesForm(data)
        with tenant(self.visit.partner.pk):
            line = own_taxes(self.visit.partner.pk)
        if line is None:
            return OwnTaxesForm(initial={"country": self.visit.partner.country, "version": 0})
        own = line.own
        elsewhere = "\n".join(f"{one.country} {one.tax_id}".strip() for one in own.registrations)
        initial = {
            "is_registered": own.is_registered,
            "country": own.country,
            "region": own.region,
            "tax_id": own.tax_id,
            "registrations": elsewhere,
            "version": line.version,
        }
        return OwnTaxesForm(initial=initial)

    def carry_out(self, form: Form) -> str:
        own = cast(OwnTaxesForm, form).own
        taxes.set_own_taxes(own, version=form.cleaned_data["version"], actor=self.visit.actor, now=self.visit.now)
        return _("Your registration is saved.")

    def words(self) -> dict[str, Any]:
        return {"title": _("Your tax registration"), "submit": _("Save registration")}


class NewRatePopup(_OnTaxes):
    """Another rate."""

    def form(self, data: Any = None) -> Form:
        today = local_date(self.visit.now, self.visit.zone)
        return NewRateForm(data, initial={"country": self.visit.partner.country, "valid_from": today.isoformat()})

    def carry_out(self, form: Form) -> str:
        taxes.add_rate(cast(NewRateForm, form).rate, actor=self.visit.actor, now=self.visit.now)
        return _("%(name)s is added.") % {"name": form.cleaned_data["name"]}

    def words(self) -> dict[str, Any]:
        return {"title": _("New tax rate"), "submit": _("Add rate")}


class _OnRate(_OnTaxes):
    """For one rate, which `prepare` finds."""

    line: RateLine

    def prepare(self, address: Mapping[str, str]) -> None:
        with tenant(self.visit.partner.pk):
            self.line = rate_line(self.visit.partner.pk, parse("txr", address["rate"]))

    @property
    def name(self) -> str:
        return tax_name(self.line.rate.tax)


class NewVersionPopup(_OnRate):
    """Another percentage from a day on."""

    def form(self, data: Any = None) -> Form:
        return NewVersionForm(data)

    def says(self) -> str:
        return _("%(name)s ends before that day, and the new percentage begins. Credits keep what they take back.") % {
            "name": self.name
        }

    def carry_out(self, form: Form) -> str:
        data = form.cleaned_data
        taxes.new_version(
            self.line.id,
            percent=data["percent"],
            valid_from=data["valid_from"],
            actor=self.visit.actor,
            now=self.visit.now,
        )
        return _("The new percentage is saved.")

    def words(self) -> dict[str, Any]:
        return {"title": _("New percentage: %(name)s") % {"name": self.name}, "submit": _("Save percentage")}


class ArchiveRatePopup(_OnRate):
    """Nothing is taxed by it any more."""

    def says(self) -> str:
        return _("Nothing is taxed by %(name)s from now on. Invoices that are issued stay as they are.") % {
            "name": self.name
        }

    def carry_out(self, form: Form) -> str:
        taxes.archive_rate(self.line.id, actor=self.visit.actor, now=self.visit.now)
        return _("%(name)s is archived.") % {"name": self.name}

    def words(self) -> dict[str, Any]:
        return {"title": _("Archive %(name)s") % {"name": self.name}, "submit": _("Yes, Archive"), "danger": True}


class RestoreRatePopup(_OnRate):
    """It counts again."""

    def carry_out(self, form: Form) -> str:
        taxes.restore_rate(self.line.id, actor=self.visit.actor, now=self.visit.now)
        return _("%(name)s counts again.") % {"name": self.name}

    def words(self) -> dict[str, Any]:
        return {"title": _("Restore %(name)s") % {"name": self.name}, "submit": _("Yes, Restore")}


class CustomerTaxesPopup(_OnTaxes):
    """Where a customer buys, and as what."""

    permission = Permission.EDIT_TAXES
    section = "customers"
    customer_id: UUID
    profile: Profile

    def prepare(self, address: Mapping[str, str]) -> None:
        self.customer_id = parse("cus", address["customer"])
        with tenant(self.visit.partner.pk):
            self.profile = profile_of(self.visit.partner.pk, self.customer_id)

    def form(self, data: Any = None) -> Form:
        one = self.profile
        initial = {
            "country": one.country,
            "region": one.region,
            "tax_id": one.tax_id,
            "tax_exempt_for": one.tax_exempt_for,
        }
        return CustomerTaxesForm(data, initial=initial)

    def carry_out(self, form: Form) -> str:
        wanted = taxes.CustomerTaxes(**form.cleaned_data)
        taxes.set_customer_taxes(self.customer_id, wanted, actor=self.visit.actor, now=self.visit.now)
        return _("Saved.")

    def back_url(self) -> str:
        return reverse("customer", args=[self.visit.partner.slug, public("cus", self.customer_id)])

    def words(self) -> dict[str, Any]:
        return {"title": _("Tax: %(name)s") % {"name": self.profile.name}, "submit": _("Save")}
