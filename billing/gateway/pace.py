"""How many charges of a partner begin in a second at a gateway, over all workers together.

A row of the partner says until when its seconds are taken. Who wants to charge takes the next ones, under the row's
lock, and begins each charge in its own place.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from billing.gateway.models import GatewayPace
from partnerpanel.kernel.clock import system_now
from partnerpanel.tenancy.bulk import insert_rows
from partnerpanel.tenancy.scope import tenant

# So far ahead a worker looks for places, and so far another may be ahead of it before it leaves them to that one.
AHEAD = timedelta(seconds=2)
TAKEN = timedelta(seconds=1)
# Nobody takes places later than that: one that is was taken by a clock that has been put back since.
LATEST = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Places:
    """So many charges may begin, the first `after` that time, each `apart` from the one before it."""

    many: int
    after: timedelta
    apart: timedelta


def take_places(partner_id: UUID, gateway: str, *, wanted: int, a_second: int, within: timedelta) -> Places:
    """Takes places for as many as can begin `within` that time from now; opens its own scope.

    For those that have none, `after` says when there will be some again.
    """
    apart = timedelta(seconds=1) / a_second
    with tenant(partner_id):
        insert_rows(
            GatewayPace,
            partner_id=partner_id,
            columns=("gateway", "taken_until"),
            rows=[(gateway, system_now())],
            ignore_conflicts=True,
        )
        row = GatewayPace.objects.for_partner(partner_id).select_for_update(of=("self",)).get(gateway=gateway)
        now = system_now()
        begins = _begins(row.taken_until, now)
        many = max(0, min(wanted, (now + within - begins) // apart + 1))
        row.taken_until = begins + many * apart
        row.save(update_fields=["taken_until"])
    return Places(many, begins - now, apart)


def room(partner_id: UUID, gateway: str, *, a_second: int) -> int:
    """For how many charges a worker should take rows now, so that others find work too; in the open scope.

    None while another worker has taken what is to come.
    """
    now = system_now()
    found = GatewayPace.objects.for_partner(partner_id).filter(gateway=gateway).values_list("taken_until", flat=True)
    is_taken = any(_begins(until, now) - now > TAKEN for until in found)
    return 0 if is_taken else max(1, int(a_second * AHEAD.total_seconds()))


def _begins(taken_until: datetime, now: datetime) -> datetime:
    return now if taken_until > now + LATEST else max(taken_until, now)
