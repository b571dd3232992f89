from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notifications.marketing.rules.reasons import NOTE_LENGTH, Answer, Source, Suppressed
from partnerpanel.tenancy.choices import known, values
from partnerpanel.tenancy.fields import TenantForeignKey
from partnerpanel.tenancy.rows import TenantModel


def _answer(label: object) -> models.CharField[str, str]:
    return models.CharField(label, max_length=6, choices=values(Answer), default=Answer.UNSAID.value)  # type: ignore[arg-type]


class MailChoice(TenantModel):
    """What a customer said of marketing, topic by topic; its events are the history. `version` counts them."""

    deletable = False

    customer = TenantForeignKey("customers.Customer", models.PROTECT, related_name="+")
    offers = _answer(_("offers"))
    tips = _answer(_("tips"))
    feedback = _answer(_("feedback"))
    source = models.CharField(_("said"), max_length=10, choices=values(Source))
    changed_at = models.DateTimeField(_("changed"))
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("choice of mails")
        verbose_name_plural = _("choices of mails")
        constraints = [
            models.UniqueConstraint(fields=["partner", "customer"], name="one_choice_of_mails"),
            *(
                models.CheckConstraint(condition=known(topic, Answer), name=f"mail_choice_{topic}_known")
                for topic in ("offers", "tips", "feedback")
            ),
            models.CheckConstraint(condition=known("source", Source), name="mail_choice_source_known"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Suppression(TenantModel):
    """An address that gets nothing of marketing, for one reason; one that is taken off the list is deleted."""

    updatable = ()

    address = models.EmailField(_("e-mail"), max_length=254)
    address_key = models.CharField(max_length=254, db_collation="C", editable=False)
    reason = models.CharField(_("reason"), max_length=12, choices=values(Suppressed))
    note = models.CharField(_("note"), max_length=NOTE_LENGTH, blank=True)
    since = models.DateTimeField(_("since"))

    class Meta(TenantModel.Meta):
        verbose_name = _("suppressed address")
        verbose_name_plural = _("suppressed addresses")
        constraints = [
            models.UniqueConstraint(fields=["partner", "address_key", "reason"], name="one_suppression_of_a_reason"),
            models.CheckConstraint(condition=known("reason", Suppressed), name="suppression_reason_known"),
        ]
        indexes = [models.Index(fields=["partner", "-since", "-id"], name="suppressions_by_age")]

    def __str__(self) -> str:
        return self.address


class MarketingRules(TenantModel):
    """How a partner sends marketing. `window_at` and `window_sent` count what campaigns hand over in a minute."""

    deletable = False

    needs_consent = models.BooleanField(_("only with consent"), default=False)
    quiet_from = models.PositiveSmallIntegerField(_("quiet from"), default=0)
    quiet_until = models.PositiveSmallIntegerField(_("quiet until"), default=0)
    in_own_zone = models.BooleanField(_("by the customer’s clock"), default=True)
    per_minute = models.PositiveIntegerField(_("mails a minute"), default=300)
    window_at = models.DateTimeField(null=True, editable=False)
    window_sent = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(_("changed"))
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("rules of marketing")
        verbose_name_plural = _("rules of marketing")
        constraints = [
            models.UniqueConstraint(fields=["partner"], name="one_set_of_marketing_rules"),
            models.CheckConstraint(
                condition=Q(quiet_from__lte=23, quiet_until__lte=23, per_minute__gte=1, per_minute__lte=6000),
                name="marketing_rules_within_bounds",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
