"""One chunk of a file: load what is there, plan, and write it all in the open scope."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from billing.queries.openings import held_openings
from customers.queries.banned import banned_tax_ids
from customers.queries.held import held_customers
from customers.rules.profile import Profile
from customers.services.create import NewCustomer, create_customers
from customers.services.tagging import add_tags, tag_rows
from customers.services.update import update_profiles
from partnerpanel.imports.rules.held import Held
from partnerpanel.imports.rules.records import Record
from partnerpanel.imports.rules.steps import ChunkPlan, RowPlan, Step
from partnerpanel.imports.services.openings import write_openings
from partnerpanel.imports.services.plans import make_plans
from partnerpanel.imports.services.subscriptions import write_subscriptions
from partnerpanel.kernel.clock import start_of_day
from partnerpanel.tenancy.actor import Actor
from subscriptions.queries.moving_in import held_plans, held_subscriptions


def load(partner_id: UUID, records: Sequence[Record], *, lock: bool) -> Held:
    """What the rows could meet; `lock` takes customers first and then subscriptions, as every verb does."""
    numbers = [record.profile.external_id for record in records]
    customers = held_customers(
        partner_id, email_keys=[record.email_key for record in records], external_ids=numbers, lock=lock
    )
    wanted = [record.subscription.external_id for record in records if record.subscription]
    tax_ids = {record.profile.tax_id for record in records} | {customer.profile.tax_id for customer in customers}
    return Held.of(
        customers,
        held_subscriptions(partner_id, wanted, lock=lock),
        held_plans(partner_id),
        banned_tax_ids(partner_id, tax_ids),
        held_openings(partner_id, {customer.id for customer in customers}),
    )


def apply(plan: ChunkPlan, *, actor: Actor, now: datetime, action_id: UUID) -> None:
    """Writes plans, customers, tags and subscriptions, with their events, and what customers bring along."""
    make_plans(plan.new_plans.values(), actor=actor, now=now)
    customers = _write_customers(plan.rows, actor=actor, now=now, action_id=action_id)
    subscriptions = write_subscriptions(plan.rows, customers, actor=actor, now=now, action_id=action_id)
    write_openings(plan.rows, customers, subscriptions, partner_id=actor.partner_id)


def _write_customers(rows: Sequence[RowPlan], *, actor: Actor, now: datetime, action_id: UUID) -> dict[int, UUID]:
    """The customer of each row."""
    changed = [row for row in rows if row.customer.step is Step.UPDATE]
    profiles: dict[UUID, Profile] = {
        row.customer.customer_id: row.customer.profile for row in changed if row.customer.customer_id
    }
    update_profiles(profiles, actor=actor, now=now, action_id=action_id)
    tags = {row.customer.customer_id: row.customer.tags for row in changed if row.customer.customer_id}
    add_tags({id_: names for id_, names in tags.items() if names}, actor=actor, now=now, action_id=action_id)
    new = [row for row in rows if row.customer.step is Step.CREATE]
    ids = create_customers(
        [NewCustomer(row.customer.profile, _registered_at(row, now)) for row in new],
        actor=actor,
        now=now,
        action_id=action_id,
    )
    tag_rows(actor.partner_id, {id_: set(row.customer.tags) for id_, row in zip(ids, new, strict=True)})
    found = {row.record.row: row.customer.customer_id for row in rows if row.customer.customer_id}
    return found | {row.record.row: id_ for id_, row in zip(ids, new, strict=True)}


def _registered_at(row: RowPlan, now: datetime) -> datetime:
    wanted = row.record.subscription
    day: date | None = row.record.registered_on or (wanted.started_on if wanted else None)
    return min(start_of_day(day, row.customer.profile.timezone), now) if day else now
