"""What beat wakes."""

from __future__ import annotations

from celery import shared_task

from partnerpanel.hosts.daily import check_hosts
from partnerpanel.hosts.senders.daily import check_senders


@shared_task(time_limit=900, soft_time_limit=840)
def look_at_hosts(**_: object) -> int:
    """How many proved hosts are without proof. A second look on the same day changes nothing."""
    return check_hosts()


@shared_task(time_limit=900, soft_time_limit=840)
def look_at_senders(**_: object) -> int:
    """How many partners' own addresses are proved. A second look changes nothing that the DNS has not changed."""
    return check_senders()
