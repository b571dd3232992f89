"""Noticing that beat is dead: workers and web look, since beat itself cannot say so.

All of them look, and a compare-and-set on beat's row decides who speaks: the log hears of it once per interval, the
operator once per outage and once when it is over.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from partnerpanel.operations.heartbeats import BEAT, patience
from partnerpanel.operations.models import Heartbeat
from partnerpanel.operations.rules.silence import is_noted, is_silent

log = structlog.get_logger(__name__)


def watch(*, now: datetime) -> None:
    """Looks once. Before beat's first tick it begins to wait for it."""
    waited: timedelta = patience()
    beat, _made = Heartbeat.objects.get_or_create(name=BEAT, defaults={"at": now})
    mine = Heartbeat.objects.filter(name=BEAT)
    if is_silent(beat.at, now=now, patience=waited):
        silent = mine.filter(at=beat.at)
        unsaid = Q(noted_at=None) | Q(noted_at__lt=now - waited)
        if not is_noted(beat.noted_at, now=now, patience=waited) and silent.filter(unsaid).update(noted_at=now):
            log.error("beat_silent", last_seen_at=beat.at.isoformat(), seconds=round((now - beat.at).total_seconds()))
        if beat.told_at is None and silent.filter(told_at=None).update(told_at=now):
            _tell(_silent(beat), before=None, after=now)
    elif beat.told_at is not None and mine.filter(told_at=beat.told_at).update(told_at=None, noted_at=None):
        log.warning("beat_back", last_seen_at=beat.at.isoformat())
        _tell(_back(beat), before=beat.told_at, after=None)


def _tell(letter: tuple[str, str], *, before: datetime | None, after: datetime | None) -> None:
    """Mails the operator; where that fails, the row stands as before and whoever looks next tries again."""
    if not settings.OPERATOR_EMAIL:
        return
    subject, body = letter
    try:
        send_mail(subject, body, None, [settings.OPERATOR_EMAIL])
    except Exception:
        log.exception("operator_not_mailed")
        Heartbeat.objects.filter(name=BEAT, told_at=after).update(told_at=before)


def _silent(beat: Heartbeat) -> tuple[str, str]:
    with translation.override(settings.LANGUAGE_CODE):
        return (
            _("PartnerPanel: beat is silent"),
            _(
                "The process that wakes the workers was last seen at %(at)s. Until it runs again nothing that falls"
                " due by itself happens: renewals, retries, reminders. Nothing is lost; all of it is caught up.\n\n"
                "Start beat again, and look at its log.\n\n%(address)s"
            )
            % {"at": f"{beat.at:%Y-%m-%d %H:%M:%S} UTC", "address": settings.PUBLIC_URL},
        )


def _back(beat: Heartbeat) -> tuple[str, str]:
    with translation.override(settings.LANGUAGE_CODE):
        return (
            _("PartnerPanel: beat is back"),
            _("Beat was seen again at %(at)s. What fell due meanwhile is being caught up.\n\n%(address)s")
            % {"at": f"{beat.at:%Y-%m-%d %H:%M:%S} UTC", "address": settings.PUBLIC_URL},
        )
