"""Plans a chunk: pure, from good rows and what is there already to what will happen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from customers.rules.profile import InvalidCustomer, checked
from partnerpanel.imports.rules.cells import label
from partnerpanel.imports.rules.held import Held, HeldCustomer
from partnerpanel.imports.rules.mapping import Mapping
from partnerpanel.imports.rules.plan_opening import plan_opening
from partnerpanel.imports.rules.plan_subscription import plan_subscription
from partnerpanel.imports.rules.problems import Unreadable
from partnerpanel.imports.rules.records import Record
from partnerpanel.imports.rules.repairs import repair_of
from partnerpanel.imports.rules.steps import ChunkPlan, CustomerStep, KnownPlans, RowPlan, Step, SubscriptionStep


def plan_chunk(records: Iterable[Record], *, held: Held, known: KnownPlans, mapping: Mapping) -> ChunkPlan:
    """A row with a problem brings nothing about: neither customer, nor subscription, nor a plan just for it.

    `known` are plans that earlier chunks would make, for a dry run.
    """
    plan = ChunkPlan()
    taken: dict[UUID, int] = {}
    for record in records:
        try:
            customer = _plan_customer(record, held, taken, mapping)
            subscription, new_plan = plan_subscription(
                record, customer.customer_id, held=held, known={**known, **plan.new_plans}, mapping=mapping
            )
            _refuse_banned(record, customer, subscription, held, mapping)
            opening = plan_opening(record, customer.customer_id, subscription, held=held, mapping=mapping)
        except Unreadable as unreadable:
            plan.rejected[record.row] = [unreadable.on(record.row)]
            continue
        if customer.customer_id is not None:
            taken[customer.customer_id] = record.row
        if new_plan is not None:
            plan.new_plans[new_plan.key] = new_plan
        plan.rows.append(RowPlan(record, customer, subscription, opening))
    return plan


def _plan_customer(record: Record, held: Held, taken: dict[UUID, int], mapping: Mapping) -> CustomerStep:
    found = _match(record, held, mapping)
    if found is None:
        return CustomerStep(Step.CREATE, None, record.profile, record.tags)
    if found.id in taken:
        what = "names a customer that an earlier row names"
        expected = f"one row for each customer; row {taken[found.id]} has this one"
        raise Unreadable(label(mapping.customer.email), what, record.profile.email, expected)
    stated = {name: getattr(record.profile, name) for name in record.given}
    try:
        profile = checked(replace(found.profile, **stated))
    except InvalidCustomer as refusal:
        name = refusal.field or "name"
        source = getattr(mapping.customer, name)
        what, expected = repair_of(name)
        column = (label(source) if source else "") or name
        raise Unreadable(column, what, stated.get(name, getattr(found.profile, name)), expected) from None
    tags = record.tags - found.tags
    step = Step.UPDATE if tags or profile != found.profile else Step.UNCHANGED
    return CustomerStep(step, found.id, profile, tags)


def _refuse_banned(
    record: Record, customer: CustomerStep, subscription: SubscriptionStep | None, held: Held, mapping: Mapping
) -> None:
    """Nothing is sold to who is banned, nor under the tax id of somebody who is."""
    if subscription is None or subscription.step is not Step.CREATE:
        return
    expected = "somebody who is not banned: lift the ban first, or leave the row out"
    if customer.customer_id in held.banned:
        what = "belongs to a customer who is banned"
        raise Unreadable(label(mapping.customer.email) or "email", what, record.profile.email, expected)
    if customer.profile.tax_id in held.banned_tax_ids:
        column = (label(mapping.customer.tax_id) if mapping.customer.tax_id else "") or "tax_id"
        raise Unreadable(column, "is that of a customer who is banned", customer.profile.tax_id, expected)


def _match(record: Record, held: Held, mapping: Mapping) -> HeldCustomer | None:
    """By own number, else by address; an address that is somebody else's is refused."""
    number = record.profile.external_id
    by_number = held.by_number.get(number) if number else None
    by_address = held.by_address.get(record.email_key)
    if by_address is None:
        return by_number
    others_number = by_address.profile.external_id
    is_somebody_else = by_number is not None and by_number.id != by_address.id
    if is_somebody_else or (number and others_number and number != others_number):
        what = "belongs to another customer already"
        expected = "an address that no other customer has"
        column = label(mapping.customer.email) or "email"
        raise Unreadable(column, what, record.profile.email, expected)
    return by_address
