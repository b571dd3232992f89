"""The past of a partner, day by day: the engine at night, colleagues by day, new customers in the afternoon."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from partnerpanel.embedded.demo.arrivals import Sold, write_arrivals
from partnerpanel.embedded.demo.cases import Case
from partnerpanel.embedded.demo.history import carry_out
from partnerpanel.embedded.demo.office import Office
from partnerpanel.embedded.demo.sales import BILLED_DAYS
from partnerpanel.embedded.demo.shapes import CustomerDraft, Deed
from partnerpanel.embedded.demo.transfers import book_transfers
from partnerpanel.kernel.clock import local_date


def live(
    drafts: Sequence[CustomerDraft], deeds: Sequence[Deed], plans: Mapping[str, UUID], office: Office
) -> dict[str, UUID]:
    """Lives every day on which something happens up to today, and returns the customers by address."""
    came: defaultdict[int, list[CustomerDraft]] = defaultdict(list)
    sold: defaultdict[int, Sold] = defaultdict(list)
    done: defaultdict[int, list[Deed]] = defaultdict(list)
    for draft in drafts:
        came[draft.days_ago].append(draft)
        for subscription in draft.subscriptions:
            sold[subscription.days_ago].append((draft.profile.email, subscription))
    for deed in deeds:
        done[(office.days.today - local_date(deed.at, office.days.zone)).days].append(deed)
    ids: dict[str, UUID] = {}
    by_hand = [one.profile.email for one in drafts if one.case is Case.BY_HAND]
    for day in sorted(came.keys() | sold.keys() | done.keys() | set(range(BILLED_DAYS + 1)), reverse=True):
        if day <= BILLED_DAYS:
            office.bill(office.days.at(day, 0, 1))
            book_transfers([ids[one] for one in by_hand if one in ids], office, office.days.at(day, 8, 30))
        carry_out(done[day], ids, office)
        if came[day] or sold[day]:
            write_arrivals(came[day], sold[day], ids, plans, office, day)
    return ids
