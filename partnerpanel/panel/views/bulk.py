"""Starting a bulk job from the list: which customers, what, and why."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar, cast
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from billing.rules.changes.cancelling import CancelWhen
from partnerpanel.actions.bulk import control
from partnerpanel.actions.cancel import Cancel
from partnerpanel.actions.change_plan import ChangePlan
from partnerpanel.actions.coupons import ApplyCoupon
from partnerpanel.actions.extend import Extend
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.reactivate import Reactivate
from partnerpanel.actions.set_limit import SetLimit
from partnerpanel.actions.suspend import Suspend
from partnerpanel.actions.tag import Tag
from partnerpanel.actions.verb import Verb
from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.kernel.ids import parse, public
from partnerpanel.offers.queries.survey import exit_reasons
from partnerpanel.panel import listing
from partnerpanel.panel.bulk_forms import BulkCancelForm, BulkChangePlanForm, BulkExtendForm, BulkTagForm
from partnerpanel.panel.coupon_forms import RedeemForm
from partnerpanel.panel.exit_words import reason_choices
from partnerpanel.panel.forms import BulkSuspendForm, ReactivateForm
from partnerpanel.panel.limit_forms import BulkLimitForm
from partnerpanel.panel.list_state import ListState
from partnerpanel.panel.page import PanelView
from partnerpanel.panel.refusals import refusal_of
from partnerpanel.panel.templatetags.formats import number
from partnerpanel.policy.rules.change import When
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.plan_choices import sellable_plans
from subscriptions.rules.states import HoldKind


class BulkForm(PanelView, ABC):
    """First POST, from the list: asks for the inputs. Second POST, with `start`: begins the job's preview."""

    permission = Permission.BULK
    http_method_names = ["post"]
    title: ClassVar[Any]
    hint: ClassVar[Any] = ""

    @abstractmethod
    def form(self, data: QueryDict | None) -> Form:
        """The form, bound to data where there is any."""

    @abstractmethod
    def verb(self, form: Form) -> Verb:
        """The verb of a valid form."""

    def post(self, request: HttpRequest) -> HttpResponse:
        chosen = self._chosen(request.POST)
        if not chosen:
            messages.error(request, _("Choose at least one customer."))
            return redirect("customers", self.visit.partner.slug)
        if "start" not in request.POST:
            return self._ask(self.form(None), chosen)
        form = self.form(request.POST)
        if not form.is_valid():
            return self._ask(form, chosen, status=422)
        try:
            job = control.start(self.verb(form), chosen, actor=self.visit.actor, now=self.visit.now)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, refusal_of(error))
            return self._ask(form, chosen, status=error.status)
        return redirect("job", self.visit.partner.slug, public("job", job))

    def _chosen(self, data: QueryDict) -> list[UUID]:
        """The rows chosen, or all that the list's filters match."""
        if data.get("all_matching"):
            with tenant(self.visit.partner.pk):
                return listing.matching(self.visit, ListState.read(QueryDict(data.get("filter", "").lstrip("?"))))
        chosen = []
        for text in data.getlist("id"):
            try:
                chosen.append(parse("cus", text))
            except NotFound:
                continue
        return chosen

    def _ask(self, form: Form, chosen: list[UUID], *, status: int = 200) -> HttpResponse:
        data = self.request.POST
        whole = bool(data.get("all_matching"))
        context = {
            "section": "customers",
            "popup_base": "panel/popup_page.html",
            "title": self.title,
            "hint": self.hint,
            "form": form,
            "action_url": self.request.path,
            "back_url": reverse("customers", args=[self.visit.partner.slug]),
            "count_text": ngettext("%(n)s customer", "%(n)s customers", len(chosen)) % {"n": number(len(chosen))},
            "all_matching": "1" if whole else "",
            "filter": data.get("filter", ""),
            "ids": [] if whole else [public("cus", id_) for id_ in chosen],
        }
        return self.page_in_scope("panel/actions/bulk.html", context, status=status)


class BulkSuspend(BulkForm):
    title = gettext_lazy("Suspend several accounts")

    def form(self, data: QueryDict | None) -> Form:
        return BulkSuspendForm(data, initial={"kind": HoldKind.MANUAL.value})

    def verb(self, form: Form) -> Verb:
        return Suspend((), HoldKind(form.cleaned_data["kind"]), form.cleaned_data["reason"])


class BulkReactivate(BulkForm):
    title = gettext_lazy("Reactivate several accounts")

    def form(self, data: QueryDict | None) -> Form:
        return ReactivateForm(data, initial={"kinds": [HoldKind.MANUAL.value, HoldKind.ABUSE.value]})

    def verb(self, form: Form) -> Verb:
        return Reactivate((), frozenset(map(HoldKind, form.cleaned_data["kinds"])), form.cleaned_data["reason"])


class BulkExtend(BulkForm):
    title = gettext_lazy("Extend several subscriptions")
    hint = gettext_lazy("Every subscription of these customers that has not ended is extended, and nothing is charged.")

    def form(self, data: QueryDict | None) -> BulkExtendForm:
        return BulkExtendForm(data)

    def verb(self, form: Form) -> Verb:
        wanted = cast(BulkExtendForm, form)
        return Extend((), wanted.cleaned_data["note"], wanted.months, wanted.wanted_days)


class BulkChangePlan(BulkForm):
    title = gettext_lazy("Change the plan of several subscriptions")
    hint = gettext_lazy("Of a customer with several subscriptions, those change that are of the plan’s own product.")

    def form(self, data: QueryDict | None) -> Form:
        partner_id = self.visit.partner.pk
        with tenant(partner_id):
            products = sellable_plans(partner_id)
        groups = [(name, [(public("plan", id_), text) for id_, text in plans]) for name, plans in products]
        return BulkChangePlanForm(data, groups=groups)

    def verb(self, form: Form) -> Verb:
        when = form.cleaned_data["when"]
        return ChangePlan((), parse("plan", form.cleaned_data["plan"]), When(when) if when else None)


class BulkCancel(BulkForm):
    title = gettext_lazy("Cancel several subscriptions")
    hint = gettext_lazy("Every subscription of these customers that has not ended is cancelled.")

    def form(self, data: QueryDict | None) -> Form:
        with tenant(self.visit.partner.pk):
            reasons = exit_reasons(self.visit.partner.pk)
        return BulkCancelForm(data, reasons=reason_choices(reasons))

    def verb(self, form: Form) -> Verb:
        asked = form.cleaned_data
        when, reason = CancelWhen(asked["when"]), asked["reason"]
        return Cancel((), when, reason, asked["note"], asked["credit_unused"])


class BulkApplyCoupon(BulkForm):
    title = gettext_lazy("Redeem a coupon on several subscriptions")
    hint = gettext_lazy(
        "It is redeemed on every subscription of these customers that has not ended, as far as it fits and its limits "
        "allow."
    )

    def form(self, data: QueryDict | None) -> Form:
        return RedeemForm(data)

    def verb(self, form: Form) -> Verb:
        return ApplyCoupon((), form.cleaned_data["coupon"])


class BulkTag(BulkForm):
    title = gettext_lazy("Tag several customers")

    def form(self, data: QueryDict | None) -> Form:
        return BulkTagForm(data)

    def verb(self, form: Form) -> Verb:
        wanted = cast(BulkTagForm, form)
        return Tag((), wanted.names("add"), wanted.names("remove"))


class BulkLimit(BulkForm):
    title = gettext_lazy("Set a limit for several subscriptions")
    hint = gettext_lazy("Every subscription of these customers that has this allowance and has not ended is limited.")

    def form(self, data: QueryDict | None) -> BulkLimitForm:
        return BulkLimitForm(data)

    def verb(self, form: Form) -> Verb:
        wanted = cast(BulkLimitForm, form)
        return SetLimit((), wanted.cleaned_data["allowance"], wanted.wanted, wanted.cleaned_data["reason"])
