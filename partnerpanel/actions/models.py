from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from partnerpanel.actions.bulk.states import JobState, RowState
from partnerpanel.actions.checkout.models import Checkout, CheckoutLink
from partnerpanel.queues.rows import DueModel, due_index
from partnerpanel.tenancy.fields import TenantForeignKey
from partnerpanel.tenancy.rows import TenantModel

__all__ = ["BulkJob", "BulkRow", "Checkout", "CheckoutLink"]


class BulkJob(DueModel):
    """One verb over many customers or their subscriptions: previewed, confirmed, then worked through in chunks, each
    row once.

    The job's id is the action id of everything it does. The counts are those of its rows.
    """

    verb = models.CharField(_("action"), max_length=30)
    inputs: Any = models.JSONField(_("inputs"), default=dict)
    state = models.CharField(_("state"), max_length=10, choices=JobState.choices, default=JobState.PREVIEWING)
    total = models.PositiveIntegerField(_("rows"), default=0)
    planned = models.PositiveIntegerField(_("to do"), default=0)
    refused = models.PositiveIntegerField(_("nothing to do"), default=0)
    done = models.PositiveIntegerField(_("done"), default=0)
    skipped = models.PositiveIntegerField(_("skipped"), default=0)
    failed = models.PositiveIntegerField(_("failed"), default=0)
    mails = models.PositiveIntegerField(_("mails"), default=0)
    steps = models.PositiveIntegerField(_("steps at the service"), default=0)
    sample: Any = models.JSONField(_("one of the mails"), default=dict)
    actor_id = models.UUIDField(_("started by"), null=True)
    actor_kind = models.CharField(_("kind of who started it"), max_length=20, default="user")
    actor_role = models.CharField(_("role"), max_length=20, blank=True)
    request_id = models.CharField(_("request"), max_length=64, blank=True)
    created_at = models.DateTimeField(_("created"))
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta(DueModel.Meta):
        verbose_name = _("bulk job")
        verbose_name_plural = _("bulk jobs")
        indexes = [
            due_index("bulk_due"),
            models.Index(fields=["partner", "-created_at"], name="bulk_jobs_by_age"),
        ]


class BulkRow(TenantModel):
    """One customer of a job, or one of its subscriptions: old → new as previewed, and what became of it.

    `refusal` is the code of what `message` says. Amounts are as previewed, in minor units: `due` is asked of the
    customer, `given_back` goes to the balance and is below zero where it comes from there, `mrr` is monthly recurring
    revenue once all has taken effect. `attempt_id` is the charge that was asked for.
    """

    job = TenantForeignKey(BulkJob, models.CASCADE, related_name="+")
    position = models.PositiveIntegerField(_("position"))
    customer = TenantForeignKey("customers.Customer", models.PROTECT, related_name="+")
    subscription = TenantForeignKey("subscriptions.Subscription", models.PROTECT, null=True, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=RowState.choices, default=RowState.NEW)
    facts: Any = models.JSONField(_("as previewed"), default=dict)
    before = models.CharField(_("before"), max_length=300, blank=True)
    after = models.CharField(_("after"), max_length=300, blank=True)
    refusal = models.CharField(_("why not"), max_length=40, blank=True)
    message = models.CharField(_("message"), max_length=300, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    due = models.BigIntegerField(_("due now"), default=0)
    given_back = models.BigIntegerField(_("to the balance"), default=0)
    mrr_before = models.BigIntegerField(_("monthly before"), default=0)
    mrr_after = models.BigIntegerField(_("monthly after"), default=0)
    attempt_id = models.UUIDField(_("charge"), null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("row of a bulk job")
        verbose_name_plural = _("rows of bulk jobs")
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "job", "customer", "subscription"],
                nulls_distinct=False,
                name="a_target_once_per_job",
            ),
        ]
        indexes = [models.Index(fields=["partner", "job", "state", "position"], name="bulk_rows_by_state")]
