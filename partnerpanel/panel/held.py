"""What the customer's page shows of each subscription."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from billing.queries.customer_money import Coming
from billing.queries.explain import explain_changes
from partnerpanel.panel.addon_lines import AddonRow, addon_rows
from partnerpanel.panel.change_lines import ChangeLines, change_lines
from partnerpanel.panel.coupon_words import held_coupon_text
from partnerpanel.panel.offered import Offer, offered
from partnerpanel.panel.page import Visit
from partnerpanel.panel.usage_lines import UsageRow, usage_rows
from partnerpanel.panel.why import Explained, Reasons
from subscriptions.queries.addon_catalogue import held_lines
from subscriptions.queries.changes import changes_of
from subscriptions.queries.coupons import running_coupons
from subscriptions.queries.limits import limits_of
from subscriptions.queries.summaries import HoldLine, SubscriptionLine
from subscriptions.queries.usage import usage_of
from subscriptions.rules.states import Lifecycle


@dataclass(frozen=True, slots=True)
class Held:
    """A subscription with the change that waits and those that were, what its menu offers, its add-ons, its coupon, and
    how much of its allowances is used while it has not ended.

    `holds` have their reasons beside them; `collection` are those of its unpaid renewal, and
    `coming` is what that still brings.
    """

    line: SubscriptionLine
    changes: ChangeLines
    offers: list[Offer]
    addons: list[AddonRow]
    coupon: str
    usage: list[UsageRow]
    holds: list[tuple[HoldLine, Reasons]]
    collection: Reasons
    coming: Reasons


def held_of(
    visit: Visit, subscriptions: Sequence[SubscriptionLine], coming: Sequence[Coming], explained: Explained
) -> list[Held]:
    """In their order, in a constant number of queries."""
    partner_id, ids = visit.partner.pk, [line.id for line in subscriptions]
    changes, addons = changes_of(partner_id, ids), held_lines(partner_id, ids)
    coupons = running_coupons(partner_id, ids)
    uses = usage_of(partner_id, [line.id for line in subscriptions if line.lifecycle is not Lifecycle.ENDED])
    why = explain_changes(partner_id, [one.id for found in changes.values() for one in found if not one.is_open])
    limits = limits_of(partner_id, ids)
    money = {one.subscription_id: one for one in coming}
    return [
        Held(
            line=line,
            changes=change_lines(line, changes.get(line.id, ()), money.get(line.id), why),
            offers=offered([line], visit.actor),
            addons=addon_rows(addons.get(line.id, ()), line.term_ends_on),
            coupon=held_coupon_text(*coupons[line.id]) if line.id in coupons else "",
            usage=usage_rows(uses.get(line.id, ()), limits.get(line.id, {}), line.timezone),
            holds=[(hold, explained.hold(hold, None if hold.is_wide else line.id)) for hold in line.holds],
            collection=explained.collection(line.id),
            coming=explained.coming(line, visit.now),
        )
        for line in subscriptions
    ]
