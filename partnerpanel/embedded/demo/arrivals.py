"""Customers of one day and what was sold on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from billing.services.net_prices import without_tax
from customers.services.create import NewCustomer, create_customers
from customers.services.notes import add_note
from customers.services.tagging import set_tags
from partnerpanel.embedded.demo.cards import give_cards
from partnerpanel.embedded.demo.cases import Case
from partnerpanel.embedded.demo.conflict import park
from partnerpanel.embedded.demo.office import Office
from partnerpanel.embedded.demo.patience import extend
from partnerpanel.embedded.demo.shapes import CustomerDraft, SubscriptionDraft
from partnerpanel.tenancy.models import Role
from partnerpanel.tenancy.scope import tenant
from subscriptions.services.create import create_subscriptions

Sold = list[tuple[str, SubscriptionDraft]]


def write_arrivals(
    came: Sequence[CustomerDraft], sold: Sold, ids: dict[str, UUID], plans: Mapping[str, UUID], office: Office, day: int
) -> None:
    """Who came and what was sold on one day; adds the customers to `ids`, by address."""
    at = office.days.at(day, 17, 5)
    with tenant(office.partner.pk):
        ids |= _write_customers(came, office, at)
        _write_subscriptions(sold, ids, plans, office, at)
    for customer_id in [ids[one.profile.email] for one in came if one.case is Case.PARKED]:
        park(customer_id, office, at)
    office.settle(at)


def _write_customers(drafts: Sequence[CustomerDraft], office: Office, at: datetime) -> dict[str, UUID]:
    new = [NewCustomer(one.profile, one.registered_at) for one in drafts]
    ids = create_customers(new, actor=office.system, now=at) if new else []
    give_cards(list(zip(ids, drafts, strict=True)), office, at)
    extend([id_ for id_, draft in zip(ids, drafts, strict=True) if draft.case is Case.FROZEN], office, at)
    support, later = office.actors[Role.SUPPORT], at + timedelta(minutes=25)
    for id_, draft in zip(ids, drafts, strict=True):
        if draft.tags:
            set_tags(id_, names=draft.tags, actor=support, now=at)
        if draft.note:
            add_note(id_, text=draft.note, actor=support, now=later if draft.days_ago else at)
    return {draft.profile.email: id_ for id_, draft in zip(ids, drafts, strict=True)}


def _write_subscriptions(
    sold: Sold, ids: Mapping[str, UUID], plans: Mapping[str, UUID], office: Office, at: datetime
) -> None:
    """Those whose term is the same day's are written together."""
    by_day: defaultdict[int, Sold] = defaultdict(list)
    for email, draft in sold:
        by_day[draft.billed_days_ago].append((email, draft))
    for billed, its_sold in sorted(by_day.items()):
        new = [replace(draft.terms, customer_id=ids[email], plan_id=plans[draft.plan]) for email, draft in its_sold]
        new = without_tax(new, actor=office.system, now=at)
        create_subscriptions(new, actor=office.system, now=at, running_at=max(at, office.days.at(billed, 0)))
