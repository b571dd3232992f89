"""The mail that a subscription has begun carries the way to its credentials, where it was bought without help.

Who buys would else get two mails within a minute. So the first waits until the service is set up, for a quarter of an
hour at most; what is set up later, or is told in words of the partner's that have no place for the link, has a mail of
its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from notifications.models import Message
from notifications.rules.kinds import MessageKind
from notifications.rules.states import MessageState
from notifications.turns import untried
from partnerpanel.tenancy.bulk import update_rows
from subscriptions.queries.credentials import Login, logins_of_subscriptions
from subscriptions.services.credentials import PLAIN, mode_of

if TYPE_CHECKING:
    from notifications.letters import Letter, Occasion

BEGUN = frozenset({MessageKind.STARTED, MessageKind.TRIAL_STARTED})
LINK_NAME = "credentials.link"
WAITS_FOR, LOOKS_AGAIN = timedelta(minutes=15), timedelta(seconds=10)
UNSENT = [MessageState.QUEUED.value, MessageState.SENDING.value]


class Orders(Protocol):
    """What was bought without help; all in the open scope."""

    def unwelcomed(self, partner_id: UUID, subscription_ids: Collection[UUID]) -> set[UUID]:
        """Those whose buyers have not been mailed their credentials yet."""

    def carried(self, partner_id: UUID, subscription_id: UUID, *, now: datetime) -> None:
        """A mail has taken them along."""

    def apart(self, partner_id: UUID, subscription_id: UUID, *, now: datetime) -> None:
        """They are to be mailed by themselves."""


_ORDERS: list[Orders] = []


def register(orders: Orders) -> None:
    _ORDERS.append(orders)


def carried_by(partner_id: UUID, occasions: Iterable[Occasion]) -> dict[UUID, Login]:
    """The logins that go along with these mails, by subscription; asks nothing where none of them begins anything."""
    begun = {one.object_id for one in occasions if one.kind in BEGUN}
    return {id_: login for id_, login in _unwelcomed(partner_id, begun).items() if login and not login.is_pending}


def in_time(partner_id: UUID, rows: Sequence[Message], now: datetime, *, leased: bool) -> list[Message]:
    """Without those that wait for their service, which are put back."""
    begun = [row for row in rows if row.kind in BEGUN and now < row.queued_at + WAITS_FOR]
    found = _unwelcomed(partner_id, {row.event.object_id for row in begun})
    waiting = [row for row in begun if row.event.object_id in found and _is_pending(found[row.event.object_id])]
    if leased:
        untried(waiting)
    later = [(row.pk, min(now + LOOKS_AGAIN, row.queued_at + WAITS_FOR)) for row in waiting]
    update_rows(Message, partner_id=partner_id, columns=["due_at"], rows=later)
    ids = {row.pk for row in waiting}
    return [row for row in rows if row.pk not in ids]


def told(row: Message, letter: Letter | None, now: datetime) -> None:
    """What becomes of the credentials now that the mail has gone; in the open scope.

    Without a letter nobody knows whether it has, so they are mailed by themselves, which makes an older link void.
    """
    if row.kind not in BEGUN:
        return
    id_ = row.event.object_id
    found = _unwelcomed(row.partner_id, {id_})
    for orders in _ORDERS if id_ in found else ():
        if letter is not None and letter.enclosure is not None:
            orders.carried(row.partner_id, id_, now=now)
        elif not _is_pending(found[id_]):
            orders.apart(row.partner_id, id_, now=now)


def told_soon(partner_id: UUID, subscription_ids: Collection[UUID], now: datetime) -> set[UUID]:
    """Of these, the ones whose first mail is still to go, and will see to the credentials; in the open scope."""
    if not subscription_ids or mode_of(partner_id) == PLAIN:
        return set()
    rows = Message.objects.for_partner(partner_id).filter(
        kind__in=BEGUN, state__in=UNSENT, event__object_id__in=subscription_ids, queued_at__gt=now - WAITS_FOR
    )
    return set(rows.values_list("event__object_id", flat=True))


def _unwelcomed(partner_id: UUID, subscription_ids: Collection[UUID]) -> Mapping[UUID, Login | None]:
    """None for one that has no login yet. A partner that mails passwords as they are does so by themselves."""
    wanted: set[UUID] = set()
    if subscription_ids:
        wanted = wanted.union(*(orders.unwelcomed(partner_id, subscription_ids) for orders in _ORDERS))
    if not wanted or mode_of(partner_id) == PLAIN:
        return {}
    found = logins_of_subscriptions(partner_id, wanted)
    return {id_: found.get(id_) for id_ in wanted}


def _is_pending(login: Login | None) -> bool:
    return login is None or login.is_pending
