from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerpanel.support.rules import SUBJECT_LENGTH, TEXT_LENGTH, Side, TicketState, Topic
from partnerpanel.tenancy.choices import known, values
from partnerpanel.tenancy.fields import TenantForeignKey
from partnerpanel.tenancy.rows import TenantModel


class Ticket(TenantModel):
    """Something that a customer asks, or is told, until it is closed. `version` counts its events."""

    deletable = False

    customer = TenantForeignKey("customers.Customer", models.PROTECT, related_name="+")
    subject = models.CharField(_("subject"), max_length=SUBJECT_LENGTH)
    topic = models.CharField(_("topic"), max_length=10, choices=values(Topic), default=Topic.GENERAL.value)
    state = models.CharField(_("state"), max_length=10, choices=values(TicketState))
    opened_by = models.CharField(_("opened by"), max_length=10, choices=values(Side))
    opened_at = models.DateTimeField(_("opened"))
    written_at = models.DateTimeField(_("last written"))
    closed_at = models.DateTimeField(_("closed"), null=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        constraints = [
            models.CheckConstraint(condition=known("state", TicketState), name="ticket_state_known"),
            models.CheckConstraint(condition=known("topic", Topic), name="ticket_topic_known"),
            models.CheckConstraint(condition=known("opened_by", Side), name="ticket_side_known"),
            models.CheckConstraint(
                condition=Q(state=TicketState.CLOSED.value) ^ Q(closed_at=None), name="a_closed_ticket_has_its_instant"
            ),
        ]
        indexes = [
            models.Index(fields=["partner", "customer", "-written_at", "-id"], name="tickets_of_customer"),
            models.Index(fields=["partner", "state", "-written_at", "-id"], name="tickets_by_state"),
        ]

    def __str__(self) -> str:
        return self.subject


class TicketMessage(TenantModel):
    """What somebody wrote in a ticket. `author_id` is a person of the partner's, None for the customer or a program."""

    updatable = ()

    ticket = TenantForeignKey(Ticket, models.PROTECT, related_name="+")
    side = models.CharField(_("written by"), max_length=10, choices=values(Side))
    author_id = models.UUIDField(_("author"), null=True)
    text = models.TextField(_("text"), max_length=TEXT_LENGTH)
    written_at = models.DateTimeField(_("written"))

    class Meta(TenantModel.Meta):
        verbose_name = _("message of a ticket")
        verbose_name_plural = _("messages of tickets")
        constraints = [models.CheckConstraint(condition=known("side", Side), name="ticket_message_side_known")]
        indexes = [models.Index(fields=["partner", "ticket", "id"], name="messages_of_ticket")]
