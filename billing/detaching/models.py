from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from partnerpanel.queues.rows import DueModel, due_index


class CardToDetach(DueModel):
    """A card that nobody here charges any more, until its gateway has let it go; then the row goes, too.

    It holds the gateway's id itself: erasing a customer clears that of the payment method.
    """

    updatable = ("due_at", "leased_until", "attempts", "parked_at", "last_error")

    gateway = models.CharField(_("gateway"), max_length=30)
    gateway_ref = models.CharField(_("id at the gateway"), max_length=200)

    class Meta(DueModel.Meta):
        verbose_name = _("card to detach")
        verbose_name_plural = _("cards to detach")
        constraints = [
            models.UniqueConstraint(fields=["partner", "gateway", "gateway_ref"], name="a_card_is_detached_once")
        ]
        indexes = [due_index("detaching_due")]

    def __str__(self) -> str:
        return self.gateway_ref
