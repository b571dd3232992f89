from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerpanel.events.models import Event
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.choices import known, values
from partnerpanel.tenancy.fields import TenantForeignKey
from partnerpanel.tenancy.rows import AppendOnlyModel
from subscriptions.models.subscription import Subscription
from subscriptions.rules.movements import MovementKind


class Movement(AppendOnlyModel):
    """A change of monthly recurring revenue by one event, in signed minor units of its currency.

    All movements of a currency add up to the monthly recurring revenue in it.
    """

    event = TenantForeignKey(Event, models.PROTECT, related_name="+")
    customer = TenantForeignKey("customers.Customer", models.PROTECT, related_name="+")
    subscription = TenantForeignKey(Subscription, models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=12, choices=values(MovementKind))
    currency = models.CharField(_("currency"), max_length=3)
    amount = models.BigIntegerField(_("amount in minor units"))
    occurred_at = models.DateTimeField(_("occurred"))

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("movement of recurring revenue")
        verbose_name_plural = _("movements of recurring revenue")
        constraints = [
            # Only an import that changes the currency moves two of them at once.
            models.UniqueConstraint(fields=["partner", "event", "currency"], name="one_movement_per_event"),
            models.CheckConstraint(condition=known("kind", MovementKind), name="movement_kind_known"),
            models.CheckConstraint(condition=~Q(amount=0), name="movement_moves_something"),
        ]
        indexes = [
            models.Index(fields=["partner", "occurred_at"], name="movements_by_age"),
            models.Index(fields=["partner", "customer"], name="movements_of_customer"),
        ]

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)
