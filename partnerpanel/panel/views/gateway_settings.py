"""The settings page about how the partner is paid, and its popups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.queries.gateway_standing import GatewayStanding, gateway_standing
from partnerpanel.actions import gateway_settings
from partnerpanel.actions.permission import Permission
from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.panel.gateway_forms import KeyForm, SecretForm, VersionForm
from partnerpanel.panel.page import PanelView
from partnerpanel.panel.refusals import refusal_of
from partnerpanel.panel.settings_tabs import settings_tabs
from partnerpanel.panel.views.money_popup import MoneyPopup
from partnerpanel.tenancy.scope import tenant


class PaymentSettings(PanelView):
    """The account that takes the money, and whether it tells us what happens there."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        partner = self.visit.partner
        context = {
            "section": "settings",
            "tabs": settings_tabs(partner.slug, "settings-payments"),
            "standing": gateway_standing(partner.pk),
            "is_test_mode": partner.is_test,
        }
        return self.page("panel/gateway/settings.html", context)


class TryConnection(PanelView):
    """Asks Stripe with the key that is kept, and says how that went."""

    permission = Permission.MANAGE_SETTINGS
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            gateway_settings.try_connection(actor=self.visit.actor)
        except DomainError as error:
            messages.error(request, refusal_of(error))
        else:
            messages.success(request, _("Stripe answers, and takes this key."))
        return redirect("settings-payments", self.visit.partner.slug)


class _OnPayments(MoneyPopup):
    permission = Permission.MANAGE_SETTINGS
    section = "settings"
    standing: GatewayStanding
    needs_account = True

    def prepare(self, address: Mapping[str, str]) -> None:
        with tenant(self.visit.partner.pk):
            self.standing = gateway_standing(self.visit.partner.pk)
        if self.needs_account and self.standing.account is None:
            raise NotFound("Nothing is connected.")

    @property
    def initial(self) -> dict[str, Any]:
        return {"version": self.standing.account.version if self.standing.account else 0}

    def form(self, data: Any = None) -> Form:
        return VersionForm(data) if data is not None else VersionForm(initial=self.initial)

    def back_url(self) -> str:
        return reverse("settings-payments", args=[self.visit.partner.slug])

    def shown(self, summary: str, *warnings: str) -> dict[str, Any]:
        """The quote component's parameter."""
        return {"summary": summary, "warnings": list(warnings), "no_mail": _("Nobody is mailed by this.")}


class ConnectPopup(_OnPayments):
    """A key for the first time, or another one in its place."""

    needs_account = False

    def form(self, data: Any = None) -> Form:
        return KeyForm(data) if data is not None else KeyForm(initial=self.initial)

    def preview(self) -> dict[str, Any]:
        if self.visit.partner.is_test:
            raise gateway_settings.OnlyInEarnest(_("A test mode is paid through the sandbox alone."))
        if self.standing.account is None:
            return self.shown(
                _(
                    "The key is tried with a harmless question and kept encrypted; nobody sees it again. Then Stripe "
                    "is asked to tell us what happens to your payments."
                )
            )
        return self.shown(
            _("From now on the new key is used. It is tried before it takes the place of the old one."),
            _(
                "A key of another account: cards that are kept in the old one cannot be charged any more, and charges "
                "that are under way there wait for a person."
            ),
        )

    def carry_out(self, form: Form) -> str:
        data = form.cleaned_data
        listens = gateway_settings.connect(
            data["key"], version=data["version"], actor=self.visit.actor, now=self.visit.now
        )
        if listens:
            return _("Stripe is connected.")
        return _("Stripe is connected. The key may make no webhook endpoint: make it by hand as shown here.")

    def words(self) -> dict[str, Any]:
        if self.standing.account is None:
            return {"title": _("Connect Stripe"), "submit": _("Yes, Connect")}
        return {"title": _("Replace the key"), "submit": _("Yes, Replace key")}


class EndpointPopup(_OnPayments):
    """An endpoint that Stripe makes, with a new secret."""

    def preview(self) -> dict[str, Any]:
        if not self.standing.listening.last4:
            return self.shown(_("Stripe makes a webhook endpoint for your address and signs with a secret of its own."))
        return self.shown(
            _(
                "Stripe makes a new endpoint with a new secret. What was signed with the old one is taken for a day "
                "more."
            ),
            *(
                []
                if self.standing.listening.is_made_here
                else [_("Remove the endpoint that you made by hand yourself.")]
            ),
        )

    def carry_out(self, form: Form) -> str:
        version = form.cleaned_data["version"]
        gateway_settings.make_endpoint(version=version, actor=self.visit.actor, now=self.visit.now)
        return _("Stripe tells us what happens from now on.")

    def words(self) -> dict[str, Any]:
        if not self.standing.listening.last4:
            return {"title": _("Make the webhook endpoint"), "submit": _("Yes, Make endpoint")}
        return {"title": _("Replace the signing secret"), "submit": _("Yes, Replace secret")}


class SecretPopup(_OnPayments):
    """The secret of an endpoint that somebody made in Stripe's dashboard."""

    def form(self, data: Any = None) -> Form:
        return SecretForm(data) if data is not None else SecretForm(initial=self.initial)

    def preview(self) -> dict[str, Any]:
        return self.shown(
            _(
                "The secret is kept encrypted; nobody sees it again. What was signed with another is taken for a day "
                "more."
            )
        )

    def carry_out(self, form: Form) -> str:
        data = form.cleaned_data
        gateway_settings.set_secret(data["secret"], version=data["version"], actor=self.visit.actor, now=self.visit.now)
        return _("The signing secret is kept.")

    def words(self) -> dict[str, Any]:
        return {"title": _("Enter the signing secret"), "submit": _("Yes, Keep secret")}


class DisconnectPopup(_OnPayments):
    """Stripe is asked nothing any more."""

    def preview(self) -> dict[str, Any]:
        return self.shown(
            _(
                "Key and signing secret are forgotten. From now on no card at Stripe is charged, no refund is paid out "
                "through Stripe, and nothing is heard from there."
            ),
            _("Charges and refunds that are under way wait until an account is connected again."),
            _("Renewals of customers with a card at Stripe wait too: nobody is suspended for that."),
            _("What customers have paid stays in your books, and in your account at Stripe."),
        )

    def carry_out(self, form: Form) -> str:
        version = form.cleaned_data["version"]
        gateway_settings.disconnect(version=version, actor=self.visit.actor, now=self.visit.now)
        return _("Stripe is disconnected.")

    def words(self) -> dict[str, Any]:
        return {"title": _("Disconnect Stripe"), "submit": _("Yes, Disconnect"), "danger": True}
