from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.gateway.news import Topic
from billing.incoming.states import NewsState
from partnerpanel.queues.rows import DueModel, due_index, parked_index
from partnerpanel.tenancy.choices import known, values


class GatewayNews(DueModel):
    """Something that a gateway told, once however often it is told. Ids alone: what it is about is asked for anew.

    `why` says for what is ignored why nothing depends on it.
    """

    updatable = ("state", "why", "done_at", "due_at", "leased_until", "attempts", "parked_at", "last_error")

    gateway = models.CharField(_("gateway"), max_length=30)
    ref = models.CharField(_("id at the gateway"), max_length=100)
    kind = models.CharField(_("kind"), max_length=80)
    topic = models.CharField(_("topic"), max_length=20, choices=values(Topic))
    about = models.CharField(_("about"), max_length=100)
    key = models.CharField(_("key"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=values(NewsState))
    why = models.CharField(_("why"), max_length=100, blank=True)
    said_at = models.DateTimeField(_("said"))
    received_at = models.DateTimeField(_("received"))
    done_at = models.DateTimeField(_("done"), null=True)

    class Meta(DueModel.Meta):
        verbose_name = _("news of a gateway")
        verbose_name_plural = _("news of gateways")
        constraints = [
            models.UniqueConstraint(fields=["partner", "gateway", "ref"], name="news_once_per_ref"),
            models.CheckConstraint(condition=known("topic", Topic), name="news_topic_known"),
            models.CheckConstraint(condition=known("state", NewsState), name="news_state_known"),
        ]
        indexes = [
            due_index("news_due"),
            parked_index("news_parked"),
            models.Index(fields=["partner", "-received_at"], name="news_by_age"),
        ]

    def __str__(self) -> str:
        return self.ref
