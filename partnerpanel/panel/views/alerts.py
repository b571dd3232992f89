"""Settings › Your alerts: what somebody is mailed about, chosen by each for themselves."""

from __future__ import annotations

from typing import Any, cast

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from partnerpanel.actions import alerts
from partnerpanel.actions.permission import Permission
from partnerpanel.alerts.rules import How, Topic
from partnerpanel.alerts.services import chosen
from partnerpanel.panel.alert_forms import AlertsForm
from partnerpanel.panel.alert_words import HOWS, TOPICS
from partnerpanel.panel.page import PanelView, Visit
from partnerpanel.panel.settings_tabs import settings_tabs
from partnerpanel.panel.views.settings_popup import SettingsPopup
from partnerpanel.tenancy.queries import Colleague
from partnerpanel.tenancy.scope import tenant


class AlertSettings(PanelView):
    """What whoever is signed in is mailed about."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        partner, user = self.visit.partner, cast(Any, request.user)
        found = _chosen(self.visit, user)
        context = {
            "section": "settings",
            "tabs": settings_tabs(partner.slug, "settings-alerts"),
            "rows": [(TOPICS[topic], HOWS[how], how is not How.NOT) for topic, how in found.items()],
            "address": user.email,
            "is_test_mode": partner.is_test,
        }
        return self.page("panel/alerts/settings.html", context)


class AlertsPopup(SettingsPopup):
    """Another choice."""

    permission = Permission.VIEW

    def form(self, data: Any = None) -> Form:
        if data is not None:
            return AlertsForm(data)
        with tenant(self.visit.partner.pk):
            found = _chosen(self.visit, self.request.user)
        return AlertsForm(initial={topic.value: how.value for topic, how in found.items()})

    def preview(self) -> dict[str, Any]:
        summary = _(
            "There is a mail in the morning where there is something to do. What is told at once waits two minutes."
        )
        return self.told(summary)

    def carry_out(self, form: Form) -> str:
        wanted = cast(AlertsForm, form).wanted
        alerts.choose(self.visit.partner, wanted, actor=self.visit.actor, now=self.visit.now)
        return _("Your alerts are saved.")

    def words(self) -> dict[str, Any]:
        return {"title": _("What you are mailed about"), "submit": _("Save alerts")}

    def back_url(self) -> str:
        return reverse("settings-alerts", args=[self.visit.partner.slug])


def _chosen(visit: Visit, user: Any) -> dict[Topic, How]:
    person = Colleague(user.pk, str(user), user.email, str(visit.actor.role or ""))
    return chosen(visit.partner.pk, person)
