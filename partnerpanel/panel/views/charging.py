"""Popups of the switch that stops all charging."""

from __future__ import annotations

from typing import Any

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _

from partnerpanel.actions import charging
from partnerpanel.actions.permission import Permission
from partnerpanel.panel.forms import StopChargingForm
from partnerpanel.panel.views.money_popup import MoneyPopup


class _OnSwitch(MoneyPopup):
    permission = Permission.STOP_CHARGING
    section = "home"

    def back_url(self) -> str:
        return reverse("home", args=[self.visit.partner.slug])


class StopChargingPopup(_OnSwitch):
    """Nobody is charged from now on, until somebody lets it go on."""

    def form(self, data: Any = None) -> Form:
        return StopChargingForm(data)

    def preview(self) -> dict[str, Any]:
        return {
            "summary": _(
                "From now on no card of your customers is charged. Nobody is suspended for that: retries and grace "
                "wait too. A charge that is under way may still end."
            ),
            "warnings": [],
            "no_mail": _("Nobody is mailed."),
        }

    def carry_out(self, form: Form) -> str:
        charging.stop_charging(reason=form.cleaned_data["reason"], actor=self.visit.actor, now=self.visit.now)
        return _("Charging is stopped.")

    def words(self) -> dict[str, Any]:
        return {"title": _("Stop charging"), "submit": _("Yes, Stop charging"), "danger": True}


class ResumeChargingPopup(_OnSwitch):
    """Charging goes on, and what fell due meanwhile is caught up."""

    def form(self, data: Any = None) -> Form:
        return Form(data)

    def preview(self) -> dict[str, Any]:
        return {
            "summary": _(
                "Charging goes on, and renewals that fell due meanwhile are charged now. The days on which we could "
                "not ask count against nobody."
            ),
            "warnings": [],
            "no_mail": _("Nobody is mailed by this; the outcome of a charge is."),
        }

    def carry_out(self, form: Form) -> str:
        charging.resume_charging(actor=self.visit.actor, now=self.visit.now)
        return _("Charging goes on.")

    def words(self) -> dict[str, Any]:
        return {"title": _("Let charging go on"), "submit": _("Yes, Go on charging")}
