"""Popups of suspend, reactivate and undo."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _

from customers.queries import detail
from partnerpanel.actions import door
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.quote import Quote
from partnerpanel.actions.reactivate import Reactivate
from partnerpanel.actions.suspend import Suspend
from partnerpanel.actions.undo import Undo
from partnerpanel.actions.verb import Target, Verb
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import parse, public
from partnerpanel.panel.forms import ReactivateForm, SuspendForm
from partnerpanel.panel.unpaid import Unpaid, unpaid_of
from partnerpanel.panel.views.popup import ActionPopup
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.facts import customers_of, load_facts
from subscriptions.rules.facts import CustomerFacts
from subscriptions.rules.states import Collection, HoldKind
from subscriptions.rules.suspension import PLACEABLE
from subscriptions.services.access import Evidence


class OnTarget(ActionPopup):
    """For a customer (`cus_…`) with all subscriptions, or for one subscription (`sub_…`)."""

    permission = Permission.SUSPEND
    facts: CustomerFacts
    target: Target

    def prepare(self, address: Mapping[str, str]) -> None:
        partner_id = self.visit.partner.pk
        with tenant(partner_id):
            subscription_id: UUID | None = None
            if "subscription" in address:
                subscription_id = parse("sub", address["subscription"])
                owners = customers_of(partner_id, [subscription_id])
                if subscription_id not in owners:
                    raise NotFound(_("There is no such subscription."))
                customer_id = owners[subscription_id]
            else:
                customer_id = parse("cus", address["customer"])
            facts = load_facts(partner_id, [customer_id], now=self.visit.now)
        if customer_id not in facts:
            raise NotFound(_("There is no such customer."))
        self.facts, self.target = facts[customer_id], Target(customer_id, subscription_id)

    def whom(self) -> str:
        if self.target.subscription_id is None:
            return self.facts.name
        return f"{self.facts.subscription(self.target.subscription_id).plan_name} · {self.facts.name}"

    def back_url(self) -> str:
        return reverse("customer", args=[self.visit.partner.slug, public("cus", self.target.customer_id)])


def evidence_of(note: str, file: Any) -> Evidence:
    """What a form says shows that a hold is right; `file` is an uploaded one, or None."""
    return Evidence(
        note=note,
        file_name=file.name[:200] if file else "",
        file_type=(file.content_type or "")[:100] if file else "",
        content=file.read() if file else None,
    )


class SuspendPopup(OnTarget):
    """Suspend account, or one subscription."""

    template = "panel/actions/suspend.html"

    def form(self, data: Any = None, files: Any = None) -> Form:
        return SuspendForm(data, files, initial={"kind": HoldKind.MANUAL.value})

    def verb(self, form: Form) -> Verb:
        data = form.cleaned_data
        evidence = evidence_of(data["evidence_note"], data.get("evidence_file"))
        return Suspend((self.target,), HoldKind(data["kind"]), data["reason"], evidence)

    def draft(self, form: Form) -> Verb:
        """Before a reason is given, the mail shows where it will stand."""
        kind = str(form.data.get("kind", "")) if form.is_bound else ""
        reason = (form.data.get("reason") or "").strip()[:500] if form.is_bound else ""
        chosen = HoldKind(kind) if kind in {one.value for one in PLACEABLE} else HoldKind.MANUAL
        return Suspend((self.target,), chosen, reason or _("(your reason)"))

    def words(self) -> dict[str, Any]:
        if self.target.subscription_id is None:
            title = _("Suspend account: %(name)s") % {"name": self.facts.name}
        else:
            title = _("Suspend %(name)s") % {"name": self.whom()}
        return {"title": title, "submit": _("Yes, Suspend"), "subtitle": self._subtitle()}

    def _subtitle(self) -> str:
        if self.target.subscription_id is not None:
            return _("One subscription; the customer's others stay as they are.")
        return _("The account and all of its subscriptions.")

    def said(self, outcome: door.Outcome) -> str:
        return _("%(name)s is suspended.") % {"name": self.whom()}


class ReactivatePopup(OnTarget):
    """Release holds of an account, or of one subscription. One for nonpayment is not released: it asks in which way
    what is owed is settled."""

    template = "panel/actions/reactivate.html"
    unpaid: list[Unpaid]

    def prepare(self, address: Mapping[str, str]) -> None:
        super().prepare(address)
        with tenant(self.visit.partner.pk):
            self.unpaid = unpaid_of(self.visit.partner.pk, self._in_arrears(), now=self.visit.now)

    def present(self) -> frozenset[HoldKind]:
        """The kinds that lie on the target and that people release."""
        holds = self.facts.open_holds
        if self.target.subscription_id is not None:
            holds = self.facts.subscription(self.target.subscription_id).holds
        return frozenset(hold.kind for hold in holds) & frozenset(PLACEABLE)

    def _in_arrears(self) -> list[UUID]:
        """Subscriptions whose nonpayment blocks the target; one on the whole account may be any of them."""
        wide = any(hold.kind is HoldKind.NONPAYMENT for hold in self.facts.holds)
        return [
            one.id
            for one in self.facts.subscriptions
            if (wide or self.target.subscription_id in (None, one.id))
            and (
                any(hold.kind is HoldKind.NONPAYMENT for hold in one.holds)
                or (wide and one.collection is Collection.DELINQUENT)
            )
        ]

    def form(self, data: Any = None, files: Any = None) -> Form:
        present = self.present()
        first = [kind.value for kind in (HoldKind.MANUAL, HoldKind.ABUSE) if kind in present]
        return ReactivateForm(data, present=present, initial={"kinds": first})

    def verb(self, form: Form) -> Verb:
        kinds = frozenset(map(HoldKind, form.cleaned_data["kinds"]))
        return Reactivate((self.target,), kinds, form.cleaned_data["reason"])

    def draft(self, form: Form) -> Verb | None:
        chosen = form.data.getlist("kinds") if form.is_bound else form.initial["kinds"]  # type: ignore[attr-defined]
        kinds = frozenset(HoldKind(kind) for kind in chosen if kind in {k.value for k in self.present()})
        reason = (form.data.get("reason") or "").strip()[:500] if form.is_bound else ""
        return Reactivate((self.target,), kinds, reason or _("(your reason)")) if kinds else None

    def words(self) -> dict[str, Any]:
        title = _("Reactivate %(name)s") % {"name": self.whom()}
        return {
            "title": title,
            "submit": _("Yes, Reactivate"),
            "can_release": bool(self.present()),
            "unpaid": self.unpaid,
        }

    def said(self, outcome: door.Outcome) -> str:
        return _("%(name)s is reactivated.") % {"name": self.whom()}


class UndoPopup(ActionPopup):
    """Undo of an action, itself previewed."""

    permission = Permission.SUSPEND
    template = "panel/actions/undo.html"
    undo: Undo
    names: list[str]

    def prepare(self, address: Mapping[str, str]) -> None:
        partner_id = self.visit.partner.pk
        with tenant(partner_id):
            self.undo = Undo.of(parse("act", address["action"]), partner_id=partner_id)
            ids = [target.customer_id for target in self.undo.targets[:2]]
            self.names = [detail.customer(partner_id, customer_id).name for customer_id in ids]

    def form(self, data: Any = None, files: Any = None) -> Form:
        return Form(data)

    def verb(self, form: Form) -> Verb:
        return self.undo

    def draft(self, form: Form) -> Verb:
        return self.undo

    def words(self) -> dict[str, Any]:
        return {"title": _("Undo: %(name)s") % {"name": self._whom()}, "submit": _("Yes, Undo")}

    def words_for(self, quote: Quote | None) -> dict[str, Any]:
        """Money is never undone: where some is booked back, the button says so."""
        plans = [plan.planned.plan for plan in quote.money if plan.planned] if quote else []
        books = any(plan.invoice or plan.credit_note for plan in plans)
        return {"submit": _("Yes, Undo and book the money back")} if books else {}

    def said(self, outcome: door.Outcome) -> str:
        return _("Undone: %(name)s.") % {"name": self._whom()}

    def back_url(self) -> str:
        customer_id = self.undo.targets[0].customer_id
        return reverse("customer", args=[self.visit.partner.slug, public("cus", customer_id)])

    def _whom(self) -> str:
        more = len(self.undo.targets) - 1
        return f"{self.names[0]} +{more}" if more else self.names[0]
