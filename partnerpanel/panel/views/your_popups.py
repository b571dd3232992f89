"""Popups of *Your subscription*: what a partner does itself as the platform's customer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.forms import Form
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.charging.states import AttemptStatus
from partnerpanel.actions import own_subscription, payments
from partnerpanel.actions.change_plan import ChangePlan
from partnerpanel.actions.payments import Preview
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.verb import Verb
from partnerpanel.kernel.ids import public
from partnerpanel.panel.at_platform import OwnPopup
from partnerpanel.panel.change_forms import OwnPlanForm
from partnerpanel.panel.views.cancel import CancelPopup, KeepPopup
from partnerpanel.panel.views.change_plan import ChangePlanPopup, DropChangePopup
from partnerpanel.panel.views.payments import ChargePopup, ReplaceCardPopup
from partnerpanel.panel.views.subscription_popup import SubscriptionPopup

SECTION = "your-subscription"
SAID: Mapping[AttemptStatus, Any] = {
    AttemptStatus.SUCCEEDED: gettext_lazy("Paid. Thank you; everything is open."),
    AttemptStatus.ACTION_REQUIRED: gettext_lazy("Your bank wants you to confirm the charge; we have mailed the link."),
}
CHECKED = gettext_lazy("The charge is being checked. Nobody is charged twice; this page shows how it ends.")


class _OnOwn(OwnPopup, SubscriptionPopup):
    """One of the verbs on a subscription, without Undo: that is the seller's."""

    permission = Permission.OWN_SUBSCRIPTION
    result = "panel/your_subscription/result.html"

    def prepare(self, address: Mapping[str, str]) -> None:
        super().prepare({"subscription": public("sub", self.own_line().id)})

    def words(self) -> dict[str, Any]:
        return super().words() | {"section": SECTION, "subtitle": self.visit.partner.name}

    def undo_url(self, outcome: object) -> str:
        return ""


class YourPlanPopup(_OnOwn, ChangePlanPopup):
    """Another plan; when it begins is the policy's: an upgrade at once, a downgrade with the next billing."""

    permission = Permission.OWN_SUBSCRIPTION
    dependent: ClassVar[tuple[str, ...]] = ()

    def form(self, data: Any = None, files: Any = None) -> Form:
        return OwnPlanForm(data, groups=self._groups())

    def draft(self, form: Form) -> Verb | None:
        plan = self._plan(self.asked(form).get("plan", ""))
        return ChangePlan((self.target,), plan.id) if plan else None

    def _options(self, form: Form, quote: object) -> tuple[str, ...]:
        return ()


class YourDropChangePopup(_OnOwn, DropChangePopup):
    """The change that waits does not happen."""

    permission = Permission.OWN_SUBSCRIPTION


class YourCancelPopup(_OnOwn, CancelPopup):
    """With its period; where none runs that is paid, now."""

    permission = Permission.OWN_SUBSCRIPTION

    def _whens(self) -> list[tuple[str, str]]:
        return super()._whens()[:1]


class YourKeepPopup(_OnOwn, KeepPopup):
    """It goes on after all."""

    permission = Permission.OWN_SUBSCRIPTION


class YourChargePopup(OwnPopup, ChargePopup):
    """What is owed, with the card on file, now."""

    permission = Permission.OWN_SUBSCRIPTION
    section = SECTION

    def prepare(self, address: Mapping[str, str]) -> None:
        line = self.own_line()
        self.subscription_id, self.customer_id, self.whom = line.id, self.own_id, line.plan_name

    def owed(self) -> Preview:
        if self.found is None:
            self.found = payments.preview_payment(
                self.subscription_id, permission=Permission.CHARGE, actor=self.visit.actor, now=self.now
            )
        return self.found

    def carry_out(self, form: Form) -> str:
        term = form.cleaned_data["term"]
        status = own_subscription.pay(self.subscription_id, term_number=term, actor=self.visit.actor, now=self.now)
        return str(SAID.get(status, CHECKED))

    def words(self) -> dict[str, Any]:
        return {"title": _("Pay now"), "subtitle": self.visit.partner.name, "submit": _("Yes, Pay now")}


class YourCardPopup(OwnPopup, ReplaceCardPopup):
    """Another card, which what is open is charged to at once."""

    permission = Permission.OWN_SUBSCRIPTION
    section = SECTION

    def prepare(self, address: Mapping[str, str]) -> None:
        self.customer_id, self.name = self.own_id, self.frame.partner.live.name

    def carry_out(self, form: Form) -> str:
        method = form.cleaned_data["method"]
        status = own_subscription.replace_card(self.customer_id, method=method, actor=self.visit.actor, now=self.now)
        said = _("The card of %(name)s is replaced.") % {"name": self.name}
        return said if status is None else f"{said} {SAID.get(status, CHECKED)}"
