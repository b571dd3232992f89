from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerpanel.tenancy.fields import IdField
from partnerpanel.tenancy.models.partner import Partner


class MailSender(models.Model):
    """The address that a partner wants its mails to come from; they do while its domain is proved.

    `token` stands in the DNS as proof of ownership, another one for each row. `found` is, by record, what was found
    last; `looked_at` when. `broken_at` is since when a proved one is proved no more. `version` is the sequence of its
    last event. Beside the partner, since one partner at most may have proved a domain.
    """

    id = IdField()
    partner = models.OneToOneField(Partner, models.CASCADE, related_name="mail_sender")
    address = models.CharField(_("address"), max_length=254)
    domain = models.CharField(_("domain"), max_length=253)
    token = models.CharField(max_length=64, editable=False)
    set_at = models.DateTimeField(_("set"))
    proved_at = models.DateTimeField(_("proved"), null=True)
    broken_at = models.DateTimeField(_("broken"), null=True)
    looked_at = models.DateTimeField(_("looked for"), null=True)
    found: Any = models.JSONField(_("found"), default=dict)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("sender of mails")
        verbose_name_plural = _("senders of mails")
        constraints = [
            models.UniqueConstraint(
                fields=["domain"], condition=Q(proved_at__isnull=False), name="a_mail_domain_is_proved_at_one_partner"
            ),
            models.CheckConstraint(
                condition=Q(proved_at=None) | Q(broken_at=None), name="a_mail_sender_is_proved_or_broken"
            ),
        ]

    def __str__(self) -> str:
        return self.address
