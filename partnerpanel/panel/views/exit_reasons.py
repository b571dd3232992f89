"""Popups of the reasons why customers leave: another one, and one reworded or not asked any more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _

from partnerpanel.actions import offer_rules
from partnerpanel.kernel.errors import NotFound
from partnerpanel.offers.queries.survey import exit_reasons
from partnerpanel.offers.rules.survey import Reason
from partnerpanel.panel.exit_words import reason_text
from partnerpanel.panel.offer_forms import ReasonForm, initial_of_reason
from partnerpanel.panel.views.settings_popup import SettingsPopup
from partnerpanel.tenancy.scope import tenant


class NewReasonPopup(SettingsPopup):
    """Another reason, asked from now on."""

    code = ""

    def form(self, data: Any = None) -> Form:
        return ReasonForm(data)

    def preview(self) -> dict[str, Any]:
        return self.told(_("Customers choose from it when they cancel, and your team when it cancels for them."))

    def carry_out(self, form: Form) -> str:
        if not isinstance(form, ReasonForm):
            raise TypeError("this popup has one form")
        is_on = form.cleaned_data["is_on"]
        offer_rules.save_reason(self.code, form.labels, is_on=is_on, actor=self.visit.actor, now=self.visit.now)
        return _("The reason is saved.")

    def words(self) -> dict[str, Any]:
        return {"title": _("New reason"), "submit": _("Create reason")}

    def back_url(self) -> str:
        return reverse("settings-offers", args=[self.visit.partner.slug])


class EditReasonPopup(NewReasonPopup):
    """In other words, or not asked; answers that were given keep their reason."""

    reason: Reason

    def prepare(self, address: Mapping[str, str]) -> None:
        with tenant(self.visit.partner.pk):
            reasons = exit_reasons(self.visit.partner.pk)
        found = next((one for one in reasons if one.code == address["reason"]), None)
        if found is None:
            raise NotFound("There is no such reason.", field="reason")
        self.reason, self.code = found, found.code

    def form(self, data: Any = None) -> Form:
        return ReasonForm(data, initial=initial_of_reason(self.reason))

    def preview(self) -> dict[str, Any]:
        if self.reason.is_own:
            return super().preview()
        return self.told(_("Where you write nothing, it is called as it comes with the product, in each language."))

    def words(self) -> dict[str, Any]:
        return {"title": _("Edit “%(name)s”") % {"name": reason_text(self.reason)}, "submit": _("Save")}
