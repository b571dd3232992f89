"""Everybody has a round: looked after each night, for people who came since."""

from __future__ import annotations

from celery import shared_task

from partnerpanel.alerts.services import begin_rounds
from partnerpanel.kernel.clock import system_now
from partnerpanel.tenancy.models import Partner
from partnerpanel.tenancy.queries import colleagues_of
from partnerpanel.tenancy.scope import tenant


@shared_task
def begin_everybodys(**_: object) -> int:
    """Returns how many rounds are new or go on again. Test modes mail nobody and have none."""
    begun = 0
    for partner in Partner.objects.filter(twin_of=None).order_by("pk"):
        if people := colleagues_of(partner):
            with tenant(partner.pk):
                begun += begin_rounds(partner, people, now=system_now())
    return begun
