"""Popups about who signs in to the portal for a customer: invite, invite again, remove."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.queries import detail
from customers.queries.portal import Login, login_named, logins_of
from customers.services.portal_logins import refuse_removed
from partnerpanel.actions import portal_access
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.portal_access import PortalRole
from partnerpanel.kernel.ids import parse, public
from partnerpanel.panel.views.money_popup import MoneyPopup
from partnerpanel.tenancy.scope import tenant

LOGIN = "plg"
ROLES = [
    (PortalRole.OWNER.value, gettext_lazy("Owner: everything")),
    (PortalRole.BILLING.value, gettext_lazy("Billing: plan, payments and invoices")),
    (PortalRole.TECHNICAL.value, gettext_lazy("Technical: the service and its credentials")),
]


class InviteForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        error_messages={
            "required": gettext_lazy("Write the address of the person to invite."),
            "invalid": gettext_lazy("Write an address such as anna@example.com."),
        },
    )
    role = forms.ChoiceField(label=gettext_lazy("May"), choices=ROLES)


class _Popup(MoneyPopup):
    permission = Permission.MANAGE_LOGINS
    customer_id: UUID
    name: str

    def find(self, customer_id: UUID) -> None:
        """In the open scope. Raises NotFound."""
        self.customer_id = customer_id
        self.name = detail.customer(self.visit.partner.pk, customer_id).name

    def back_url(self) -> str:
        return reverse("customer", args=[self.visit.partner.slug, public("cus", self.customer_id)])

    def told(self, summary: str, mails: str = "") -> dict[str, Any]:
        return {"summary": summary, "no_mail": mails or _("Nobody is mailed by this.")}


class InviteLoginPopup(_Popup):
    """Another person who signs in for the customer."""

    address: str = ""

    def prepare(self, address: Mapping[str, str]) -> None:
        with tenant(self.visit.partner.pk):
            self.find(parse("cus", address["customer"]))
            customer = detail.customer(self.visit.partner.pk, self.customer_id)
            self.address = "" if logins_of(self.visit.partner.pk, self.customer_id) else customer.email

    def form(self, data: Any = None) -> Form:
        return InviteForm(data, initial={"email": self.address})

    def preview(self) -> dict[str, Any]:
        return self.told(
            _("They sign in to your portal with this address, without a password."),
            _("They are mailed an invitation; its link works once and for 7 days."),
        )

    def carry_out(self, form: Form) -> str:
        email, role = form.cleaned_data["email"], PortalRole(form.cleaned_data["role"])
        portal_access.invite(self.customer_id, email=email, role=role, actor=self.visit.actor, now=self.visit.now)
        return _("The invitation to %(address)s is on its way.") % {"address": email}

    def words(self) -> dict[str, Any]:
        return {"title": _("Invite to the portal"), "subtitle": self.name, "submit": _("Yes, Invite")}


class _OnLogin(_Popup):
    login: Login

    def prepare(self, address: Mapping[str, str]) -> None:
        with tenant(self.visit.partner.pk):
            self.login = login_named(self.visit.partner.pk, parse(LOGIN, address["login"]))
            self.find(self.login.customer_id)

    def form(self, data: Any = None) -> Form:
        return Form(data)

    def preview(self) -> dict[str, Any]:
        refuse_removed(self.login.removed_at)
        return self.told(*self.sentences())

    @abstractmethod
    def sentences(self) -> tuple[str, ...]:
        """What happens, and who is mailed."""


class InviteAgainPopup(_OnLogin):
    """Another link, where the first one was lost."""

    def sentences(self) -> tuple[str, ...]:
        return _("They get a new link, good once and for 7 days."), _("They are mailed the invitation again.")

    def carry_out(self, form: Form) -> str:
        address = portal_access.invite_again(self.login.id, actor=self.visit.actor)
        return _("The invitation to %(address)s is on its way.") % {"address": address}

    def words(self) -> dict[str, Any]:
        return {"title": _("Invite again"), "subtitle": self.login.email, "submit": _("Yes, Invite again")}


class RemoveLoginPopup(_OnLogin):
    """Signs in no more."""

    def sentences(self) -> tuple[str, ...]:
        return (_("They are signed out everywhere at once and can sign in no more. You can invite them again."),)

    def carry_out(self, form: Form) -> str:
        address = portal_access.remove(self.login.id, actor=self.visit.actor, now=self.visit.now)
        return _("%(address)s signs in no more.") % {"address": address}

    def words(self) -> dict[str, Any]:
        return {"title": _("Remove the log-in"), "subtitle": self.login.email, "submit": _("Yes, Remove")}
