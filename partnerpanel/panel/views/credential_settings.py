"""The settings page about credentials, and its popups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from partnerpanel.actions import credential_settings
from partnerpanel.actions.permission import Permission
from partnerpanel.kernel.ids import parse, public
from partnerpanel.panel.credential_forms import ServiceAddressForm
from partnerpanel.panel.page import PanelView
from partnerpanel.panel.settings_tabs import settings_tabs
from partnerpanel.panel.views.money_popup import MoneyPopup
from partnerpanel.tenancy.queries import names_of
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.credentials import ProductAddress, plain_mail_consent, product_address, product_addresses


class CredentialSettings(PanelView):
    """How credentials are mailed, and where each product's customers connect to."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        partner = self.visit.partner
        consent = plain_mail_consent(partner.pk)
        by = consent.given_by if consent else None
        context = {
            "section": "settings",
            "tabs": settings_tabs(partner.slug, "settings-credentials"),
            "consent": consent,
            "consent_by": names_of({by}).get(by, "") if by else "",
            "products": [
                (one, reverse("settings-address", args=[partner.slug, public("prod", one.product_id)]))
                for one in product_addresses(partner.pk)
            ],
        }
        return self.page("panel/credentials/settings.html", context)


class _OnSettings(MoneyPopup):
    permission = Permission.MANAGE_SETTINGS
    section = "settings"

    def form(self, data: Any = None) -> Form:
        return Form(data)

    def back_url(self) -> str:
        return reverse("settings-credentials", args=[self.visit.partner.slug])


class AllowPlainMailPopup(_OnSettings):
    """Credentials in mails themselves, from now on."""

    def preview(self) -> dict[str, Any]:
        return {
            "summary": _(
                "From now on “Email Credentials” writes user name and password into the mail. Whoever reads the "
                "mailbox, now or later, can sign in."
            ),
            "warnings": [_("One-time links are safer: they show the credentials once and expire after 24 hours.")],
            "no_mail": _("Nobody is mailed by this."),
        }

    def carry_out(self, form: Form) -> str:
        credential_settings.allow_plain_mail(actor=self.visit.actor, now=self.visit.now)
        return _("Credentials are mailed in plain text.")

    def words(self) -> dict[str, Any]:
        return {"title": _("Mail credentials in plain text"), "submit": _("Yes, Allow plain text"), "danger": True}


class ForbidPlainMailPopup(_OnSettings):
    """Credentials behind one-time links again."""

    def preview(self) -> dict[str, Any]:
        return {
            "summary": _("From now on credentials are mailed as one-time links, also where a mail waits to be sent."),
            "warnings": [],
            "no_mail": _("Nobody is mailed by this."),
        }

    def carry_out(self, form: Form) -> str:
        credential_settings.forbid_plain_mail(actor=self.visit.actor, now=self.visit.now)
        return _("Credentials are mailed as one-time links.")

    def words(self) -> dict[str, Any]:
        return {"title": _("Mail credentials as one-time links"), "submit": _("Yes, Use links")}


class ServiceAddressPopup(_OnSettings):
    """Where the customers of one product connect to."""

    product: ProductAddress

    def prepare(self, address: Mapping[str, str]) -> None:
        product_id = parse("prod", address["product"])
        with tenant(self.visit.partner.pk):
            self.product = product_address(self.visit.partner.pk, product_id)

    def form(self, data: Any = None) -> Form:
        if data is not None:
            return ServiceAddressForm(data)
        return ServiceAddressForm(initial={"address": self.product.address, "version": self.product.version})

    def preview(self) -> dict[str, Any]:
        return {
            "summary": _("Staff see it beside the login, and customers beside their credentials."),
            "warnings": [],
            "no_mail": _("Nobody is mailed by this."),
        }

    def carry_out(self, form: Form) -> str:
        data = form.cleaned_data
        credential_settings.set_service_address(
            self.product.product_id,
            address=data["address"],
            version=data["version"],
            actor=self.visit.actor,
            now=self.visit.now,
        )
        return _("The address of %(name)s is saved.") % {"name": self.product.product_name}

    def _popup(self, form: Form | None, *, status: int = 200) -> HttpResponse:
        """Where somebody was quicker, what they wrote stands in the field, so that confirming again builds on that."""
        if form is not None and status == credential_settings.AddressMoved.status:
            fresh = self.form(self.form().initial)
            fresh.add_error("address", form.errors["address"])
            form = fresh
        return super()._popup(form, status=status)

    def words(self) -> dict[str, Any]:
        return {"title": _("Address: %(name)s") % {"name": self.product.product_name}, "submit": _("Save address")}
