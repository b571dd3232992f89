"""What a subscription will hold of add-ons, were these events recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from partnerpanel.events.drafts import EventDraft
from subscriptions.queries.addons import offers
from subscriptions.rules.addons import AddonOffer, HeldAddon


def addons_said(partner_id: UUID, drafts: Iterable[EventDraft]) -> dict[UUID, AddonOffer]:
    """The add-ons that the drafts add, by id."""
    added = [draft for draft in drafts if draft.kind == "subscription.addon_added"]
    found: dict[UUID, AddonOffer] = {}
    for currency in {draft.data["price"][1] for draft in added}:
        ids = {UUID(draft.data["addon"]) for draft in added if draft.data["price"][1] == currency}
        found |= {one.id: one for one in offers(partner_id, currency, ids)}
    return found


def held_after(
    held: Sequence[HeldAddon], drafts: Sequence[EventDraft], told: Mapping[UUID, AddonOffer]
) -> list[HeldAddon]:
    """What is held once they are recorded."""
    found = list(held)
    for draft in drafts:
        data = draft.data
        if draft.kind == "subscription.addon_added" and UUID(data["addon"]) in told:
            offer = told[UUID(data["addon"])]
            found.append(HeldAddon(UUID(data["held"]), offer, data["quantity"], from_on=date.min))
        gone = {UUID(id_) for id_ in data.get("held", ())} if draft.kind == "subscription.addons_ended" else set()
        left = {UUID(id_) for id_ in data.get("addons_gone", ())}
        found = [one for one in found if one.id not in gone and not (one.recurs and one.offer.id in left)]
    return found
