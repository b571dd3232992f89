"""The settings page about the address that mails come from, and its popups."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerpanel.actions import mail_sender
from partnerpanel.actions.permission import Permission
from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.panel.page import PanelView
from partnerpanel.panel.refusals import refusal_of
from partnerpanel.panel.sender_words import broken_by, record_rows
from partnerpanel.panel.settings_tabs import settings_tabs
from partnerpanel.panel.views.money_popup import MoneyPopup
from partnerpanel.tenancy.mail_senders import mail_sender as sender_of


class SenderForm(forms.Form):
    address = forms.CharField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        help_text=gettext_lazy("Such as billing@example.com, of a domain whose DNS you manage."),
        error_messages={"required": gettext_lazy("Write an address such as billing@example.com.")},
    )


class Sender(PanelView):
    """Where mails come from, and what each DNS record says."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        partner = self.visit.partner
        standing = mail_sender.standing(partner.pk)
        context = {
            "section": "settings",
            "tabs": settings_tabs(partner.slug, "settings-sender"),
            "standing": standing,
            "sender": standing.sender,
            "rows": record_rows(standing),
            "broken_by": broken_by(standing),
        }
        return self.page("panel/sender.html", context)


class CheckSender(PanelView):
    """Looks for the records now, and says how that went."""

    permission = Permission.MANAGE_SETTINGS
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            after = mail_sender.check(actor=self.visit.actor, now=self.visit.now)
        except NotFound:
            raise
        except DomainError as error:
            messages.error(request, refusal_of(error))
        else:
            if after.proved_at is not None:
                messages.success(request, _("Proved: your mails come from %(address)s.") % {"address": after.address})
            else:
                messages.warning(request, _("Not everything is there yet. The page says what is missing."))
        return redirect("settings-sender", self.visit.partner.slug)


class _Popup(MoneyPopup):
    permission = Permission.MANAGE_SETTINGS
    section = "settings"

    def back_url(self) -> str:
        return reverse("settings-sender", args=[self.visit.partner.slug])


class SenderPopup(_Popup):
    """The address, for the first time or another one."""

    def form(self, data: Any = None) -> Form:
        held = sender_of(self.visit.partner.pk)
        return SenderForm(data) if data is not None else SenderForm(initial={"address": held.address if held else ""})

    def preview(self) -> dict[str, Any]:
        held = sender_of(self.visit.partner.pk)
        summary = _(
            "You are shown the DNS records to set. Until they are found, mails come from our address, with your name, "
            "and answers go to your support address as before."
        )
        warnings = [_("An address of another domain is proved anew.")] if held else []
        return {"summary": summary, "warnings": warnings, "no_mail": _("Nobody is mailed.")}

    def carry_out(self, form: Form) -> str:
        mail_sender.set_address(form.cleaned_data["address"], actor=self.visit.actor, now=self.visit.now)
        return _("Now set the DNS records that the page shows.")

    def words(self) -> dict[str, Any]:
        return {"title": _("Send from your own address"), "submit": _("Save address")}


class RemoveSenderPopup(_Popup):
    """Mails come from our address again."""

    def form(self, data: Any = None) -> Form:
        return Form(data)

    def preview(self) -> dict[str, Any]:
        return {
            "summary": _("From the next mail on your mails come from our address again, with your name."),
            "no_mail": _("Nobody is mailed."),
        }

    def carry_out(self, form: Form) -> str:
        address = mail_sender.give_up(actor=self.visit.actor, now=self.visit.now)
        return _("Mails no longer come from %(address)s.") % {"address": address}

    def words(self) -> dict[str, Any]:
        return {"title": _("Remove the address"), "submit": _("Yes, Remove"), "danger": True}
