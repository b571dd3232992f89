"""Mails and movements of a past are written beside it: nothing that happens later waits for them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import connection

from notifications import consumer as messages
from notifications.worker import drain_mail
from partnerpanel.events.outbox import drain_outbox
from partnerpanel.queues.beside import Shares, helped, helper_beside
from subscriptions import movements


def _nothing(_partner_id: UUID, _now: datetime) -> int:
    return 0


LEAVES = frozenset({messages.NAME, movements.NAME})
SHARES = Shares(
    theirs={"outbox": partial(drain_outbox, only=LEAVES), "mail": drain_mail},
    ours={"outbox": partial(drain_outbox, but=LEAVES), "mail": _nothing},
)


@contextmanager
def helped_along(partner_id: UUID) -> Iterator[None]:
    """By a second process until the block ends. Inside a transaction everything is done by this one."""
    if connection.in_atomic_block:
        yield
        return
    with helped(partner_id, SHARES):
        yield


def catch_up() -> None:
    """Waits until what has been is told: mails name plans and amounts as they are when they are written."""
    helper = helper_beside()
    if helper:
        helper.wait()
