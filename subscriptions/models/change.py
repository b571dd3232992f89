from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerpanel.tenancy.choices import known, values
from partnerpanel.tenancy.fields import TenantForeignKey
from partnerpanel.tenancy.rows import TenantModel
from subscriptions.models.catalogue import Plan
from subscriptions.models.subscription import Subscription
from subscriptions.rules.changes import OPEN_STATES, ChangeKind, ChangeState, Direction


class Change(TenantModel):
    """One change of what was agreed, from its making on: what stood before, and what it sets.

    It waits for the renewal or for its payment, or it has happened. What it says never changes, only where it stands.
    Prices are of one unit, in minor units of the subscription's currency. Dates are those of the newest term:
    `starts_on` is set where a new term begins, `ends_on` where the end moves.
    """

    updatable = ("state", "settled_at", "term_after")
    deletable = False

    subscription = TenantForeignKey(Subscription, models.PROTECT, related_name="+")
    customer = TenantForeignKey("customers.Customer", models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=12, choices=values(ChangeKind))
    state = models.CharField(_("state"), max_length=10, choices=values(ChangeState))
    direction = models.CharField(_("direction"), max_length=7, blank=True)

    plan_before = TenantForeignKey(Plan, models.PROTECT, related_name="+")
    quantity_before = models.PositiveIntegerField(_("quantity before"), default=1)
    price_before = models.BigIntegerField(_("price before"))
    agreed_before = models.BooleanField(_("price was agreed"), default=False)
    anchor_before = models.DateField(_("anchor before"))
    ends_before = models.DateField(_("period ended"), null=True)
    term_before = models.PositiveIntegerField(_("term before"), null=True)

    plan = TenantForeignKey(Plan, models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    price_amount = models.BigIntegerField(_("price"))
    price_is_agreed = models.BooleanField(_("price agreed"), default=False)
    anchor_on = models.DateField(_("anchor"), null=True)
    starts_on = models.DateField(_("new term from"), null=True)
    ends_on = models.DateField(_("period ends"), null=True)
    term_after = models.PositiveIntegerField(_("term after"), null=True)
    addon: Any = models.JSONField(_("add-on"), null=True)

    reverses = TenantForeignKey("self", models.PROTECT, null=True, related_name="+")
    action_id = models.UUIDField(_("made by"))
    made_at = models.DateTimeField(_("made"))
    settled_at = models.DateTimeField(_("settled"), null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "subscription"],
                condition=Q(state__in=[state.value for state in OPEN_STATES]),
                name="one_open_change_per_subscription",
            ),
            models.CheckConstraint(condition=known("kind", ChangeKind), name="change_kind_known"),
            models.CheckConstraint(condition=known("state", ChangeState), name="change_state_known"),
            models.CheckConstraint(
                condition=Q(direction="") | known("direction", Direction), name="change_direction_known"
            ),
        ]
        indexes = [models.Index(fields=["partner", "subscription", "-made_at", "-id"], name="changes_of_subscription")]
