"""Every day the proof of each host is looked for; who loses it is warned, and after seven days switched off."""

from __future__ import annotations

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from partnerpanel.hosts.dns import Proof, look_for
from partnerpanel.hosts.services import DAYS, settle
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.errors import DomainError
from partnerpanel.tenancy.actor import Actor, ActorKind
from partnerpanel.tenancy.hosts import proved_hosts
from partnerpanel.tenancy.models import Host, Partner
from partnerpanel.tenancy.queries import managers_of
from partnerpanel.tenancy.scope import tenant

log = structlog.get_logger(__name__)


def check_hosts() -> int:
    """Looks at every proved host; how many are without proof. Opens scopes of its own."""
    missing = 0
    for host in proved_hosts():
        try:
            missing += _checked(host)
        except DomainError:
            continue  # removed meanwhile
        except Exception:
            log.exception("host_not_checked", host_id=str(host.pk))
    return missing


def _checked(host: Host) -> bool:
    proof, at = look_for(host.name, host.token), system_now()
    actor = Actor(ActorKind.SYSTEM, host.partner_id)
    with tenant(host.partner_id):
        after = settle(host.pk, proof, actor=actor, now=at, on=at.date())
    is_news = after.failed_days > host.failed_days and (after.lapsed_at is not None or after.failed_days == 1)
    if proof is Proof.MISSING and is_news:
        _tell(host.partner, after)
    return proof is Proof.MISSING


def _tell(partner: Partner, host: Host) -> None:
    with translation.override(partner.locale):
        words = {
            "partner": partner.name,
            "host": host.name,
            "days": DAYS,
            "page": f"{settings.PUBLIC_URL}{reverse('settings-domain', args=[partner.slug])}",
        }
        if host.lapsed_at is None:
            subject = _("%(partner)s: the proof of %(host)s is gone") % words
            body = _(
                "The TXT record that proves %(host)s was not found. If it is not back within %(days)s days, your "
                "portal answers there no more.\n\nWhat it has to say: %(page)s\n"
            )
        else:
            subject = _("%(partner)s: %(host)s is switched off") % words
            body = _(
                "The TXT record that proves %(host)s was not found for %(days)s days, so your portal answers there no "
                "more, and links lead to another address.\n\nTo switch it on again: %(page)s\n"
            )
        for address in managers_of(partner):
            send_mail(subject, body % words, None, [address])
