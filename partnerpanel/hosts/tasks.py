"""What beat wakes."""

from __future__ import annotations

from celery import shared_task

from partnerpanel.hosts.daily import check_hosts


@shared_task(time_limit=900, soft_time_limit=840)
def look_at_hosts(**_: object) -> int:
    """How many proved hosts are without proof. A second look on the same day changes nothing."""
    return check_hosts()
