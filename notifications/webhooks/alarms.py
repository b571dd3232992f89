"""Mails to the partner's owners and admins about an endpoint that only fails: before it is switched off, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from notifications.webhooks.models import WebhookEndpoint
from notifications.webhooks.rules.states import DisabledReason
from partnerpanel.tenancy.models import Partner
from partnerpanel.tenancy.queries import managers_of, partner_by_id
from partnerpanel.tenancy.scope import tenant

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Alarm:
    """With a reason it is off; without one this is the warning, noted at `warned_at`."""

    partner_id: UUID
    endpoint_id: UUID
    url: str
    failing_since: datetime | None
    reason: DisabledReason | None = None
    warned_at: datetime | None = None


def tell(alarm: Alarm) -> None:
    """Outside any scope. A warning that cannot be mailed counts as none, so that the next failure warns again."""
    partner = partner_by_id(alarm.partner_id)
    addresses = managers_of(partner)
    if not addresses:
        return
    with translation.override(partner.locale):
        subject, body = _warning(alarm, partner) if alarm.reason is None else _off(alarm, partner)
    try:
        for address in addresses:
            send_mail(subject, body, None, [address])
    except Exception:
        log.exception("webhook_alarm_not_mailed", endpoint_id=str(alarm.endpoint_id))
        if alarm.reason is None:
            with tenant(alarm.partner_id):
                rows = WebhookEndpoint.objects.for_partner(alarm.partner_id).filter(pk=alarm.endpoint_id)
                rows.filter(warned_at=alarm.warned_at).update(warned_at=None)


def _warning(alarm: Alarm, partner: Partner) -> tuple[str, str]:
    return (
        _("%(partner)s: a webhook endpoint fails") % {"partner": partner.name},
        _(
            "Since %(since)s nothing that was sent to %(url)s has been taken. If it stays so, the endpoint is switched "
            "off in a day at the earliest.\n\nWhat was sent, and what came back: %(page)s\n"
        )
        % _facts(alarm, partner),
    )


def _off(alarm: Alarm, partner: Partner) -> tuple[str, str]:
    subject = _("%(partner)s: a webhook endpoint is switched off") % {"partner": partner.name}
    if alarm.reason is DisabledReason.GONE:
        body = _(
            "%(url)s answered 410 Gone, so nothing is sent there any more.\n\nTo switch it on again, and to send what "
            "was missed: %(page)s\n"
        )
    else:
        body = _(
            "Since %(since)s nothing that was sent to %(url)s has been taken, so nothing is sent there any more.\n\nTo "
            "switch it on again, and to send what was missed: %(page)s\n"
        )
    return subject, body % _facts(alarm, partner)


def _facts(alarm: Alarm, partner: Partner) -> dict[str, str]:
    since = alarm.failing_since.strftime("%Y-%m-%d %H:%M UTC") if alarm.failing_since else ""
    page = f"{settings.PUBLIC_URL}{reverse('settings-webhooks', args=[partner.slug])}"
    return {"since": since, "url": alarm.url, "page": page}
