"""Rows that are questions to a gateway, charges and refunds alike: what becomes of them where no answer came of asking.

Both work in the open scope, on rows that may still be asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import models
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from partnerpanel.queues.rows import POSTPONED_COLUMNS, DueModel, Work, postpone

WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 15)]


class QuestionModel(DueModel):
    """Work that is a question to a gateway, under a key that never changes.

    `first_asked_at` is system time: from it on the gateway may know the key, and for less than a day it does for sure.
    """

    first_asked_at = models.DateTimeField(_("first asked"), null=True)

    class Meta(DueModel.Meta):
        abstract = True


Question = TypeVar("Question", bound=QuestionModel)


def set_aside(rows: QuerySet[Work], *, error: Exception, now: datetime) -> None:
    """What cannot be worked on waits, longer each time, while all others go on. The lease counted the failure; the
    fifth waits for a person."""
    for row in rows.select_for_update(of=("self",)):
        postpone(row, error=f"{type(error).__name__}: {error}", now=now, waits=WAITS)
        row.save(update_fields=POSTPONED_COLUMNS)


def unasked(rows: QuerySet[Question], leased: Sequence[Question], *, until: datetime) -> None:
    """Of the leased ones the gateway has heard nothing: that is nobody's failure, so nothing is counted and the time in
    which a key may be asked again does not begin. Rows whose lease somebody else has by now are left alone."""
    if not leased:
        return
    mine = rows.filter(leased_until=leased[0].leased_until)
    never = [row.pk for row in leased if row.first_asked_at is None]
    mine.filter(pk__among=never).update(first_asked_at=None)
    mine.filter(pk__among=[row.pk for row in leased]).update(
        due_at=until, leased_until=None, attempts=F("attempts") - 1
    )
