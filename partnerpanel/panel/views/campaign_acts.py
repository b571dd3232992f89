"""What is done to a campaign by one button: a test, a recall, stop, resume, and calling it off."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from partnerpanel.actions import campaigns
from partnerpanel.actions.permission import Permission
from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.kernel.ids import parse
from partnerpanel.panel.page import PanelView
from partnerpanel.panel.refusals import refusal_of
from partnerpanel.panel.views.campaigns import PREFIX


class _Acting(PanelView, ABC):
    permission = Permission.CAMPAIGN
    http_method_names = ["post"]

    def post(self, request: HttpRequest, campaign: str) -> HttpResponse:
        try:
            messages.success(request, self.act(parse(PREFIX, campaign)))
        except NotFound:
            raise
        except DomainError as error:
            messages.error(request, refusal_of(error))
        return redirect("campaign", self.visit.partner.slug, campaign)

    @abstractmethod
    def act(self, campaign_id: UUID) -> str:
        """Does it; the sentence of the toast."""


class TestCampaign(_Acting):
    def act(self, campaign_id: UUID) -> str:
        user: Any = self.request.user
        campaigns.send_test(
            campaign_id,
            language=self.visit.partner.locale,
            to_name=str(user),
            to=user.email,
            actor=self.visit.actor,
            now=self.visit.now,
        )
        return _("A test is sent to %(address)s.") % {"address": user.email}


class RecallCampaign(_Acting):
    def act(self, campaign_id: UUID) -> str:
        campaigns.recall_campaign(campaign_id, actor=self.visit.actor, now=self.visit.now)
        return _("It is recalled. Nobody got it; it is a draft again.")


class StopCampaign(_Acting):
    def act(self, campaign_id: UUID) -> str:
        campaigns.stop_campaign(campaign_id, actor=self.visit.actor, now=self.visit.now)
        return _("It is stopped. Nobody else gets it until you go on.")


class ResumeCampaign(_Acting):
    def act(self, campaign_id: UUID) -> str:
        campaigns.resume_campaign(campaign_id, actor=self.visit.actor, now=self.visit.now)
        return _("It goes on.")


class CancelCampaign(_Acting):
    def act(self, campaign_id: UUID) -> str:
        campaigns.cancel_campaign(campaign_id, actor=self.visit.actor, now=self.visit.now)
        return _("It is called off.")
