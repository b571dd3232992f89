"""The settings page about the portal's own host names, and its popups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerpanel.actions import hosts
from partnerpanel.actions.permission import Permission
from partnerpanel.kernel.ids import parse, public
from partnerpanel.panel.page import PanelView
from partnerpanel.panel.settings_tabs import settings_tabs
from partnerpanel.panel.views.money_popup import MoneyPopup
from partnerpanel.tenancy.hosts import origin_of

if TYPE_CHECKING:
    from partnerpanel.tenancy.models import Host

HOST = "host"


class HostForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Host name"),
        max_length=253,
        help_text=gettext_lazy("Such as account.example.com, below a domain of yours."),
        error_messages={"required": gettext_lazy("Write a host name such as account.example.com.")},
    )


class Domain(PanelView):
    """Where the portal answers, and what proves each name."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        partner = self.visit.partner
        rows = [
            {"host": one, "id": public(HOST, one.pk), "record": hosts.challenge(one.name), "url": origin_of(one.name)}
            for one in hosts.hosts_of(partner.pk)
        ]
        context = {
            "section": "settings",
            "tabs": settings_tabs(partner.slug, "settings-domain"),
            "rows": rows,
            "target": request.get_host().partition(":")[0],
            "ours": request.build_absolute_uri(reverse("portal-home", args=[partner.slug])),
        }
        return self.page("panel/domain.html", context)


class _Popup(MoneyPopup):
    permission = Permission.MANAGE_SETTINGS
    section = "settings"

    def back_url(self) -> str:
        return reverse("settings-domain", args=[self.visit.partner.slug])

    def told(self, summary: str) -> dict[str, Any]:
        return {"summary": summary, "no_mail": _("Nobody is mailed.")}


class AddHostPopup(_Popup):
    """A name that is to be proved."""

    def form(self, data: Any = None) -> Form:
        return HostForm(data)

    def preview(self) -> dict[str, Any]:
        return self.told(_("You are shown the DNS records that prove it. Until then nothing answers there."))

    def carry_out(self, form: Form) -> str:
        hosts.add(form.cleaned_data["name"], actor=self.visit.actor, now=self.visit.now)
        return _("Now set the DNS records that the page shows.")

    def words(self) -> dict[str, Any]:
        return {"title": _("Add a host name"), "submit": _("Add host name")}


class _OnHost(_Popup):
    host: Host

    def prepare(self, address: Mapping[str, str]) -> None:
        self.host = hosts.host_named(self.visit.partner.pk, parse(HOST, address["host"]))

    def form(self, data: Any = None) -> Form:
        return Form(data)


class CheckHostPopup(_OnHost):
    """Looks for its proof now."""

    def preview(self) -> dict[str, Any]:
        return self.told(_("We look for the TXT record now. Once it is found, your portal answers there."))

    def carry_out(self, form: Form) -> str:
        hosts.check(self.host.pk, actor=self.visit.actor, now=self.visit.now)
        return _("%(host)s is proved: your portal answers there.") % {"host": self.host.name}

    def words(self) -> dict[str, Any]:
        return {"title": _("Check the proof"), "subtitle": self.host.name, "submit": _("Check now")}


class PrimaryHostPopup(_OnHost):
    """Links in mails lead there."""

    def preview(self) -> dict[str, Any]:
        return self.told(_("From the next mail on links lead to this host. The other names go on working."))

    def carry_out(self, form: Form) -> str:
        hosts.make_primary(self.host.pk, actor=self.visit.actor, now=self.visit.now)
        return _("Links lead to %(host)s.") % {"host": self.host.name}

    def words(self) -> dict[str, Any]:
        return {"title": _("Lead links there"), "subtitle": self.host.name, "submit": _("Yes, Lead links there")}


class RemoveHostPopup(_OnHost):
    """Nothing answers there any more."""

    def preview(self) -> dict[str, Any]:
        return self.told(
            _("Your portal answers there no more, and links in mails that were sent with this name stop working.")
        )

    def carry_out(self, form: Form) -> str:
        name = hosts.remove(self.host.pk, actor=self.visit.actor, now=self.visit.now)
        return _("%(host)s is removed.") % {"host": name}

    def words(self) -> dict[str, Any]:
        words = {"title": _("Remove the host name"), "subtitle": self.host.name, "submit": _("Yes, Remove")}
        return words | {"danger": True}
