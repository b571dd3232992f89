"""The settings page about taxes: registration, rates, and a sample."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.tax.queries import OwnLine, RateLine, own_taxes, rate_lines, treatment_at
from billing.tax.rules.amounts import tax_of
from billing.tax.wording import KINDS, legal_notes, percent_text, tax_sentences
from customers.queries.taxed import TaxPlace
from customers.rules.tax_ids import InvalidTaxId, as_written, standard_form
from partnerpanel.kernel.clock import local_date
from partnerpanel.kernel.ids import public
from partnerpanel.kernel.money import InvalidMoney, Money
from partnerpanel.panel.listing import country_name
from partnerpanel.panel.money_input import read_amount
from partnerpanel.panel.page import PanelView
from partnerpanel.panel.refusals import refusal_of
from partnerpanel.panel.settings_tabs import settings_tabs
from partnerpanel.panel.tax_forms import SampleForm
from partnerpanel.panel.taxed_lines import tax_rows
from partnerpanel.panel.templatetags.formats import day


class TaxSettings(PanelView):
    """Where the partner is registered, its rates with their time, and what a sale would carry."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        partner, today = self.visit.partner, local_date(self.visit.now, self.visit.zone)
        form = SampleForm(request.GET if "amount" in request.GET else None)
        if not form.is_bound:
            form = SampleForm(initial={"amount": "100", "country": partner.country, "on": today.isoformat()})
        context = {
            "section": "settings",
            "tabs": settings_tabs(partner.slug, "settings-tax"),
            "own": _own(own_taxes(partner.pk)),
            "rates": [_rate(partner.slug, line) for line in rate_lines(partner.pk)],
            "today": today,
            "sample_form": form,
            "sample": self._sample(form) if form.is_bound and form.is_valid() else None,
        }
        return self.page("panel/taxes/settings.html", context)

    def _sample(self, form: SampleForm) -> dict[str, Any] | None:
        """The sample taken apart; None with the error at its field."""
        data, partner = form.cleaned_data, self.visit.partner
        try:
            price = read_amount(data["amount"], partner.currency)
        except InvalidMoney as error:
            form.add_error("amount", refusal_of(error))
            return None
        try:
            tax_id = standard_form(data["tax_id"], country=data["country"])
        except InvalidTaxId:
            form.add_error("tax_id", _("This is no valid tax id of that country."))
            return None
        place = TaxPlace(data["country"], data["region"].strip().upper(), tax_id, "")
        found = tax_of(price, treatment_at(partner.pk, place, data["on"]))
        total = Money.sum([found.net, *(part.amount for part in found.parts)], price.currency)
        return {
            "rows": list(tax_rows([found.parts], found.net)),
            "total": total,
            "sentences": tax_sentences(found.parts),
            "notes": legal_notes([found.parts]),
        }


def _own(line: OwnLine | None) -> dict[str, Any]:
    if line is None:
        return {"is_registered": False, "country": ""}
    own = line.own
    return {
        "is_registered": own.is_registered,
        "country": country_name(own.country),
        "region": own.region,
        "tax_id": as_written(own.tax_id, country=own.country),
        "elsewhere": [(_place(one.country), as_written(one.tax_id, country=one.country)) for one in own.registrations],
    }


def _place(code: str) -> str:
    return _("One-Stop Shop (EU)") if code == "EU" else country_name(code)


def _rate(slug: str, line: RateLine) -> Mapping[str, Any]:
    rate, tax, id_ = line.rate, line.rate.tax, public("txr", line.id)
    until = day(rate.valid_until) if rate.valid_until else _("until further notice")
    return {
        "name": tax.name,
        "kind": KINDS[tax.kind],
        "percent": percent_text(tax),
        "place": f"{country_name(tax.country)} · {tax.region}" if tax.region else country_name(tax.country),
        "told": _("in the price") if rate.is_inclusive else _("on top of the price"),
        "time": f"{day(rate.valid_from)} – {until}",
        "is_archived": line.is_archived,
        "starts": rate.valid_from,
        "ends": rate.valid_until,
        "version_url": reverse("tax-rate-version", args=[slug, id_]),
        "archive_url": reverse("tax-rate-archive", args=[slug, id_]),
        "restore_url": reverse("tax-rate-restore", args=[slug, id_]),
    }
