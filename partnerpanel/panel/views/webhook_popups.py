"""Popups of webhook endpoints: make, change, rotate, switch off and on, remove, send again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications.webhooks.endpoints import EndpointChange, EndpointDisabled
from notifications.webhooks.queries import endpoint_of
from notifications.webhooks.representations import ENDPOINT
from partnerpanel.actions import webhooks
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import parse
from partnerpanel.panel.gateway_forms import VersionForm
from partnerpanel.panel.views.settings_popup import Revealing, SettingsPopup
from partnerpanel.panel.views.webhooks import endpoint_url
from partnerpanel.panel.webhook_forms import EVERY, SOME, EndpointForm, RotateForm, SpanForm
from partnerpanel.tenancy.scope import tenant


class _Popup(SettingsPopup):
    def back_url(self) -> str:
        return reverse("settings-webhooks", args=[self.visit.partner.slug])


class _Revealing(Revealing, _Popup):
    """Ends with a secret of an endpoint."""

    def about_secret(self) -> str:
        return _(
            "It is shown this once. Your server checks with it that a message is ours; keep it as you keep a password."
        )


class NewEndpointPopup(_Revealing):
    """Another endpoint."""

    def form(self, data: Any = None) -> Form:
        return EndpointForm(data)

    def preview(self) -> dict[str, Any]:
        return self.told(_("From now on your server is told of what happens here. Its secret is shown once, next."))

    def carry_out(self, form: Form) -> str:
        data = form.cleaned_data
        made = webhooks.create_endpoint(
            url=data["url"], description=data["description"], kinds=data["events"], actor=self.visit.actor
        )
        self.secret = made.secret
        return _("The endpoint is added.")

    def words(self) -> dict[str, Any]:
        return {"title": _("Add an endpoint"), "submit": _("Add endpoint")}


class _OnEndpoint(_Popup):
    """For one endpoint, which `prepare` finds."""

    id: UUID
    endpoint: Any

    def prepare(self, address: Mapping[str, str]) -> None:
        self.id = parse(ENDPOINT, address["webhook"])
        with tenant(self.visit.partner.pk):
            self.endpoint = endpoint_of(self.visit.partner.pk, self.id)

    def back_url(self) -> str:
        return endpoint_url(self.visit.partner.slug, self.id)


class EditEndpointPopup(_OnEndpoint):
    """Its address, its description and its events."""

    def form(self, data: Any = None) -> Form:
        if data is not None:
            return EndpointForm(data)
        one = self.endpoint
        hears = SOME if one.kinds else EVERY
        return EndpointForm(
            initial={"url": one.url, "description": one.description, "hears": hears, "events": one.kinds}
        )

    def preview(self) -> dict[str, Any]:
        return self.told(_("What still waits goes to the new address, too. The secret stays."))

    def carry_out(self, form: Form) -> str:
        data = form.cleaned_data
        change = EndpointChange(data["url"], data["description"], data["events"])
        webhooks.change_endpoint(self.id, change, actor=self.visit.actor)
        return _("The endpoint is changed.")

    def words(self) -> dict[str, Any]:
        return {"title": _("Edit the endpoint"), "submit": _("Save")}


class RotatePopup(_Revealing, _OnEndpoint):
    """A new secret."""

    def form(self, data: Any = None) -> Form:
        return RotateForm(data)

    def preview(self) -> dict[str, Any]:
        return self.told(
            _("Messages are signed with the new secret, and with the old one for as long as you say."),
            _("After that, whoever knows the old one alone takes nothing any more."),
        )

    def carry_out(self, form: Form) -> str:
        overlap = timedelta(hours=int(form.cleaned_data["overlap"]))
        self.secret = webhooks.rotate_secret(self.id, overlap=overlap, actor=self.visit.actor)
        return _("There is a new secret.")

    def words(self) -> dict[str, Any]:
        return {"title": _("Make a new secret"), "subtitle": self.endpoint.url, "submit": _("Yes, Make secret")}


class _Switching(_OnEndpoint):
    enabled: ClassVar[bool]

    def switch(self) -> None:
        webhooks.change_endpoint(self.id, EndpointChange(enabled=self.enabled), actor=self.visit.actor)


class SwitchOffPopup(_Switching):
    """Nothing is sent any more."""

    enabled = False

    def preview(self) -> dict[str, Any]:
        return self.told(
            _("Nothing is sent there until it is switched on again."),
            _("What waits is not sent. What is missed comes back by sending a span of time again."),
        )

    def carry_out(self, form: Form) -> str:
        self.switch()
        return _("The endpoint is switched off.")

    def words(self) -> dict[str, Any]:
        title = _("Switch the endpoint off")
        return {"title": title, "subtitle": self.endpoint.url, "submit": _("Yes, Switch off"), "danger": True}


class SwitchOnPopup(_Switching):
    """Events are sent again from now on."""

    enabled = True

    def preview(self) -> dict[str, Any]:
        return self.told(_("Events are sent again from now on. What was missed is not, until you send it again."))

    def carry_out(self, form: Form) -> str:
        self.switch()
        return _("The endpoint is switched on.")

    def words(self) -> dict[str, Any]:
        return {
            "title": _("Switch the endpoint on"),
            "subtitle": self.endpoint.url,
            "submit": _("Yes, Switch on"),
        }


class RemovePopup(_OnEndpoint):
    """The endpoint and its log go."""

    def form(self, data: Any = None) -> Form:
        return VersionForm(data) if data is not None else VersionForm(initial={"version": self.endpoint.version})

    def preview(self) -> dict[str, Any]:
        return self.told(
            _("Nothing is sent there any more, and its secrets and its log are gone. It does not come back.")
        )

    def carry_out(self, form: Form) -> str:
        webhooks.remove_endpoint(self.id, version=form.cleaned_data["version"], actor=self.visit.actor)
        return _("The endpoint is removed.")

    def back_url(self) -> str:
        return reverse("settings-webhooks", args=[self.visit.partner.slug])

    def words(self) -> dict[str, Any]:
        title = _("Remove the endpoint")
        return {"title": title, "subtitle": self.endpoint.url, "submit": _("Yes, Remove"), "danger": True}


class ReplaySpanPopup(_OnEndpoint):
    """What a span of time brought, again."""

    def form(self, data: Any = None) -> Form:
        if data is not None:
            return SpanForm(data)
        now = system_now()
        return SpanForm.of(now - timedelta(days=1), now + timedelta(minutes=1))

    def preview(self) -> dict[str, Any]:
        if self.endpoint.disabled_at is not None:
            raise EndpointDisabled(_("This endpoint is switched off; switch it on first."))
        return self.told(
            _(
                "What happened in this span and was not taken is sent again, also what came while the endpoint was "
                "off. Messages keep their ids."
            )
        )

    def carry_out(self, form: Form) -> str:
        many = webhooks.replay_span(self.id, **form.cleaned_data, actor=self.visit.actor)
        return ngettext("%(n)s message is sent.", "%(n)s messages are sent.", many) % {"n": many}

    def words(self) -> dict[str, Any]:
        return {"title": _("Send a span of time again"), "subtitle": self.endpoint.url, "submit": _("Yes, Send again")}
