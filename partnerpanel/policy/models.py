from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from partnerpanel.policy.rules.presets import Preset
from partnerpanel.policy.rules.scopes import ScopeKind
from partnerpanel.tenancy.choices import known, values
from partnerpanel.tenancy.rows import AppendOnlyModel


class PolicyVersion(AppendOnlyModel):
    """What one level of a partner's policy says, from then on; the newest version of a scope counts.

    `document` holds the keys that this level sets and no others; it replaces the version before. `preset` is the base
    that the partner chose, at the partner's own level alone; empty, the platform's holds.
    """

    scope_kind = models.CharField(_("level"), max_length=20, choices=values(ScopeKind))
    scope_id = models.UUIDField(_("belongs to"))
    version = models.PositiveIntegerField(_("version"))
    preset = models.CharField(_("preset"), max_length=20, choices=values(Preset), blank=True)
    document = models.JSONField(_("settings"), default=dict)
    created_at = models.DateTimeField(_("created"))
    actor_kind = models.CharField(_("actor"), max_length=20)
    actor_id = models.UUIDField(_("actor id"), null=True)

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("version of the policy")
        verbose_name_plural = _("versions of the policy")
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "scope_kind", "scope_id", "version"], name="one_policy_per_version"
            ),
            models.CheckConstraint(condition=known("scope_kind", ScopeKind), name="policy_scope_kind_known"),
            models.CheckConstraint(condition=Q(version__gte=1), name="policy_versions_count_from_one"),
            models.CheckConstraint(
                condition=~Q(scope_kind=ScopeKind.PARTNER.value) | Q(scope_id=F("partner_id")),
                name="policy_of_the_partner_itself",
            ),
            models.CheckConstraint(
                condition=Q(preset="") | (Q(scope_kind=ScopeKind.PARTNER.value) & known("preset", Preset)),
                name="policy_preset_of_the_partner_alone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope_kind} {self.version}"
