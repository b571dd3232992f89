"""Series of mails that the partner makes: the list, and its popups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications.own_series.queries import SeriesLine, all_series, series_line
from partnerpanel.actions import own_series
from partnerpanel.actions.permission import Permission
from partnerpanel.kernel.ids import parse, public
from partnerpanel.panel.page import PanelView, Visit
from partnerpanel.panel.series_forms import SeriesForm, initial_of
from partnerpanel.panel.series_words import BEGUN_BY
from partnerpanel.panel.views.message import template_choices
from partnerpanel.panel.views.settings_popup import SettingsPopup
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.summaries import plan_choices

PREFIX = "ser"


class SeriesList(PanelView):
    """The newest first, with what became of their mails."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        partner = self.visit.partner
        rows = []
        for line in all_series(partner.pk):
            at = [partner.slug, public(PREFIX, line.id)]
            name = "series-off" if line.is_on else "series-on"
            rows.append((line, _summary(line), reverse("series-edit", args=at), reverse(name, args=at)))
        return self.page("panel/series/list.html", {"section": "campaigns", "rows": rows})


def _summary(line: SeriesLine) -> str:
    """“A trial begins: 3 mails, after 1, 3 and 7 days”."""
    days = ", ".join(str(one.days) for one in line.draft.mails)
    mails = ngettext("%(n)s mail", "%(n)s mails", len(line.draft.mails)) % {"n": len(line.draft.mails)}
    words = {"begins": BEGUN_BY.get(line.draft.begun_by, line.draft.begun_by), "mails": mails, "days": days}
    return _("%(begins)s: %(mails)s, on day %(days)s") % words


class _OnSeries(SettingsPopup):
    permission = Permission.CAMPAIGN
    section = "campaigns"

    def back_url(self) -> str:
        return reverse("series", args=[self.visit.partner.slug])


class NewSeriesPopup(_OnSeries):
    """A series, which is off at first."""

    def form(self, data: Any = None) -> Form:
        return _form(self.visit, data, None)

    def preview(self) -> dict[str, Any]:
        return self.told(*_what_it_does())

    def carry_out(self, form: Form) -> str:
        own_series.create_series(cast(SeriesForm, form).draft, actor=self.visit.actor, now=self.visit.now)
        return _("The series is saved. Switch it on when it is ready.")

    def words(self) -> dict[str, Any]:
        return {"title": _("New series"), "submit": _("Save series")}


class _OfOne(_OnSeries):
    id: UUID
    line: SeriesLine

    def prepare(self, address: Mapping[str, str]) -> None:
        self.id = parse(PREFIX, address["series"])
        with tenant(self.visit.partner.pk):
            self.line = series_line(self.visit.partner.pk, self.id)


class EditSeriesPopup(_OfOne):
    """Another content."""

    def form(self, data: Any = None) -> Form:
        return _form(self.visit, data, self.line)

    def preview(self) -> dict[str, Any]:
        return self.told(*_what_it_does())

    def carry_out(self, form: Form) -> str:
        own_series.change_series(
            self.id,
            cast(SeriesForm, form).draft,
            version=form.cleaned_data["version"],
            actor=self.visit.actor,
            now=self.visit.now,
        )
        return _("The series is saved.")

    def words(self) -> dict[str, Any]:
        return {"title": _("Series: %(title)s") % {"title": self.line.draft.title}, "submit": _("Save series")}


class SwitchOnPopup(_OfOne):
    """From now on it begins."""

    def preview(self) -> dict[str, Any]:
        return self.told(_("It begins for whom it happens from now on, not for what happened before."))

    def carry_out(self, form: Form) -> str:
        own_series.switch_series(self.id, on=True, actor=self.visit.actor, now=self.visit.now)
        return _("The series is on.")

    def words(self) -> dict[str, Any]:
        return {"title": _("Switch on: %(title)s") % {"title": self.line.draft.title}, "submit": _("Yes, Switch on")}


class SwitchOffPopup(_OfOne):
    """Nobody begins it any more."""

    def preview(self) -> dict[str, Any]:
        return self.told(_("Nobody begins it any more. Mails whose day comes while it is off are not sent."))

    def carry_out(self, form: Form) -> str:
        own_series.switch_series(self.id, on=False, actor=self.visit.actor, now=self.visit.now)
        return _("The series is off.")

    def words(self) -> dict[str, Any]:
        return {"title": _("Switch off: %(title)s") % {"title": self.line.draft.title}, "submit": _("Yes, Switch off")}


def _form(visit: Visit, data: Any, line: SeriesLine | None) -> SeriesForm:
    partner_id = visit.partner.pk
    with tenant(partner_id):
        plans = [(public("plan", id_), name) for id_, name in plan_choices(partner_id)]
    initial = initial_of(line.draft, line.version) if line else None
    return SeriesForm(data, initial=initial, templates=template_choices(partner_id), plans=plans)


def _what_it_does() -> tuple[str, str]:
    return (
        _("Who begins it from now on gets the mails on these days, at ten in their morning; on day 0 at once."),
        _("A template of marketing is left out where a customer does not want it, and waits in quiet hours."),
    )
