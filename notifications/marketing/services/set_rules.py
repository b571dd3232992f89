"""How a partner sends marketing, changed by people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from notifications.marketing.models import MarketingRules
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.errors import Conflict, DomainError
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.actor import Actor

KIND = "marketing_rules"
MOST_A_MINUTE = 6000
FIELDS = ("needs_consent", "quiet_from", "quiet_until", "in_own_zone", "per_minute")


class InvalidMarketingRules(DomainError):
    """An hour that no day has, or more mails a minute than are allowed."""

    code = "invalid_marketing_rules"


class MarketingRulesMoved(Conflict):
    """Somebody else changed them since they were shown."""

    code = "marketing_rules_moved"


@dataclass(frozen=True, slots=True)
class WantedRules:
    """Hours are full hours of the day; the same hour twice means that it is never quiet."""

    needs_consent: bool
    quiet_from: int
    quiet_until: int
    in_own_zone: bool
    per_minute: int


def set_rules(wanted: WantedRules, *, version: int | None, actor: Actor, now: datetime) -> bool:
    """Whether anything changed. Raises InvalidMarketingRules, MarketingRulesMoved."""
    for field in ("quiet_from", "quiet_until"):
        if not 0 <= getattr(wanted, field) <= 23:
            raise InvalidMarketingRules(_("An hour is from 0 to 23."), field=field)
    if not 1 <= wanted.per_minute <= MOST_A_MINUTE:
        raise InvalidMarketingRules(_("Between 1 and 6,000 mails a minute."), field="per_minute")
    row = locked_rules(actor, now)
    if version not in (None, row.version):
        message = _("Somebody else changed this meanwhile. Look at it and repeat your change.")
        raise MarketingRulesMoved(message, field="version")
    changed = [field for field in FIELDS if getattr(row, field) != getattr(wanted, field)]
    if not changed:
        return False
    for field in changed:
        setattr(row, field, getattr(wanted, field))
    row.version, row.changed_at = row.version + 1, now
    row.save(update_fields=[*changed, "version", "changed_at"])
    data = {field: getattr(wanted, field) for field in changed}
    draft = EventDraft("marketing_rules.changed", KIND, row.pk, row.version, data=data)
    record([draft], actor=actor, action_id=uuid7(), now=now)
    return True


def locked_rules(actor: Actor, now: datetime) -> MarketingRules:
    """The row, made where there is none yet."""
    rows = MarketingRules.objects.for_partner(actor.partner_id)
    rows.bulk_create([MarketingRules(partner_id=actor.partner_id, changed_at=now)], ignore_conflicts=True)
    return rows.select_for_update().get()
