"""Two people record parts of the same invoice at the very same time."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from billing.documents.states import PaymentSource
from billing.models import Payment
from billing.services.pay import record_payment
from partnerpanel.kernel.clock import local_date
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.scope import tenant
from tests.actions.selling import Buyer, Shop, books_balance
from tests.people import Team
from tests.threads import in_threads
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def owing(world: World, team: Team) -> Buyer:
    """Who pays an invoice by hand, and whose renewal is open."""
    shop = Shop(world, team.owner)
    buyer = shop.buyer("Basic", days_ago=25, card="", auto_renew=False)
    buyer.lives_until(shop.now + timedelta(days=5))
    return buyer


def records(buyer: Buyer, amount: str, note: str) -> UUID:
    shop = buyer.shop
    return record_payment(
        buyer.subscription,
        amount=Money.parse(amount, "EUR"),
        source=PaymentSource.BANK,
        received_on=local_date(shop.now, shop.world.partner.timezone),
        note=note,
        actor=shop.person.actor,
        now=shop.now,
    )


def test_both_count_and_what_is_too_much_goes_to_the_balance(owing: Buyer) -> None:
    in_threads(lambda: records(owing, "60.00", "one"), lambda: records(owing, "60.00", "two"))
    assert (owing.invoices, owing.balance, len(owing.terms)) == ([("paid", "100.00")], "20.00", 2)
    with tenant(owing.shop.world.id):
        assert Payment.objects.for_partner(owing.shop.world.id).count() == 2
    books_balance(owing.shop.world)
