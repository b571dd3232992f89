"""Who signs in for a customer, and in which browsers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from customers.queries.portal import logins_at
from partnerpanel.actions import portal_access
from partnerpanel.actions.permission import Permission, may
from partnerpanel.actions.portal_access import PortalRole, role_name
from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.kernel.ids import parse, public
from partnerpanel.portal.page import PortalView
from partnerpanel.portal.places import SESSION, forget, keep
from partnerpanel.portal.refusals import refusal_of
from partnerpanel.tenancy.scope import tenant
from partnerpanel.tenancy.visitors import seconds_to_wait

LOGIN, SESSION_ID = "plg", "pse"
# Mails that one customer's owner may have us send to strangers in a day.
INVITATIONS, A_DAY = 20, 86_400


class InviteForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        error_messages={
            "required": _("Write the address of the person to invite."),
            "invalid": _("Write an address such as anna@example.com."),
        },
    )
    role = forms.ChoiceField(
        label=_("May"),
        choices=[
            (PortalRole.BILLING.value, _("Billing: plan, payments and invoices")),
            (PortalRole.TECHNICAL.value, _("Technical: the service and its credentials")),
            (PortalRole.OWNER.value, _("Owner: everything")),
        ],
    )


class Account(PortalView):
    """Log-ins, and where one's own is signed in."""

    http_method_names = ["get", "head"]
    section = "account"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page("account", self.context(InviteForm()))

    def context(self, form: InviteForm) -> dict[str, Any]:
        visitor, actor = self.visit.visitor, self.visit.actor
        manages = may(actor, Permission.MANAGE_LOGINS)
        with tenant(self.partner.pk):
            logins = portal_access.logins(visitor.customer_id, actor=actor) if manages else []
            browsers = portal_access.browsers(self.partner.pk, visitor)
            elsewhere = [one for one in logins_at(self.partner.pk, visitor.email) if one.id != visitor.login_id]
        return {
            "form": form,
            "role": role_name(visitor.role),
            "logins": [(one, public(LOGIN, one.id), role_name(one.role)) for one in logins],
            "browsers": [(one, public(SESSION_ID, one.id)) for one in browsers],
            "elsewhere": [public(LOGIN, one.id) for one in elsewhere],
        }


class Invite(Account):
    """Mails an invitation."""

    http_method_names = ["post"]
    permission = Permission.MANAGE_LOGINS

    def post(self, request: HttpRequest) -> HttpResponse:
        form, visitor = InviteForm(request.POST), self.visit.visitor
        if not form.is_valid():
            return self.page("account", self.context(form), status=422)
        if seconds_to_wait("portal-invitations", str(visitor.customer_id), most=INVITATIONS, window=A_DAY):
            form.add_error(None, _("That were many invitations for one day. Invite more people tomorrow."))
            return self.page("account", self.context(form), status=429)
        try:
            portal_access.invite(
                visitor.customer_id,
                email=form.cleaned_data["email"],
                role=PortalRole(form.cleaned_data["role"]),
                actor=self.visit.actor,
                now=self.now,
            )
        except NotFound:
            raise
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, refusal_of(error))
            return self.page("account", self.context(form), status=error.status)
        return self.go("portal-account", said="invited")


class RemoveLogin(PortalView):
    """Takes a log-in away; GET asks first."""

    http_method_names = ["get", "head", "post"]
    permission = Permission.MANAGE_LOGINS
    section = "account"

    def get(self, request: HttpRequest, login: str) -> HttpResponse:
        id_ = parse(LOGIN, login)
        with tenant(self.partner.pk):
            logins = portal_access.logins(self.visit.customer_id, actor=self.visit.actor)
        found = next((one for one in logins if one.id == id_), None)
        if found is None:
            raise NotFound("There is no such log-in.")
        return self.page("login_remove", {"login": found, "is_own": found.id == self.visit.visitor.login_id})

    def post(self, request: HttpRequest, login: str) -> HttpResponse:
        portal_access.remove(parse(LOGIN, login), actor=self.visit.actor, now=self.now)
        return self.go("portal-account", said="login-removed")


class SwitchLogin(PortalView):
    """To another customer that the same address signs in for."""

    http_method_names = ["post"]
    changes = False

    def post(self, request: HttpRequest, login: str) -> HttpResponse:
        token = portal_access.switch(
            self.partner.pk,
            self.visit.visitor,
            parse(LOGIN, login),
            agent=request.headers.get("User-Agent", ""),
            remember=False,
            now=self.now,
        )
        answer = redirect(self.at("portal-home"))
        keep(answer, request, self.partner, SESSION, token, lives=None)
        return answer


class EndSession(PortalView):
    """Signs another browser out."""

    http_method_names = ["post"]
    changes = False

    def post(self, request: HttpRequest, session: str) -> HttpResponse:
        portal_access.sign_out_of(self.partner.pk, self.visit.visitor, parse(SESSION_ID, session))
        return self.go("portal-account", said="signed-out-there")


class EndAll(PortalView):
    """Signs the log-in out everywhere, here too."""

    http_method_names = ["post"]
    changes = False

    def post(self, request: HttpRequest) -> HttpResponse:
        portal_access.sign_out_everywhere(self.partner.pk, self.visit.visitor)
        answer = self.go("portal-sign-in", said="signed-out")
        forget(answer, request, self.partner, SESSION)
        return answer
