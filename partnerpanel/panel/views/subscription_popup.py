"""The popup of a verb on one subscription, and the step before it that asks which subscription is meant."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from billing.charging.states import AttemptStatus
from billing.queries.change_facts import load_changes
from billing.rules.changes.outcome import Planned
from billing.rules.facts import ChangeFacts
from customers.queries import detail
from partnerpanel.actions import door
from partnerpanel.actions.money_plan import MoneyPlan
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.quote import Difference, Quote
from partnerpanel.actions.undo import Undo
from partnerpanel.actions.verb import ActionPlan, Target, Verb
from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.kernel.ids import parse, public
from partnerpanel.panel.money_quote import price_text
from partnerpanel.panel.money_summary import ending_of
from partnerpanel.panel.offered import allowed_by_state
from partnerpanel.panel.page import PanelView
from partnerpanel.panel.quote_view import shown
from partnerpanel.panel.templatetags.formats import day
from partnerpanel.panel.views.popup import ActionPopup
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.summaries import SubscriptionLine, lines_of


class NothingChosen(DomainError):
    """The form names nothing that could be done."""

    code = "nothing_chosen"


class OfSubscription(ActionPopup, ABC):
    """A popup for one subscription, which a customer's row asks for too. `address` and `title` are its own."""

    address: ClassVar[str]
    title: ClassVar[Any]

    @classmethod
    def concerns(cls, line: SubscriptionLine) -> bool:
        """Whether the step before offers this subscription."""
        return cls.address in allowed_by_state(line)


class SubscriptionPopup(OfSubscription, ABC):
    """For one subscription (`sub_…`). A subclass adds its form, its verb and its words.

    `address` is its part of the address: `subscriptions/<id>/<address>/`, and below a customer the same after the
    question which subscription. `routes` makes both. `ways` names the fields that the preview decides about: they
    are renewed with it and shown below the others; `dependent` are those that may ever be among them. `asked` reads
    the form, filled in or not.
    """

    template = "panel/actions/subscription.html"
    part = "panel/actions/subscription_part.html"
    result: ClassVar[str] = "panel/actions/result.html"
    submit: ClassVar[Any]
    danger: ClassVar[bool] = False
    dependent: ClassVar[tuple[str, ...]] = ()
    ways: tuple[str, ...] = ()
    facts: ChangeFacts
    target: Target

    def prepare(self, address: Mapping[str, str]) -> None:
        subscription_id = parse("sub", address["subscription"])
        with tenant(self.visit.partner.pk):
            found = load_changes(self.visit.partner.pk, [subscription_id], now=self.visit.now)
            if subscription_id not in found:
                raise NotFound(_("There is no such subscription."))
            self.facts = found[subscription_id]
            self.target = Target(self.facts.billing.customer_id, subscription_id)
            self.look_up()

    def look_up(self) -> None:
        """Reads what else the form offers, in the open scope."""

    def asked(self, form: Form) -> Mapping[str, Any]:
        """What the form says now: as far as it is valid, or what it is filled in with at first."""
        return form.cleaned_data if form.is_bound else form.initial

    @abstractmethod
    def summary(self, plan: MoneyPlan, planned: Planned) -> str:
        """What happens, in a sentence or two."""

    @abstractmethod
    def told(self, plan: MoneyPlan, planned: Planned, *, charged: bool) -> str:
        """The sentence of the toast; `charged` says that the card was."""

    def ending(self, planned: Planned, status: AttemptStatus | None) -> tuple[Any, Any, str] | None:
        """Title, sentence and tone of what did not simply go through; None for what did."""
        return ending_of(planned, status)

    def verb(self, form: Form) -> Verb:
        verb = self.draft(form)
        if verb is None:
            raise NothingChosen(_("Choose what to do."))
        return verb

    def said(self, outcome: door.Outcome) -> str:
        plan, planned = _only(outcome.plans)
        return self.told(plan, planned, charged=outcome.charges.get(plan.subscription_id) is AttemptStatus.SUCCEEDED)

    @property
    def whom(self) -> str:
        return f"{self.facts.deal.plan.name} · {self.facts.customer_name}"

    def words(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "subtitle": self.facts.customer_name,
            "submit": self.submit,
            "danger": self.danger,
            "current": self._current(),
        }

    def back_url(self) -> str:
        customer = reverse("customer", args=[self.visit.partner.slug, public("cus", self.target.customer_id)])
        return f"{customer}#{self._public_id}"

    def post(self, request: HttpRequest, **address: str) -> HttpResponse:
        """Without the script the first press shows the preview, and the second confirms it."""
        if "preview" in request.GET or request.POST.get("quote"):
            return super().post(request, **address)
        self.prepare(address)
        form = self.form(request.POST, request.FILES)
        is_complete = form.is_valid()
        return self.popup(form, self._preview(form), status=200 if is_complete else 422)

    def quote_view(self, quote: Quote, moved: tuple[Difference, ...]) -> dict[str, Any]:
        return shown(quote, moved=moved, summary=self.summary(*_only(quote.money)) if quote.money else "")

    def undo_url(self, outcome: door.Outcome) -> str:
        try:
            with tenant(self.visit.partner.pk):
                Undo.of(outcome.action_id, partner_id=self.visit.partner.pk)
        except NotFound:
            return ""
        return super().undo_url(outcome)

    def _quote_context(self, quote: Quote | None, moved: tuple[Difference, ...] = ()) -> dict[str, Any]:
        context = super()._quote_context(quote, moved)
        return context | {"ways": self.ways, "dependent": self.dependent or self.ways, "waits_for": self._waits_for()}

    def _waits_for(self) -> str:
        """What a person chooses before there is anything to preview."""
        return _("Choose first; what happens then appears here.")

    def _current(self) -> str:
        """“Basic · €100.00 per month · paid until 2 Apr 2026”."""
        deal, term = self.facts.deal, self.facts.billing.term
        parts = [deal.plan.name, price_text(deal)]
        if term:
            parts.append(_("until %(day)s") % {"day": day(term.period.ends_on)})
        return " · ".join(parts)

    def _done(self, outcome: door.Outcome) -> HttpResponse:
        """A toast where it went through; else a popup that says what happened and what to do."""
        _plan, planned = _only(outcome.plans)
        status = outcome.charges.get(self._subscription_id)
        ending = self.ending(planned, status)
        if ending is None:
            return super()._done(outcome)
        title, text, tone = ending
        is_page = not self.request.htmx  # type: ignore[attr-defined]
        invoice = planned.plan.invoice
        context = {
            "section": "customers",
            "popup_base": "panel/popup_page.html" if is_page else "panel/popup_part.html",
            "title": title,
            "subtitle": self.whom,
            "text": text,
            "tone": tone,
            "due": planned.due_now,
            "is_owed": tone == "amber" and (not outcome.charges or status is AttemptStatus.DECLINED),
            "is_declined": tone == "red",
            "subscription_id": self._public_id,
            "customer_id": public("cus", self.target.customer_id),
            "invoice_id": public("inv", invoice.id) if invoice else "",
            "again_url": self.request.path,
            "back_url": self.back_url(),
        }
        response = self.page_in_scope(self.result, context)
        response["HX-Trigger"] = "rows:changed"
        return response

    @property
    def _subscription_id(self) -> UUID:
        return self.facts.billing.subscription_id

    @property
    def _public_id(self) -> str:
        return public("sub", self._subscription_id)


class WhichSubscription(PanelView):
    """From a customer's row: the popup of its only subscription, or the question which one is meant."""

    http_method_names = ["get", "head"]
    popup: type[OfSubscription] = OfSubscription  # type: ignore[type-abstract]

    @property
    def permission(self) -> Permission:  # type: ignore[override]
        return self.popup.permission

    def get(self, request: HttpRequest, customer: str) -> HttpResponse:
        customer_id, visit = parse("cus", customer), self.visit
        name = detail.customer(visit.partner.pk, customer_id).name
        lines = lines_of(visit.partner.pk, [customer_id], now=visit.now).get(customer_id, [])
        route = f"subscription-{self.popup.address}"
        choices = [
            (line, reverse(route, args=[visit.partner.slug, public("sub", line.id)]))
            for line in lines
            if self.popup.concerns(line)
        ]
        if len(choices) == 1:
            return redirect(choices[0][1])
        is_page = not request.htmx  # type: ignore[attr-defined]
        context = {
            "section": "customers",
            "popup_base": "panel/popup_page.html" if is_page else "panel/popup_part.html",
            "title": self.popup.title,
            "name": name,
            "choices": choices,
            "back_url": reverse("customer", args=[visit.partner.slug, customer]),
        }
        return self.page("panel/actions/which_subscription.html", context)


def _only(plans: Sequence[ActionPlan]) -> tuple[MoneyPlan, Planned]:
    """The plan of a popup, which is for one subscription and was not refused."""
    plan = plans[0]
    if not isinstance(plan, MoneyPlan) or plan.planned is None:
        raise TypeError("a verb on a subscription makes a plan with money")
    return plan, plan.planned


def routes(at: str, popup: type[OfSubscription]) -> list[URLPattern]:
    """The popup's address at a subscription, and at a customer with the question before it."""
    return [
        path(
            f"{at}subscriptions/<str:subscription>/{popup.address}/",
            popup.as_view(),
            name=f"subscription-{popup.address}",
        ),
        path(
            f"{at}customers/<str:customer>/{popup.address}/",
            WhichSubscription.as_view(popup=popup),
            name=f"customer-{popup.address}",
        ),
    ]
