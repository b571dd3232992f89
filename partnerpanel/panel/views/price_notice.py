"""The popup of a new price for those who hold a plan: it leads to a bulk job, which is previewed and confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.rules.changes.price_notice import NOTICE_DAYS, Holders
from partnerpanel.actions.announce_price import AnnouncePrice
from partnerpanel.actions.bulk import control
from partnerpanel.kernel.clock import local_date
from partnerpanel.kernel.errors import DomainError
from partnerpanel.kernel.ids import parse, public
from partnerpanel.panel.money_input import amount_text
from partnerpanel.panel.price_notice_forms import PriceNoticeForm
from partnerpanel.panel.templatetags.formats import money_text, number
from partnerpanel.panel.templatetags.intervals import per_interval
from partnerpanel.panel.views.catalogue_popup import CataloguePopup
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.catalogue import PlanLine, plan_line
from subscriptions.queries.plan_holders import HolderFacts, PaidPrice, holder_facts, holders_of


class NobodyHolds(DomainError):
    """There is nobody who could get a new price."""

    code = "nobody_holds"


class PriceNoticePopup(CataloguePopup):
    """Who pays what now and would pay; the confirmation prepares a job over all of them."""

    plan: PlanLine
    holders: HolderFacts
    job: UUID

    def prepare(self, address: Mapping[str, str]) -> None:
        partner_id, plan_id = self.visit.partner.pk, parse("plan", address["plan"])
        with tenant(partner_id):
            self.plan = plan_line(partner_id, plan_id)
            self.holders = holder_facts(partner_id, plan_id)

    def build(self, data: Any = None) -> Form:
        today = local_date(self.visit.now, self.visit.partner.timezone)
        prices = [(price.currency, amount_text(price)) for price in self.plan.prices]
        return PriceNoticeForm(data, initial={"prices": prices, "from_on": today + timedelta(days=NOTICE_DAYS)})

    def quote(self, form: Form | None) -> dict[str, Any]:
        held = self.plan.held.subscriptions
        if not held:
            raise NobodyHolds(_("Nobody holds this plan."))
        text = ngettext("%(n)s subscription holds this plan.", "%(n)s subscriptions hold this plan.", held) % {
            "n": number(held)
        }
        mailed = _("Each one whose price changes is mailed; the next page shows the mail.")
        shown: dict[str, Any] = {"summary": text, "no_mail": mailed}
        return shown if form is None else {**shown, "changes": [self._row(one, form) for one in self.holders.prices]}

    def save(self, form: Form) -> str:
        data, partner_id = form.cleaned_data, self.visit.partner.pk
        verb = AnnouncePrice(
            (),
            self.plan.id,
            tuple(data["prices"]),
            data["from_on"],
            Holders(data["holders"]),
            data["notice_days"],
        )
        with tenant(partner_id):
            customers = holders_of(partner_id, self.plan.id)
        self.job = control.start(verb, customers, actor=self.visit.actor, now=self.visit.now)
        return _("The preview is being prepared.")

    def words(self) -> dict[str, Any]:
        return {
            "title": _("New price for those who hold %(name)s") % {"name": self.plan.name},
            "subtitle": per_interval(self.plan.interval_unit, self.plan.interval_count),
            "submit": _("Prepare the preview"),
            "note": _("Nothing is changed before you have seen it and confirmed."),
            "currencies": sorted({one.price.currency for one in self.holders.prices}),
        }

    def back_url(self) -> str:
        return reverse("plan", args=[self.visit.partner.slug, public("plan", self.plan.id)])

    def succeeded(self, text: str, undo_url: str) -> HttpResponse:
        where = reverse("job", args=[self.visit.partner.slug, public("job", self.job)])
        if not self.request.htmx:  # type: ignore[attr-defined]
            return redirect(where)
        return HttpResponse(headers={"HX-Redirect": where})

    def _row(self, one: PaidPrice, form: Form) -> dict[str, str]:
        """Those who pay this price, and what they would pay."""
        pattern = ngettext("%(n)s subscription", "%(n)s subscriptions", one.subscriptions)
        label = pattern % {"n": number(one.subscriptions)}
        if one.is_agreed:
            label = _("%(text)s with a price of their own") % {"text": label}
        return {"label": label, "was": money_text(one.price), "will": money_text(self._new_price(one, form))}

    def _new_price(self, one: PaidPrice, form: Form) -> Any:
        holders = Holders(form.cleaned_data["holders"])
        new = {price.currency: price for price in form.cleaned_data["prices"]}
        is_spared = one.is_agreed and holders is not Holders.EVERYBODY
        at_list = holders is Holders.UNLIKE_LIST and one.price in self.plan.prices
        return one.price if is_spared or at_list else new.get(one.price.currency, one.price)
