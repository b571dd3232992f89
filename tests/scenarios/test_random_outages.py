"""Whatever was sold and agreed: who catches up after an outage ends where they would be, had nothing gone wrong.

With a card that works every period is billed once, by the same dates and prices. RANDOM_STORIES sets how many partners
try it; a failure names its dice.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from billing.models import Balance, Invoice, Payment
from partnerpanel.actions import door
from partnerpanel.actions.pause import Pause
from partnerpanel.actions.verb import Verb
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Subscription, Term
from tests.actions.random_shop import POLICIES, RandomShop
from tests.actions.random_verbs import random_verb
from tests.scenarios.promises import keeps_its_promises

STORIES = int(os.environ.get("RANDOM_STORIES", "1"))
EACH = {key: ["each"] if key == "catchup" else values for key, values in POLICIES.items()}

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("seed", range(STORIES))
def test_catching_up_ends_where_being_there_ends(seed: int) -> None:
    days = random.Random(seed).randint(3, 50)
    there, away = _shop(seed, "eastwind"), _shop(seed, "westwind")
    for day in range(0, days, 7):
        there.passes(timedelta(days=min(7, days - day)))
        keeps_its_promises(there.world.id, there.now)
    away.is_cut_off(timedelta(days=days))
    keeps_its_promises(away.world.id, away.now)
    assert _end(away) == _end(there), f"dice {seed}, {days} days"


def _shop(seed: int, slug: str) -> RandomShop:
    """The same for the same dice, whatever it is called: everybody pays, and a few things were agreed."""
    shop = RandomShop(random.Random(seed), slug, cards=["sandbox_ok"], policies=EACH)
    shop.settles()
    for _ in range(20):
        verb = random_verb(shop, shop.dice.choice(shop.subscriptions))
        if not _ends_when_somebody_looks(verb) and not _is_refused(shop, verb):
            door.commit(verb, quote=None, actor=shop.actor, now=shop.now)
            shop.passes(timedelta(hours=1))
    return shop


def _ends_when_somebody_looks(verb: Verb) -> bool:
    """A pause ends on the day on which it can, which an outage moves."""
    return isinstance(verb, Pause)


def _is_refused(shop: RandomShop, verb: Verb) -> bool:
    return door.preview(verb, actor=shop.actor, now=shop.now).is_refused


def _end(shop: RandomShop) -> dict[str, Any]:
    """Subscriptions in the order of their sale; what a customer paid and has left, since two share a balance."""
    with tenant(shop.world.id):
        paid, left = Counter[int](), Counter[int]()
        customers = list(dict.fromkeys(shop.customers.values()))
        for payment in Payment.objects.for_partner(shop.world.id):
            paid[customers.index(payment.customer_id)] += payment.amount
        for balance in Balance.objects.for_partner(shop.world.id):
            left[customers.index(balance.customer_id)] += balance.amount
        found = [_stands(shop, id_) for id_ in shop.subscriptions]
    return {"subscriptions": found, "paid": paid, "left": left}


def _stands(shop: RandomShop, subscription: UUID) -> dict[str, Any]:
    mine = {"partner_id": shop.world.id, "subscription": subscription}
    row = Subscription.objects.select_related("plan").get(pk=subscription)
    invoices = Invoice.objects.filter(**mine)
    terms = Term.objects.filter(**mine)
    return {
        "plan": row.plan.name,
        "stands": (row.lifecycle, row.collection, row.access, row.anchor_on, row.price_amount),
        "terms": list(terms.order_by("number").values_list("number", "starts_on", "ends_on", "granted_days")),
        "invoices": sorted(invoices.values_list("kind", "status", "term_number", "total_amount", "period_starts_on")),
    }
