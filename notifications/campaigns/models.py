from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notifications.campaigns.rules.audience import TITLE_LENGTH
from notifications.campaigns.rules.states import CampaignState
from notifications.rules.template import LONGEST_SUBJECT
from partnerpanel.events.models import Event
from partnerpanel.queues.rows import DueModel, due_index
from partnerpanel.tenancy.choices import known, values
from partnerpanel.tenancy.fields import TenantForeignKey


class Campaign(DueModel):
    """One mail to many. Its recipients are messages about the `event` of its confirmation, which holds its words.

    `due_at` is set while its worker has something to do: when it begins, and then for each minute's share.
    """

    deletable = False
    longest_wait: ClassVar[None] = None

    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    topic = models.CharField(_("topic"), max_length=10, blank=True)
    template = models.CharField(_("template"), max_length=60, blank=True)
    subject = models.CharField(_("subject"), max_length=LONGEST_SUBJECT, blank=True)
    body = models.TextField(_("text"), blank=True)
    audience = models.JSONField(_("recipients"), default=dict)
    state = models.CharField(
        _("state"), max_length=10, choices=values(CampaignState), default=CampaignState.DRAFT.value
    )
    event = TenantForeignKey(Event, models.PROTECT, related_name="+", null=True, blank=True)
    send_at = models.DateTimeField(_("to be sent"), null=True, blank=True)
    created_at = models.DateTimeField(_("made"))
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    started_at = models.DateTimeField(_("begun"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta(DueModel.Meta):
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        constraints = [
            models.CheckConstraint(condition=known("state", CampaignState), name="campaign_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"]) | Q(event__isnull=False),
                name="campaign_confirmed_has_an_event",
            ),
        ]
        indexes = [
            due_index("campaign_due"),
            models.Index(fields=["partner", "-created_at", "-id"], name="campaigns_by_age"),
        ]

    def __str__(self) -> str:
        return self.title
