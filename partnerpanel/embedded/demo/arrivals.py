"""Customers and what they bought, written day by day as they came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from customers.services.create import NewCustomer, create_customers
from customers.services.notes import add_note
from customers.services.tagging import set_tags
from partnerpanel.embedded.demo.cases import Case
from partnerpanel.embedded.demo.conflict import park
from partnerpanel.embedded.demo.office import Office
from partnerpanel.embedded.demo.shapes import CustomerDraft, SubscriptionDraft
from partnerpanel.tenancy.models import Role
from partnerpanel.tenancy.scope import tenant
from subscriptions.services.create import create_subscriptions

Sold = list[tuple[str, SubscriptionDraft]]


def write_arrivals(drafts: Sequence[CustomerDraft], plans: Mapping[str, UUID], office: Office) -> dict[str, UUID]:
    """Writes everything in the order of its days and returns the customers by address."""
    came: defaultdict[int, list[CustomerDraft]] = defaultdict(list)
    sold: defaultdict[int, Sold] = defaultdict(list)
    for draft in drafts:
        came[draft.days_ago].append(draft)
        for subscription in draft.subscriptions:
            sold[subscription.days_ago].append((draft.profile.email, subscription))
    ids: dict[str, UUID] = {}
    for day in sorted(came.keys() | sold.keys(), reverse=True):
        at = office.days.at(day, 17, 5)
        with tenant(office.partner.pk):
            ids |= _write_customers(came[day], office, at)
            _write_subscriptions(sold[day], ids, plans, office, at)
        parked = [ids[one.profile.email] for one in came[day] if one.case is Case.PARKED]
        for customer_id in parked:
            park(customer_id, office, at)
        office.settle(at)
    return ids


def _write_customers(drafts: Sequence[CustomerDraft], office: Office, at: datetime) -> dict[str, UUID]:
    new = [NewCustomer(one.profile, one.registered_at) for one in drafts]
    ids = create_customers(new, actor=office.system, now=at) if new else []
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
    new = [replace(draft.terms, customer_id=ids[email], plan_id=plans[draft.plan]) for email, draft in sold]
    if new:
        create_subscriptions(new, actor=office.system, now=at, running_at=office.days.at(0, 0))
