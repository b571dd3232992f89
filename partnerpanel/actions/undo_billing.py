"""Undoing what was done to subscriptions: dates put back, wishes withdrawn, money counter-booked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from billing.queries.change_facts import load_changes
from billing.queries.undone import credited_lines, paid_lines
from billing.rules.changes.banning import BANNED
from billing.rules.changes.outcome import ChangeIds, Planned
from billing.rules.changes.refusals import CannotChange
from billing.rules.changes.undoing import Credited, Done, plan_undone
from billing.rules.facts import ChangeFacts
from partnerpanel.actions.money_plan import MoneyPlan
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.subscription_verb import plan_in_turn
from partnerpanel.actions.undone import Undone, nothing_to_undo, too_late
from partnerpanel.actions.verb import Target, missing, refuse_overlap
from partnerpanel.events.queries import Entry, later, of_action_on
from partnerpanel.kernel.errors import NotFound
from subscriptions.rules.access_plan import Refusal
from subscriptions.rules.changes import ChangeKind

# What can be undone, by the event that says what was done, and who may.
PERMISSIONS: Mapping[str, Permission] = {
    "subscription.change_scheduled": Permission.CHANGE_PLAN,
    "subscription.change_awaits_payment": Permission.CHANGE_PLAN,
    "subscription.plan_changed": Permission.CHANGE_PLAN,
    "subscription.quantity_changed": Permission.CHANGE_PLAN,
    "subscription.coupon_redeemed": Permission.CHANGE_PLAN,
    "subscription.extended": Permission.EXTEND,
    "subscription.renewal_skipped": Permission.EXTEND,
    "subscription.cancelled": Permission.CANCEL,
    "subscription.kept": Permission.CANCEL,
    "subscription.ended": Permission.CANCEL,
    "subscription.pause_scheduled": Permission.PAUSE,
    "subscription.price_announced": Permission.EDIT_CATALOGUE,
}
# Beside one of those, these move money, and so does undoing them.
MONEY_MOVED = frozenset({"payment.received", "credit_note.issued"})
# What follows by itself from a change that waited for its payment.
SETTLING = frozenset(
    {
        "subscription.plan_changed",
        "subscription.quantity_changed",
        "subscription.change_failed",
        "subscription.change_dropped",
    }
)
LIFTED = frozenset({"subscription.reactivated", "customer.reactivated"})


def permissions_for(kinds: set[str]) -> frozenset[Permission]:
    """What undoing an action that recorded these kinds of events needs; nothing where it did none of these."""
    needed = {PERMISSIONS[kind] for kind in kinds if kind in PERMISSIONS}
    if needed - {Permission.CHANGE_PLAN} and kinds & MONEY_MOVED:
        needed.add(Permission.CREDIT)
    return frozenset(needed)


def is_undoable(entry: Entry) -> bool:
    """Whether this is what a person did and an undo takes back: no end that came by itself, no change of the billing
    date."""
    if BANNED in entry.data:
        return False  # a ban is lifted, and ends nothing that would have to begin again
    if "refund" in entry.data:
        return False  # the money is gone; *Keep* takes back what it agreed
    if entry.kind == "subscription.ended":
        return "was" in entry.data
    if entry.kind == "subscription.change_awaits_payment":
        return entry.data["what"] in (ChangeKind.PLAN, ChangeKind.QUANTITY)
    return entry.kind in PERMISSIONS


def plan_billing(
    targets: Sequence[Target], undone: Undone, *, partner_id: UUID, now: datetime, lock: bool
) -> list[MoneyPlan]:
    """One plan for each target. Raises NotFound, OverlappingTargets."""
    refuse_overlap(targets)
    wanted = [target.subscription_id for target in targets if target.subscription_id]
    facts = load_changes(partner_id, wanted, now=now, lock=lock)
    for target in targets:
        known = facts.get(target.subscription_id) if target.subscription_id else None
        if known is None or known.billing.customer_id != target.customer_id:
            raise NotFound("There is no such customer or subscription.", field=missing(target))
    record = _load(partner_id, undone.action_id, {target.customer_id for target in targets})

    def planned(one: ChangeFacts, ids: ChangeIds, at: datetime) -> Planned:
        entry = record.main.get(one.billing.subscription_id)
        if entry is None:
            raise _refusal(nothing_to_undo())
        if late := too_late(entry, at):
            raise _refusal(late)
        return plan_undone(one, record.done(entry), ids=ids, now=at)

    return plan_in_turn(planned, [facts[id_] for id_ in wanted], now=now)


@dataclass(frozen=True, slots=True)
class _Record:
    """What an action recorded about subscriptions."""

    main: Mapping[UUID, Entry]
    versions: Mapping[UUID, int]
    dropped: frozenset[UUID]
    released: frozenset[UUID | None]
    paid: Mapping[UUID, Mapping[UUID, str]]
    credited: Mapping[UUID, tuple[Credited, ...]]

    def done(self, entry: Entry) -> Done:
        id_ = entry.object_id
        return Done(
            entry.action_id,
            entry.kind,
            entry.data,
            version=self.versions[id_],
            dropped=id_ in self.dropped,
            released=bool({id_, entry.customer_id} & self.released),
            paid=self.paid.get(id_, {}),
            credited=self.credited.get(id_, ()),
        )


def _load(partner_id: UUID, action_id: UUID, customer_ids: set[UUID]) -> _Record:
    entries = of_action_on(partner_id, action_id, customer_ids)
    main = {entry.object_id: entry for entry in reversed(entries) if is_undoable(entry)}
    versions: dict[UUID, int] = {}
    for entry in entries:
        if entry.object_id in main:
            versions[entry.object_id] = max(entry.sequence, versions.get(entry.object_id, 0))
    _settled(partner_id, main, versions)
    invoices = {id_: UUID(entry.data["invoice"]) for id_, entry in main.items() if _is_paid(entry)}
    notes = [entry for entry in entries if entry.kind == "credit_note.issued"]
    lines, credited = paid_lines(partner_id, set(invoices.values())), _credited(partner_id, notes)
    return _Record(
        main=main,
        versions=versions,
        dropped=frozenset(entry.object_id for entry in entries if _drops_another(entry, main)),
        released=frozenset(entry.object_id for entry in entries if entry.kind in LIFTED),
        paid={id_: lines.get(invoice_id, {}) for id_, invoice_id in invoices.items()},
        credited=credited,
    )


def _is_paid(entry: Entry) -> bool:
    return entry.kind == "subscription.extended" and "invoice" in entry.data


def _drops_another(entry: Entry, main: Mapping[UUID, Entry]) -> bool:
    return entry.kind == "subscription.change_dropped" and entry.object_id in main


def _credited(partner_id: UUID, notes: Sequence[Entry]) -> dict[UUID, tuple[Credited, ...]]:
    lines = credited_lines(partner_id, [entry.object_id for entry in notes])
    found: defaultdict[UUID, tuple[Credited, ...]] = defaultdict(tuple)
    for entry in notes:
        found[UUID(entry.data["subscription"])] += lines.get(entry.object_id, ())
    return found


def _settled(partner_id: UUID, main: Mapping[UUID, Entry], versions: dict[UUID, int]) -> None:
    """A change that waited for its payment goes on by itself: how it ended is part of it."""
    waiting = {id_: versions[id_] for id_, entry in main.items() if entry.kind == "subscription.change_awaits_payment"}
    for id_, entries in later(partner_id, "subscription", waiting).items():
        for entry in entries:
            if entry.kind not in SETTLING or entry.data.get("change") != main[id_].data["change"]:
                break
            versions[id_] = entry.sequence


def _refusal(refusal: Refusal) -> CannotChange:
    return CannotChange(refusal.code, refusal.message)
