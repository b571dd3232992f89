from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notifications.rules.template import LONGEST_SUBJECT
from partnerpanel.tenancy.fields import TenantForeignKey
from partnerpanel.tenancy.rows import AppendOnlyModel, TenantModel

TITLE_LENGTH = 80


class OwnText(TenantModel):
    """A text in one language that stands in the place of the product's own, or that the product has none of.

    `name` is that of the product's text, or begins with `own_`. While it `is_default`, the product's text is in use.
    A further text of a `topic` is marketing; one of none is of service.
    """

    updatable = ("title", "topic", "subject", "body", "is_default", "archived_at", "version", "changed_at")
    deletable = False

    name = models.CharField(_("text"), max_length=60, editable=False)
    language = models.CharField(_("language"), max_length=10, editable=False)
    title = models.CharField(_("title"), max_length=TITLE_LENGTH, blank=True)
    topic = models.CharField(_("topic"), max_length=10, blank=True)
    subject = models.CharField(_("subject"), max_length=LONGEST_SUBJECT, blank=True)
    body = models.TextField(_("text"), blank=True)
    is_default = models.BooleanField(_("as it comes"), default=False)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(_("changed"))

    class Meta(TenantModel.Meta):
        verbose_name = _("own text")
        verbose_name_plural = _("own texts")
        constraints = [
            models.UniqueConstraint(fields=["partner", "name", "language"], name="one_own_text"),
            models.CheckConstraint(
                condition=Q(is_default=True) | (~Q(subject="") & ~Q(body="")), name="own_text_says_something"
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.name


class OwnTextVersion(AppendOnlyModel):
    """What an own text said from one change to the next; its number is that of the event that made it."""

    text = TenantForeignKey(OwnText, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(_("version"))
    subject = models.CharField(_("subject"), max_length=LONGEST_SUBJECT, blank=True)
    body = models.TextField(_("text"), blank=True)
    is_default = models.BooleanField(_("as it comes"), default=False)
    made_at = models.DateTimeField(_("made"))

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("version of an own text")
        verbose_name_plural = _("versions of own texts")
        constraints = [models.UniqueConstraint(fields=["partner", "text", "number"], name="one_version_of_an_own_text")]
