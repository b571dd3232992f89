"""What an outside payment of an extension has to cover."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from billing.documents.states import PaymentSource
from billing.rules.changes.extension import ExtensionWish, OutsidePayment, plan_extension
from billing.rules.changes.outcome import ChangeIds
from billing.rules.facts import ChangeFacts
from partnerpanel.kernel.money import Money

NOTHING = UUID(int=0)
IDS = ChangeIds(NOTHING, NOTHING, NOTHING, NOTHING)
MORE_THAN_ANY = 10**15


def extension_due(facts: ChangeFacts, wish: ExtensionWish, *, now: datetime) -> Money:
    """The least that pays for it: planned with more than enough, and what is too much taken off.

    Raises CannotChange where the extension cannot be paid for.
    """
    billing = facts.billing
    plenty = Money(MORE_THAN_ANY, billing.price.currency)
    payment = OutsidePayment(plenty, PaymentSource.BANK, billing.today(now))
    plan = plan_extension(facts, replace(wish, payment=payment), ids=IDS, now=now).plan
    return plenty - plan.surplus if plan.surplus else plenty
