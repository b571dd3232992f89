"""The list of addresses that get no marketing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from notifications.marketing.queries import suppression, suppression_page, suppressions
from notifications.marketing.rules.reasons import Suppressed
from partnerpanel.actions import marketing
from partnerpanel.actions.permission import Permission
from partnerpanel.kernel.ids import parse
from partnerpanel.panel import export
from partnerpanel.panel.asked import OneTab, asked
from partnerpanel.panel.marketing_forms import LiftForm, SuppressForm
from partnerpanel.panel.marketing_words import SUPPRESSED
from partnerpanel.panel.page import PanelView
from partnerpanel.panel.views.settings_popup import SettingsPopup
from partnerpanel.tenancy.scope import tenant

PREFIX = "sup"


class Suppressions(PanelView):
    """The newest first, searched by how an address begins."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        wanted, partner = asked(request, OneTab, longest=254), self.visit.partner
        page = wanted.page(lambda cursor: suppression_page(partner.pk, search=wanted.search, cursor=cursor))
        context = wanted.context(page) | {
            "section": "settings",
            "crumbs": [{"text": _("Messages"), "url": reverse("settings-messages", args=[partner.slug])}],
            "rows": [(one, SUPPRESSED[Suppressed(one.reason)]) for one in page.rows],
            "headings": [
                {"text": _("E-mail")},
                {"text": _("Reason")},
                {"text": _("Note")},
                {"text": _("Since")},
                {"hidden_text": _("Actions")},
            ],
        }
        return self.page("panel/suppressions/list.html", context)


class ExportSuppressions(PanelView):
    """All that the search finds, as CSV."""

    permission = Permission.EXPORT
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        header = [_("E-mail"), _("Reason"), _("Note"), _("Since")]
        text = export.csv_text(header, self._lines(asked(request, OneTab, longest=254).search))
        headers = {"Content-Disposition": 'attachment; filename="suppressed.csv"'}
        return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)

    def _lines(self, search: str) -> Iterator[tuple[object, ...]]:
        for row in suppressions(self.visit.partner.pk, search=search).order_by("-since", "-id"):
            yield row.address, row.reason, row.note, row.since.isoformat()


class _Popup(SettingsPopup):
    permission = Permission.CAMPAIGN

    def back_url(self) -> str:
        return reverse("suppressions", args=[self.visit.partner.slug])


class SuppressPopup(_Popup):
    """Another address, by hand."""

    def form(self, data: Any = None) -> Form:
        return SuppressForm(data)

    def preview(self) -> dict[str, Any]:
        return self.told(_("This address gets no offers, tips or questions any more. What it must get is still sent."))

    def carry_out(self, form: Form) -> str:
        data = form.cleaned_data
        added = marketing.suppress_address(
            data["address"], note=data["note"], actor=self.visit.actor, now=self.visit.now
        )
        return _("The address is on the list.") if added else _("The address was on the list already.")

    def words(self) -> dict[str, Any]:
        return {"title": _("Add an address"), "submit": _("Add address")}


class LiftSuppressionPopup(_Popup):
    """Off the list, with a reason."""

    id: UUID
    address: str

    def prepare(self, address: Mapping[str, str]) -> None:
        self.id = parse(PREFIX, address["suppression"])
        with tenant(self.visit.partner.pk):
            self.address = suppression(self.visit.partner.pk, self.id).address

    def form(self, data: Any = None) -> Form:
        return LiftForm(data)

    def preview(self) -> dict[str, Any]:
        return self.told(
            _("The address may get marketing again, as far as its customer wants it."),
            _("Do this only when you know that the reason is gone: mails that come back harm all that you send."),
        )

    def carry_out(self, form: Form) -> str:
        marketing.remove_suppression(
            self.id, note=form.cleaned_data["note"], actor=self.visit.actor, now=self.visit.now
        )
        return _("The address is off the list.")

    def words(self) -> dict[str, Any]:
        title = _("Take an address off the list")
        return {"title": title, "subtitle": self.address, "submit": _("Yes, Take off"), "danger": True}
