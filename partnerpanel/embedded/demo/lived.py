"""Those of a partner's customers who have been there for a year: they lived until the engine bills the others, too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from partnerpanel.embedded.demo.office import Office
from partnerpanel.embedded.demo.past.writing import Span, write_past
from partnerpanel.embedded.demo.sales import BILLED_DAYS, BILLING_DAYS
from partnerpanel.embedded.demo.shapes import Blueprint, CustomerDraft
from partnerpanel.tenancy.services import begin_past, open_partner

# So many times as likely as elsewhere something happens to these few.
EAGER = 5


def live_before(
    blueprint: Blueprint, others: Sequence[CustomerDraft], plans: Mapping[str, UUID], office: Office
) -> list[UUID]:
    """Their past up to the day before the engine bills everybody; returns the customers. `others` are the rest."""
    if not blueprint.lived:
        return []
    until = office.days.at(BILLED_DAYS + 1, 12)
    span = Span(blueprint.months, blueprint.seed, frozenset(BILLING_DAYS), EAGER)
    begin_past(office.partner, at=span.first_day(until, blueprint.timezone))
    numbers = range(len(others) + 1, blueprint.customers + 1)
    taken = [one.profile.email for one in others]
    past = write_past(office, blueprint, plans, span, numbers=numbers, until=until, taken=taken)
    open_partner(office.partner)
    return list(past.register.customers.values())
