"""The settings page about API keys, and its popups: make, rotate, revoke."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerpanel.actions import api_keys
from partnerpanel.actions.scopes import SCOPES
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import parse
from partnerpanel.panel.api_key_forms import KeyForm, RotateKeyForm
from partnerpanel.panel.page import PanelView
from partnerpanel.panel.settings_tabs import settings_tabs
from partnerpanel.panel.views.settings_popup import Revealing, SettingsPopup
from partnerpanel.tenancy.api_keys import LIVE, TEST, keys_of

if TYPE_CHECKING:
    from partnerpanel.tenancy.models import ApiKey

PREFIX = "key"


class ApiKeys(PanelView):
    """Keys that work, and below them those that do not any more."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        partner, at = self.visit.partner, system_now()
        rows = [_row(key, at) for key in keys_of(partner.pk)]
        context = {
            "section": "settings",
            "tabs": settings_tabs(partner.slug, "settings-api-keys"),
            "working": [row for row in rows if row["works"]],
            "gone": [row for row in rows if not row["works"]],
            "is_test_mode": partner.is_test,
            "docs_url": reverse("api-docs"),
        }
        return self.page("panel/api_keys.html", context)


def _row(key: ApiKey, at: datetime) -> dict[str, Any]:
    scopes = set(key.scopes)
    reads = {scope for scope in SCOPES if scope.endswith(":read")}
    many = ngettext("%(n)s scope", "%(n)s scopes", len(scopes)) % {"n": len(scopes)}
    return {
        "id": key.pk,
        "name": key.name,
        "shown": f"{TEST if key.partner.is_test else LIVE}…{key.hint}",
        "may": _("Everything") if scopes == SCOPES else _("Reads everything") if scopes == reads else many,
        "scopes": ", ".join(sorted(scopes)) if scopes not in (SCOPES, reads) else "",
        "networks": ", ".join(key.networks),
        "last_used_at": key.last_used_at,
        "expires_at": key.expires_at,
        "revoked_at": key.revoked_at,
        "is_rotated": key.replaced_by_id is not None,
        "works": key.revoked_at is None and (key.expires_at is None or key.expires_at > at),
    }


class _Popup(SettingsPopup):
    def back_url(self) -> str:
        return reverse("settings-api-keys", args=[self.visit.partner.slug])


class _Revealing(Revealing, _Popup):
    def about_secret(self) -> str:
        return _("It is shown this once. Whoever has it can do what the key may; keep it as you keep a password.")


class NewKeyPopup(_Revealing):
    """Another key."""

    def form(self, data: Any = None) -> Form:
        return KeyForm(data)

    def preview(self) -> dict[str, Any]:
        if self.visit.partner.is_test:
            return self.told(_("A program can work with this test mode and nothing else. Its key is shown once, next."))
        return self.told(
            _("A program can work with your customers and money, as far as you say. Its key is shown next.")
        )

    def carry_out(self, form: Form) -> str:
        if not isinstance(form, KeyForm):  # pragma: no cover - `form` makes no other
            raise TypeError(form)
        made = api_keys.create_key(
            name=form.cleaned_data["name"],
            scopes=form.wanted_scopes(),
            networks=form.cleaned_data["networks"].split(),
            expires_at=form.expires_at(system_now()),
            actor=self.visit.actor,
            now=self.visit.now,
        )
        self.secret = made.secret
        return _("The key is made.")

    def words(self) -> dict[str, Any]:
        return {"title": _("Make an API key"), "submit": _("Make key")}


class _OnKey(_Popup):
    """For one key, which `prepare` finds."""

    key: ApiKey

    def prepare(self, address: Mapping[str, str]) -> None:
        id_: UUID = parse(PREFIX, address["key"])
        found = next((one for one in keys_of(self.visit.partner.pk) if one.pk == id_), None)
        if found is None:
            raise NotFound("There is no such key.", field="key")
        self.key = found


class RotateKeyPopup(_Revealing, _OnKey):
    """A successor with the same rights."""

    def form(self, data: Any = None) -> Form:
        return RotateKeyForm(data)

    def preview(self) -> dict[str, Any]:
        return self.told(
            _("A new key takes its place, with the same rights. Both work for as long as you say."),
            _("After that, whoever has the old one alone does not get in any more."),
        )

    def carry_out(self, form: Form) -> str:
        overlap = timedelta(hours=int(form.cleaned_data["overlap"]))
        made = api_keys.rotate_key(self.key.pk, overlap=overlap, actor=self.visit.actor, now=self.visit.now)
        self.secret = made.secret
        return _("There is a new key.")

    def words(self) -> dict[str, Any]:
        return {"title": _("Rotate the key"), "subtitle": self.key.name, "submit": _("Yes, Rotate")}


class RevokeKeyPopup(_OnKey):
    """It works no longer."""

    def preview(self) -> dict[str, Any]:
        return self.told(_("From this moment on, programs with this key do not get in. It does not come back."))

    def carry_out(self, form: Form) -> str:
        api_keys.revoke_key(self.key.pk, actor=self.visit.actor, now=self.visit.now)
        return _("The key is revoked.")

    def words(self) -> dict[str, Any]:
        title = _("Revoke the key")
        return {"title": title, "subtitle": self.key.name, "submit": _("Yes, Revoke"), "danger": True}
