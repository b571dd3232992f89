"""Popups of a subscription's credentials: look at them, reset the password, mail them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import urlencode
from uuid import UUID

from allauth.account.authentication import get_authentication_records
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.queries import detail
from partnerpanel.actions import credentials
from partnerpanel.actions.credentials import CredentialsMoved, Login, Sending
from partnerpanel.actions.permission import Permission
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import parse, public
from partnerpanel.panel.credential_forms import EmailCredentialsForm, ResetPasswordForm, ViewCredentialsForm
from partnerpanel.panel.page import PanelView
from partnerpanel.panel.templatetags.formats import in_zone
from partnerpanel.panel.views.money_popup import MoneyPopup
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.facts import customers_of
from subscriptions.queries.names import plan_names
from subscriptions.queries.summaries import lines_of

SECONDS_SHOWN = 30


class _OnLogin(MoneyPopup):
    """For the login of one subscription. No answer of it is kept by a browser or a proxy."""

    subscription_id: UUID
    customer_id: UUID
    whom: str

    def dispatch(self, request: HttpRequest, *args: Any, slug: str, **kwargs: Any) -> HttpResponseBase:
        answer = super().dispatch(request, *args, slug=slug, **kwargs)
        add_never_cache_headers(answer)
        return answer

    def prepare(self, address: Mapping[str, str]) -> None:
        partner_id = self.visit.partner.pk
        self.subscription_id = parse("sub", address["subscription"])
        with tenant(partner_id):
            owner = customers_of(partner_id, [self.subscription_id]).get(self.subscription_id)
            if owner is None:
                raise NotFound(_("There is no such subscription."))
            self.customer_id = owner
            name = detail.customer(partner_id, owner).name
            self.whom = f"{plan_names(partner_id, [self.subscription_id])[self.subscription_id]} · {name}"

    def back_url(self) -> str:
        return reverse("customer", args=[self.visit.partner.slug, public("cus", self.customer_id)])

    def _popup(self, form: Form | None, *, status: int = 200) -> HttpResponse:
        """What has moved is shown with what is true now, so that confirming again cites that."""
        if form is not None and status == CredentialsMoved.status and form.non_field_errors():
            fresh = self.form(self.form().initial)
            fresh.add_error(None, form.non_field_errors())
            form = fresh
        return super()._popup(form, status=status)


class ViewCredentialsPopup(_OnLogin):
    """Asks who it is, then why, then shows the credentials for 30 seconds."""

    permission = Permission.VIEW_CREDENTIALS

    shown: credentials.Credentials

    def get(self, request: HttpRequest, **address: str) -> HttpResponse:
        if credentials.is_recent(confirmed_at(request)):
            return super().get(request, **address)
        return self._ask_who(address)

    def post(self, request: HttpRequest, **address: str) -> HttpResponse:
        if credentials.is_recent(confirmed_at(request)):
            return super().post(request, **address)
        return self._ask_who(address)

    def form(self, data: Any = None) -> Form:
        return ViewCredentialsForm(data)

    def preview(self) -> dict[str, Any]:
        login = credentials.preview_view(self.subscription_id, actor=self.visit.actor)
        return {
            "summary": _(
                "User name, password and address are shown for 30 seconds. Who looked, when and why is kept in the "
                "timeline."
            ),
            "warnings": _pending(login),
            "no_mail": _("Nobody is mailed."),
        }

    def carry_out(self, form: Form) -> str:
        self.shown = credentials.view(
            self.subscription_id,
            reason=form.cleaned_data["reason"],
            confirmed_at=confirmed_at(self.request),
            actor=self.visit.actor,
            now=self.visit.now,
        )
        return _("The credentials for %(name)s were shown.") % {"name": self.whom}

    def words(self) -> dict[str, Any]:
        return {"title": _("View Credentials"), "subtitle": self.whom, "submit": _("Yes, Show")}

    def _ask_who(self, address: Mapping[str, str]) -> HttpResponse:
        """In a popup a button leads to the page where one confirms; a page goes there by itself, and back."""
        self.prepare(address)
        there = f"{reverse('account_reauthenticate')}?{urlencode({'next': self.request.path})}"
        if not self.request.htmx:  # type: ignore[attr-defined]
            return redirect(there)
        context = {**self.words(), "there": there, "back_url": self.back_url()}
        return self.page_in_scope("panel/credentials/confirm_first.html", context)

    def succeeded(self, text: str, undo_url: str) -> HttpResponse:
        """The credentials instead of a toast; a page leaves by itself, a popup masks them."""
        is_page = not self.request.htmx  # type: ignore[attr-defined]
        context = {
            **self.words(),
            "section": self.section,
            "popup_base": "panel/popup_page.html" if is_page else "panel/popup_part.html",
            "login": self.shown.login,
            "password": self.shown.password,
            "seconds": SECONDS_SHOWN,
            "back_url": self.back_url(),
        }
        answer = self.page_in_scope("panel/credentials/shown.html", context)
        if is_page:
            answer["Refresh"] = f"{SECONDS_SHOWN}; url={self.back_url()}"
        else:
            answer["HX-Trigger"] = "rows:changed"
        return answer


class ResetPasswordPopup(_OnLogin):
    """A new password, made here and set at the service."""

    permission = Permission.RESET_CREDENTIALS
    found: Login | None = None

    def login(self) -> Login:
        """Raises NoLogin."""
        if self.found is None:
            self.found = credentials.preview_reset(self.subscription_id, actor=self.visit.actor)
        return self.found

    def form(self, data: Any = None) -> Form:
        return (
            ResetPasswordForm(data) if data is not None else ResetPasswordForm(initial={"number": self.login().number})
        )

    def preview(self) -> dict[str, Any]:
        login = self.login()
        warnings = [_("Devices that sign in with the old password stop working until they have the new one.")]
        if login.link_until:
            warnings.append(_("A one-time link is on its way to the customer; it will show the new password."))
        return {
            "summary": _("A strong new password is made and set at the service. The old one stops working."),
            "warnings": warnings,
            "steps": [_("Set the new password of the login: %(name)s") % {"name": login.username}],
            "no_mail": _("Nobody is mailed. Use “Email Credentials” afterwards to send it to the customer."),
        }

    def carry_out(self, form: Form) -> str:
        number = form.cleaned_data["number"]
        credentials.reset(self.subscription_id, number=number, actor=self.visit.actor, now=self.visit.now)
        return _("The password for %(name)s is reset; the service is setting it.") % {"name": self.whom}

    def words(self) -> dict[str, Any]:
        return {
            "title": _("Reset Password"),
            "subtitle": self.whom,
            "submit": _("Yes, Reset"),
            "danger": True,
            "note": _("Cannot be undone"),
        }


class EmailCredentialsPopup(_OnLogin):
    """The mail with the one-time link, or in plain text where the partner opted in; shown as it will be written."""

    permission = Permission.SEND_CREDENTIALS
    found: Sending | None = None

    def sending(self) -> Sending:
        """Raises NoLogin."""
        if self.found is None:
            self.found = credentials.preview_sending(self.subscription_id, actor=self.visit.actor)
        return self.found

    def form(self, data: Any = None) -> Form:
        return (
            EmailCredentialsForm(data)
            if data is not None
            else EmailCredentialsForm(initial={"mode": self.sending().mode})
        )

    def preview(self) -> dict[str, Any]:
        sending = self.sending()
        login, is_plain = sending.login, sending.mode == "plain"
        warnings = _pending(login)
        if not login.is_enabled:
            warnings.append(_("The login is disabled at the service, so the customer cannot use it now."))
        if is_plain:
            warnings.append(_("The password stands in the mail in plain text, as your settings allow."))
        if login.link_until:
            until = {"at": in_zone(login.link_until)}
            warnings.append(_("A link sent before works until %(at)s; it stops working now.") % until)
        summary = (
            _("The customer gets a mail with the credentials.")
            if is_plain
            else _("The customer gets a mail with a link that shows the credentials once, within 24 hours.")
        )
        mails = [
            {"to": one.to, "subject": one.title, "body": one.body} for one in sending.foreseen if one.kind == "mail"
        ]
        return {"summary": summary, "warnings": warnings, "mails": mails}

    def carry_out(self, form: Form) -> str:
        mode = form.cleaned_data["mode"]
        credentials.send(self.subscription_id, mode=mode, actor=self.visit.actor, now=self.visit.now)
        return _("The credentials for %(name)s are being mailed.") % {"name": self.whom}

    def words(self) -> dict[str, Any]:
        return {"title": _("Email Credentials"), "subtitle": self.whom, "submit": _("Yes, Send")}


class _Choice(PanelView):
    """From a customer's row: the popup of its only login, or the question which one."""

    http_method_names = ["get", "head"]
    route: ClassVar[str]
    title: ClassVar[Any]

    def get(self, request: HttpRequest, customer: str) -> HttpResponse:
        customer_id, visit = parse("cus", customer), self.visit
        name = detail.customer(visit.partner.pk, customer_id).name
        lines = lines_of(visit.partner.pk, [customer_id], now=visit.now).get(customer_id, [])
        choices = [
            (line, reverse(self.route, args=[visit.partner.slug, public("sub", line.id)]))
            for line in lines
            if line.service
        ]
        if len(choices) == 1:
            return redirect(choices[0][1])
        is_page = not request.htmx  # type: ignore[attr-defined]
        context = {
            "section": "customers",
            "popup_base": "panel/popup_page.html" if is_page else "panel/popup_part.html",
            "title": self.title,
            "name": name,
            "choices": choices,
            "back_url": reverse("customer", args=[visit.partner.slug, customer]),
        }
        return self.page("panel/credentials/choose.html", context)


class ChooseToView(_Choice):
    permission = Permission.VIEW_CREDENTIALS
    route = "credentials"
    title = gettext_lazy("View Credentials")


class ChooseToReset(_Choice):
    permission = Permission.RESET_CREDENTIALS
    route = "credentials-reset"
    title = gettext_lazy("Reset Password")


class ChooseToEmail(_Choice):
    permission = Permission.SEND_CREDENTIALS
    route = "credentials-send"
    title = gettext_lazy("Email Credentials")


def confirmed_at(request: HttpRequest) -> datetime | None:
    """When the person last confirmed in this session that it is them; signing in alone does not count."""
    records = [one["at"] for one in get_authentication_records(request, request.user) if one.get("reauthenticated")]
    return datetime.fromtimestamp(max(records), UTC) if records else None


def _pending(login: Login) -> list[str]:
    return [_("The service is still setting this password; it works in a moment.")] if login.is_pending else []
