"""Who is told of what: choices of people, and the rows that wait for their mails."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from partnerpanel.alerts.models import Alert, AlertRound
from partnerpanel.alerts.rules import AT_ONCE, COLLECTS, How, Topic, choices, next_morning
from partnerpanel.kernel.clock import local_date
from partnerpanel.kernel.errors import DomainError
from partnerpanel.kernel.ids import uuid7
from partnerpanel.queues.wake import wake
from partnerpanel.tenancy.bulk import insert_rows
from partnerpanel.tenancy.models import Partner
from partnerpanel.tenancy.queries import Colleague

QUEUE = "alerts"


class NotToldAtOnce(DomainError):
    """Nothing happens by which anybody could be told of this at once."""

    code = "not_told_at_once"


def begin_rounds(partner: Partner, people: Iterable[Colleague], *, now: datetime) -> int:
    """In the open scope: everybody has a round from the next morning on. Returns how many are new."""
    first = next_morning(now, partner.timezone, told_on=local_date(now, partner.timezone))
    rows = [(uuid7(), one.user_id, first) for one in people]
    columns = ("id", "user_id", "due_at")
    made = insert_rows(AlertRound, partner_id=partner.pk, columns=columns, rows=rows, ignore_conflicts=True)
    back = AlertRound.objects.for_partner(partner.pk).filter(due_at=None, user_id__in=[row[1] for row in rows])
    return len(made) + back.update(due_at=first)


def choose(partner: Partner, user_id: UUID, wanted: Mapping[Topic, How], *, now: datetime) -> None:
    """In the open scope, from the next mail on. Raises NotToldAtOnce, naming the topic."""
    for topic, how in wanted.items():
        if how is How.AT_ONCE and topic not in AT_ONCE:
            raise NotToldAtOnce("This is told in the daily mail, or not.", field=topic.value)
    first = next_morning(now, partner.timezone, told_on=local_date(now, partner.timezone))
    rows = [(uuid7(), user_id, first)]
    columns = ("id", "user_id", "due_at")
    insert_rows(AlertRound, partner_id=partner.pk, columns=columns, rows=rows, ignore_conflicts=True)
    row = AlertRound.objects.for_partner(partner.pk).select_for_update().get(user_id=user_id)
    row.wanted = {topic.value: how.value for topic, how in wanted.items()}
    row.save(update_fields=["wanted"])


def chosen(partner_id: UUID, person: Colleague) -> dict[Topic, How]:
    """What the person hears of, in the open scope."""
    row = AlertRound.objects.for_partner(partner_id).filter(user_id=person.user_id).first()
    return choices(row.wanted if row else {}, role=person.role)


def note(partner: Partner, people: Sequence[Colleague], told: Sequence[tuple[UUID, Topic]], *, now: datetime) -> int:
    """In the open scope: whoever wants to hear of these events at once is told in a moment, with what comes meanwhile.
    An event that was noted already changes nothing. Returns how many alerts are new."""
    rounds = {row.user_id: row.wanted for row in AlertRound.objects.for_partner(partner.pk)}
    wanted = {one: choices(rounds.get(one.user_id, {}), role=one.role) for one in people}
    rows = [
        (uuid7(), one.user_id, event_id, topic.value, now)
        for one, hears in wanted.items()
        for event_id, topic in told
        if hears[topic] is How.AT_ONCE
    ]
    if not rows:
        return 0
    begin_rounds(partner, [one for one in people if one.user_id in {row[1] for row in rows}], now=now)
    columns = ("id", "user_id", "event", "topic", "noted_at")
    made = insert_rows(Alert, partner_id=partner.pk, columns=columns, rows=rows, ignore_conflicts=True)
    if made:
        soon = AlertRound.objects.for_partner(partner.pk).filter(user_id__in={row[1] for row in rows})
        soon.filter(due_at__gt=now + COLLECTS).update(due_at=now + COLLECTS)
        wake(QUEUE, partner.pk)
    return len(made)
