"""Campaigns: the list, a draft, and one with what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from customers.queries import lists
from notifications.campaigns.queries import campaign, campaign_page, figures_of, recipients
from notifications.marketing.rules.topics import Topic
from notifications.sheets import preview_of
from partnerpanel.actions import campaigns
from partnerpanel.actions.campaigns import Audience, CampaignState
from partnerpanel.actions.permission import Permission
from partnerpanel.events.queries import of_object
from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.kernel.ids import parse, public
from partnerpanel.panel import export
from partnerpanel.panel.asked import OneTab, asked
from partnerpanel.panel.campaign_forms import TYPED_ABOVE, CampaignForm, ConfirmForm, chosen_in, of_state
from partnerpanel.panel.campaign_words import audience_text, figure_lines, reasons, recipient_row
from partnerpanel.panel.catalogue_words import history
from partnerpanel.panel.list_state import ListState
from partnerpanel.panel.listing import country_name
from partnerpanel.panel.mail_frames import around
from partnerpanel.panel.marketing_words import LEFT_OUT, TOPICS
from partnerpanel.panel.page import PanelView
from partnerpanel.panel.refusals import refusal_of
from partnerpanel.panel.views.message import template_choices
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.summaries import plan_choices

PREFIX = "cmp"
SHOWN, EVENTS = 50, 20
LIVE = (CampaignState.SCHEDULED, CampaignState.SENDING)


def plan_names(partner_id: UUID) -> list[tuple[str, str]]:
    """Plans by their public ids."""
    return [(public("plan", id_), name) for id_, name in plan_choices(partner_id)]


class Campaigns(PanelView):
    """The newest first, with what became of each."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        wanted, partner = asked(request, OneTab), self.visit.partner
        page = wanted.page(lambda cursor: campaign_page(partner.pk, cursor=cursor))
        figures, plans = figures_of(partner.pk, page.rows), dict(plan_names(partner.pk))
        context = wanted.context(page) | {
            "section": "campaigns",
            "rows": [
                (row, figures[row.pk], audience_text(Audience.read(row.audience), plans), TOPICS.get(row.topic, ""))
                for row in page.rows
            ],
        }
        return self.page("panel/campaigns/list.html", context)


class CampaignDraftPage(PanelView):
    """What is said to whom; saving leads to its preview. From the customers' list it comes with a filter, or with
    customers chosen there."""

    permission = Permission.CAMPAIGN
    http_method_names = ["get", "head", "post"]
    reads_in_scope = False
    campaign_id: UUID | None = None

    def get(self, request: HttpRequest, campaign: str = "") -> HttpResponse:
        if campaign:
            row = self._found(campaign)
            audience = Audience.read(row.audience)
            initial = {
                name: getattr(row, name) for name in ("title", "topic", "template", "subject", "body", "version")
            }
            asked = {name: getattr(audience, name) for name in of_state(ListState())}
            return self._page(self._form(None, initial | asked), audience.customers)
        return self._page(self._form(None, of_state(ListState.read(request.GET))), ())

    def post(self, request: HttpRequest, campaign: str = "") -> HttpResponse:
        if campaign:
            self._found(campaign)
        if "start" not in request.POST:
            return self._from_list(request.POST)
        form, chosen = self._form(request.POST), chosen_in(request.POST)
        if not form.is_valid():
            return self._page(form, chosen, status=422)
        try:
            saved = self._save(form, chosen)
        except NotFound as error:
            if error.field not in form.fields:
                raise
            form.add_error(error.field, refusal_of(error))
            return self._page(form, chosen, status=422)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, refusal_of(error))
            return self._page(form, chosen, status=error.status)
        return redirect("campaign", self.visit.partner.slug, public(PREFIX, saved))

    def _save(self, form: CampaignForm, chosen: Sequence[UUID]) -> UUID:
        draft, by = form.draft(chosen), {"actor": self.visit.actor, "now": self.visit.now}
        if self.campaign_id is None:
            return campaigns.create_campaign(draft, **by)  # type: ignore[arg-type]
        campaigns.change_campaign(self.campaign_id, draft, version=form.cleaned_data["version"], **by)  # type: ignore[arg-type]
        return self.campaign_id

    def _from_list(self, data: QueryDict) -> HttpResponse:
        """The bulk bar: all that match, or the rows that were chosen."""
        if data.get("all_matching"):
            return self._page(
                self._form(None, of_state(ListState.read(QueryDict(data.get("filter", "").lstrip("?"))))), ()
            )
        chosen = chosen_in(data)
        if not chosen:
            messages.error(self.request, _("Choose at least one customer."))
            return redirect("customers", self.visit.partner.slug)
        return self._page(self._form(None, {}), chosen)

    def _found(self, campaign_id: str) -> Any:
        self.campaign_id = parse(PREFIX, campaign_id)
        with tenant(self.visit.partner.pk):
            return campaign(self.visit.partner.pk, self.campaign_id)

    def _form(self, data: QueryDict | None, initial: dict[str, Any] | None = None) -> CampaignForm:
        partner_id = self.visit.partner.pk
        templates = template_choices(partner_id)
        # Who writes to many mostly advertises; a mail of service is chosen on purpose.
        initial = {"topic": Topic.OFFERS.value} | (initial or {})
        with tenant(partner_id):
            countries = [(code, country_name(code)) for code in lists.countries(partner_id)]
            return CampaignForm(
                data,
                initial=initial,
                templates=templates,
                plans=plan_names(partner_id),
                tags=lists.tags(partner_id),
                countries=sorted(countries, key=lambda pair: pair[1]),
            )

    def _page(self, form: CampaignForm, chosen: Sequence[UUID], *, status: int = 200) -> HttpResponse:
        slug = self.visit.partner.slug
        back = reverse("campaigns", args=[slug])
        if self.campaign_id is not None:
            back = reverse("campaign", args=[slug, public(PREFIX, self.campaign_id)])
        new_url = reverse("campaign-new", args=[slug])
        context = {
            "section": "campaigns",
            "crumbs": [{"text": _("Campaigns"), "url": reverse("campaigns", args=[slug])}],
            "title": _("New campaign") if self.campaign_id is None else _("Change the campaign"),
            "form": form,
            "action_url": new_url if self.campaign_id is None else self.request.path,
            "back_url": back,
            "ids": [public("cus", id_) for id_ in chosen],
            "chosen_text": audience_text(Audience(tuple(chosen)), {}) if chosen else "",
        }
        return self.page_in_scope("panel/campaigns/draft.html", context, status=status)


class CampaignPage(PanelView):
    """A draft as it would be sent, or what became of one that was confirmed."""

    http_method_names = ["get", "head"]
    reads_in_scope = False

    def get(self, request: HttpRequest, campaign: str) -> HttpResponse:
        return self.shown(parse(PREFIX, campaign), None)

    def shown(self, campaign_id: UUID, form: ConfirmForm | None, *, status: int = 200) -> HttpResponse:
        partner, slug = self.visit.partner, self.visit.partner.slug
        with tenant(partner.pk):
            row = campaign(partner.pk, campaign_id)
            context = {
                "section": "campaigns",
                "crumbs": [{"text": _("Campaigns"), "url": reverse("campaigns", args=[slug])}],
                "campaign": row,
                "campaign_id": public(PREFIX, row.pk),
                "topic": TOPICS.get(row.topic, ""),
                "audience": audience_text(Audience.read(row.audience), dict(plan_names(partner.pk))),
                "events": history(of_object(partner.pk, "campaign", row.pk, limit=EVENTS)),
                "is_live": row.state in LIVE,
            }
            if row.event_id is not None:
                figures = figures_of(partner.pk, [row])[row.pk]
                context |= {
                    "figures": figures,
                    "figure_lines": figure_lines(figures),
                    "rows": [recipient_row(one) for one in recipients(row, limit=SHOWN)],
                }
        if row.event_id is None:
            context |= self._preview(row, form)
        page = self.page_in_scope("panel/campaigns/detail.html", context, status=status)
        letter = context.get("letter")
        return around(page, letter.look) if letter else page

    def _preview(self, row: Any, form: ConfirmForm | None) -> dict[str, Any]:
        wanted = self.request.GET.get("customer", "")
        try:
            found = campaigns.preview_campaign(
                row.pk,
                customer_id=parse("cus", wanted) if wanted else None,
                actor=self.visit.actor,
                now=self.visit.now,
            )
        except DomainError as error:
            return {"wrong": refusal_of(error)}
        initial = {"recipients": found.reach.sent, "version": row.version}
        return {
            "reach": found.reach,
            "reasons": reasons(found.reach),
            "letter": found.letter,
            "mail": preview_of(found.letter) if found.letter else "",
            "read_by": [(one, public("cus", one.id)) for one in found.recipients],
            "left_out": [(one, LEFT_OUT[one.left_out]) for one in found.left_out if one.left_out],
            "must_type": found.reach.sent > TYPED_ABOVE,
            "confirm": form or ConfirmForm(initial=initial),
        }


class ConfirmCampaign(CampaignPage):
    """Sends it, after five minutes in which it can be recalled."""

    permission = Permission.CAMPAIGN
    http_method_names = ["post"]

    def post(self, request: HttpRequest, campaign: str) -> HttpResponse:
        campaign_id, form = parse(PREFIX, campaign), ConfirmForm(request.POST)
        if not form.is_valid():
            return self.shown(campaign_id, form, status=422)
        data = form.cleaned_data
        try:
            campaigns.confirm_campaign(
                campaign_id,
                recipients=data["recipients"],
                send_at=data["send_at"],
                version=data["version"],
                actor=self.visit.actor,
                now=self.visit.now,
            )
        except NotFound:
            raise
        except DomainError as error:
            messages.error(request, refusal_of(error))
        else:
            messages.success(request, _("It is confirmed. You can recall it until it begins."))
        return redirect("campaign", self.visit.partner.slug, campaign)


class CampaignResults(PanelView):
    """Every recipient with what became of it, as CSV."""

    permission = Permission.EXPORT
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, campaign: str) -> HttpResponse:
        row = _of(self.visit.partner.pk, campaign)
        header = ["customer", _("Name"), _("E-mail"), _("State"), _("Why"), _("When")]
        lines = (_cells(recipient_row(one)) for one in (recipients(row) if row.event_id else ()))
        headers = {"Content-Disposition": f'attachment; filename="{campaign}.csv"'}
        return HttpResponse(export.csv_text(header, lines), content_type="text/csv; charset=utf-8", headers=headers)


def _of(partner_id: UUID, campaign_id: str) -> Any:
    return campaign(partner_id, parse(PREFIX, campaign_id))


def _cells(row: dict[str, Any]) -> tuple[object, ...]:
    at = row["at"].isoformat() if row["at"] else ""
    return public("cus", row["customer_id"]), row["name"], row["address"], row["state"], row["why"], at
