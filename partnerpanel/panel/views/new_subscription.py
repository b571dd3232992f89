"""The popup of *New subscription*."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.methods.queries import Method, default_method_of
from billing.rules.subscribing import FirstPayment
from customers.queries import detail
from partnerpanel.actions import door
from partnerpanel.actions.money_plan import MoneyPlan
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.quote import Difference, Quote
from partnerpanel.actions.subscribe import Subscribe
from partnerpanel.actions.verb import Target, Verb
from partnerpanel.kernel.clock import local_date
from partnerpanel.kernel.errors import DomainError
from partnerpanel.kernel.ids import parse, public
from partnerpanel.panel.lifecycle_forms import limit
from partnerpanel.panel.money_quote import price_text
from partnerpanel.panel.quote_view import shown
from partnerpanel.panel.start_forms import NewSubscriptionForm
from partnerpanel.panel.start_words import start_ending, start_summary, start_told
from partnerpanel.panel.views.popup import ActionPopup
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.changes import currencies_sold, plans_at
from subscriptions.queries.names import product_names
from subscriptions.rules.changes import Deal, PlanFacts


class NothingAgreed(DomainError):
    """The form names no plan."""

    code = "nothing_chosen"


class NewSubscriptionPopup(ActionPopup):
    """For one customer: any plan that is sold, in any of its currencies."""

    permission = Permission.SUBSCRIBE
    template: ClassVar[str] = "panel/actions/subscription.html"
    part: ClassVar[str] = "panel/actions/subscription_part.html"
    customer_id: UUID
    name: str
    zone: str
    method: Method | None
    plans: dict[str, PlanFacts]
    products: dict[UUID, str]

    def prepare(self, address: Mapping[str, str]) -> None:
        partner = self.visit.partner
        self.customer_id = parse("cus", address["customer"])
        with tenant(partner.pk):
            customer = detail.customer(partner.pk, self.customer_id)
            self.name, self.zone = customer.name, customer.timezone
            self.method = default_method_of(partner.pk, [self.customer_id]).get(self.customer_id)
            own_first = sorted(currencies_sold(partner.pk), key=lambda code: (code != partner.currency, code))
            sold = [plan for currency in own_first for plan in plans_at(partner.pk, currency) if plan.is_sellable]
            self.plans = {f"{public('plan', plan.id)}.{plan.price.currency}": plan for plan in sold}
            self.products = product_names(partner.pk, {plan.product_id for plan in sold})

    def form(self, data: Any = None, files: Any = None) -> Form:
        today = local_date(self.visit.now, self.zone)
        first = FirstPayment.CARD if self.method else FirstPayment.INVOICE
        form = NewSubscriptionForm(
            data,
            initial={"starts_on": today, "first_payment": first.value},
            groups=self._groups(),
            payments=self._payments(),
        )
        limit(form, "starts_on", first=today)
        return form

    def draft(self, form: Form) -> Verb | None:
        if not form.is_bound or form.errors or form.cleaned_data.get("plan") not in self.plans:
            return None
        return self.verb(form)

    def verb(self, form: Form) -> Verb:
        asked = form.cleaned_data
        plan = self.plans.get(asked.get("plan", ""))
        if plan is None:
            raise NothingAgreed(_("Choose a plan."), field="plan")
        today = local_date(self.visit.now, self.zone)
        return Subscribe(
            (Target(self.customer_id),),
            plan.id,
            plan.price.currency,
            asked["quantity"],
            asked["price"],
            None if asked["starts_on"] == today else asked["starts_on"],
            asked["trial_days"] or 0,
            asked["anchor_day"],
            asked["auto_renew"],
            FirstPayment(asked["first_payment"]),
            asked["coupon"],
        )

    def words(self) -> dict[str, Any]:
        return {
            "title": gettext_lazy("New subscription"),
            "subtitle": self.name,
            "submit": gettext_lazy("Yes, Start subscription"),
        }

    def said(self, outcome: door.Outcome) -> str:
        plan, planned = self._only(outcome)
        return start_told(plan, planned, charged=plan.subscription_id in outcome.charges)

    def back_url(self) -> str:
        return reverse("customer", args=[self.visit.partner.slug, public("cus", self.customer_id)])

    def undo_url(self, outcome: door.Outcome) -> str:
        """Nothing undoes it: it is cancelled, with what was paid for it."""
        return ""

    def post(self, request: HttpRequest, **address: str) -> HttpResponse:
        """Without the script the first press shows the preview, and the second confirms it."""
        if "preview" in request.GET or request.POST.get("quote"):
            return super().post(request, **address)
        self.prepare(address)
        form = self.form(request.POST, request.FILES)
        is_complete = form.is_valid()
        return self.popup(form, self._preview(form), status=200 if is_complete else 422)

    def quote_view(self, quote: Quote, moved: tuple[Difference, ...]) -> dict[str, Any]:
        planned = quote.money[0].planned if quote.money else None
        return shown(quote, moved=moved, summary=start_summary(planned) if planned else "")

    def _quote_context(self, quote: Quote | None, moved: tuple[Difference, ...] = ()) -> dict[str, Any]:
        waits_for = _("Choose a plan; what it costs and when it begins appears here.")
        if not self.plans:
            waits_for = _("There is no plan to sell yet. Make one under Products.")
        return super()._quote_context(quote, moved) | {"ways": (), "dependent": (), "waits_for": waits_for}

    def _done(self, outcome: door.Outcome) -> HttpResponse:
        plan, planned = self._only(outcome)
        status = outcome.charges.get(plan.subscription_id)
        ending = start_ending(planned, status)
        if ending is None:
            return super()._done(outcome)
        title, text, tone = ending
        is_page = not self.request.htmx  # type: ignore[attr-defined]
        invoice = planned.plan.invoice
        context = {
            "section": "customers",
            "popup_base": "panel/popup_page.html" if is_page else "panel/popup_part.html",
            "title": title,
            "subtitle": f"{planned.deal.plan.name} · {self.name}",
            "text": text,
            "tone": tone,
            "due": planned.due_now,
            "is_owed": status is None or status == "declined",
            "is_declined": False,
            "subscription_id": public("sub", plan.subscription_id),
            "customer_id": public("cus", self.customer_id),
            "invoice_id": public("inv", invoice.id) if invoice else "",
            "again_url": self.request.path,
            "back_url": self.back_url(),
        }
        response = self.page_in_scope("panel/actions/result.html", context)
        response["HX-Trigger"] = "rows:changed"
        return response

    @staticmethod
    def _only(outcome: door.Outcome) -> Any:
        plan = outcome.plans[0]
        if not isinstance(plan, MoneyPlan) or plan.planned is None:
            raise TypeError("a subscription that is made has a plan with money")
        return plan, plan.planned

    def _payments(self) -> list[tuple[str, Any]]:
        return ways_to_pay(f"{self.method.brand} {self.method.last4}" if self.method else "")

    def _groups(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """By product, each plan with its price."""
        found: defaultdict[UUID, list[tuple[str, str]]] = defaultdict(list)
        for key, plan in self.plans.items():
            found[plan.product_id].append((key, f"{plan.name} · {price_text(Deal(plan, 1, is_agreed=False))}"))
        return [(self.products[id_], found[id_]) for id_ in sorted(found, key=lambda id_: self.products[id_])]


def ways_to_pay(card: str) -> list[tuple[str, Any]]:
    """How a first period can be paid: by the card on file, if there is one, or by an invoice."""
    by_invoice = (FirstPayment.INVOICE.value, _("The customer pays an invoice; it begins when that is paid"))
    return [(FirstPayment.CARD.value, _("Charge %(card)s now") % {"card": card}), by_invoice] if card else [by_invoice]
