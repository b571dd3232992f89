"""Sends people their alerts: what came since the last mail, and in the morning what needs doing.

What a mail tells is noted before it is handed over. Where nobody knows whether it arrived, it is not sent again.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.mail import EmailMultiAlternatives
from django.utils import translation

from billing.rules.formats import locale_of
from notifications.delivery import Delivery, Fate, Mailer
from partnerpanel.alerts.letters import mail_to
from partnerpanel.alerts.models import Alert, AlertRound
from partnerpanel.alerts.rules import HOUR, AlertState, How, choices, next_morning
from partnerpanel.alerts.sections import COUNTED, sections, told_at_once
from partnerpanel.kernel.clock import local_date, start_of_day
from partnerpanel.kernel.ids import uuid7
from partnerpanel.queues.purging import Purge
from partnerpanel.queues.rows import Batch
from partnerpanel.tenancy.models import Partner
from partnerpanel.tenancy.queries import Colleague, colleagues_of, partner_by_id
from partnerpanel.tenancy.rows import TenantQuerySet
from partnerpanel.tenancy.scope import tenant

LEASE_SECONDS = 120
# A mail server that is away for longer is asked again in the morning; what waits is told then.
WAITS = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
_DUE = Batch(AlertRound.objects.all, limit=20)


def drain_alerts(partner_id: UUID, now: datetime) -> int:
    """One batch; returns how many people were looked at. `now` is the system's."""
    with tenant(partner_id):
        rows = _DUE.lease(partner_id, now, seconds=LEASE_SECONDS)
    if not rows:
        return 0
    partner = partner_by_id(partner_id)
    people = {one.user_id: one for one in colleagues_of(partner)}
    with Mailer() as mailer:
        for row in rows:
            _tell(mailer, partner, row, people.get(row.user_id), now)
    return len(rows)


def _tell(mailer: Mailer, partner: Partner, row: AlertRound, person: Colleague | None, now: datetime) -> None:
    if person is None:  # gone since; whoever comes back begins anew
        with tenant(partner.pk):
            _save(row, due_at=None, attempts=0)
        return
    told_before = row.told_on
    with tenant(partner.pk):
        mail, ids = _written(partner, row, person, now)
    if mail is None:
        return
    delivery = mailer.post(mail, message_id=row.pk)
    with tenant(partner.pk):
        _settle(row, ids, delivery, partner=partner, told_before=told_before, now=now)


def _written(
    partner: Partner, row: AlertRound, person: Colleague, now: datetime
) -> tuple[EmailMultiAlternatives | None, list[UUID]]:
    """Notes what is about to be told, and writes the mail; without anything to tell the round waits for the morning."""
    AlertRound.objects.for_partner(partner.pk).select_for_update().get(pk=row.pk)
    mine = Alert.objects.for_partner(partner.pk).filter(user_id=row.user_id)
    # Its worker did not come back from sending.
    mine.filter(state=AlertState.SENDING).update(state=AlertState.UNKNOWN)
    waiting = mine.filter(state=AlertState.WAITING).select_related("event").order_by("noted_at", "pk")
    alerts = list(waiting.select_for_update(of=("self",))[:COUNTED])
    wanted = choices(row.wanted, role=person.role)
    today = local_date(now, partner.timezone)
    is_morning = now >= start_of_day(today, partner.timezone) + HOUR and (row.told_on is None or row.told_on < today)
    with translation.override(partner.locale):
        locale = locale_of(partner.locale, partner.locale)
        found = [told_at_once(partner, [one.event for one in alerts])] if alerts else []
        if is_morning:
            daily = [topic for topic, how in wanted.items() if how is not How.NOT]
            found += sections(partner, daily, locale=locale, now=now)
        mail = mail_to(person, partner, found, just_now=len(alerts), mail_id=uuid7()) if found else None
    ids = [one.pk for one in alerts]
    mine.filter(pk__in=ids).update(state=AlertState.SENDING, told_at=now)
    told_on = today if is_morning else row.told_on
    due_at = next_morning(now, partner.timezone, told_on=told_on)
    if mail is None:
        _save(row, told_on=told_on, due_at=due_at, attempts=0)
    else:  # the lease stays until it is known what became of the mail
        row.told_on, row.due_at = told_on, due_at
        row.save(update_fields=["told_on", "due_at"])
    return mail, ids


def _settle(
    row: AlertRound, ids: list[UUID], delivery: Delivery, *, partner: Partner, told_before: date | None, now: datetime
) -> None:
    """What came meanwhile may have made the round due earlier, so where all went well its day stays as it is."""
    mine = Alert.objects.for_partner(partner.pk).filter(pk__in=ids)
    if delivery.fate is not Fate.REFUSED:
        mine.update(state=AlertState.SENT if delivery.fate is Fate.SENT else AlertState.UNKNOWN)
        _save(row, attempts=0, error=delivery.error)
        return
    mine.update(state=AlertState.WAITING, told_at=None)
    tries = row.attempts
    again = now + WAITS[tries - 1] if tries <= len(WAITS) else row.due_at
    _save(row, told_on=told_before, due_at=again, attempts=tries if tries <= len(WAITS) else 0, error=delivery.error)


def _save(row: AlertRound, *, error: str = "", **columns: object) -> None:
    for name, value in columns.items():
        setattr(row, name, value)
    row.leased_until, row.last_error = None, error[:500]
    row.save(update_fields=[*columns, "leased_until", "last_error"])


def _old(rows: TenantQuerySet[Alert], before: datetime) -> TenantQuerySet[Alert]:
    told = rows.filter(state__in=[AlertState.SENT, AlertState.UNKNOWN])
    return told.filter(noted_at__lt=before).order_by("noted_at", "pk")


OLD_ALERTS = Purge(name="alerts", model=Alert, kept_for=timedelta(days=90), old=_old)
