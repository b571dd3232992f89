"""Tax on what people buy and change: the worked example first, then every way back."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from billing.documents.states import PaymentSource
from billing.models import CreditNoteLine, InvoiceLine, Payment
from billing.rules.changes.cancelling import CancelReason, CancelWhen
from billing.services.pay import record_payment
from billing.tax.rules.amounts import parts_from
from billing.tax.services import archive_rate, new_version
from billing.wording import sentence
from partnerpanel.actions.cancel import Cancel
from partnerpanel.actions.refund import Refund, RefundHow, RefundReason
from partnerpanel.actions.undo import Undo
from partnerpanel.kernel.money import Money
from partnerpanel.policy.rules.change import Anchor, RollbackMoney, When
from partnerpanel.tenancy.scope import tenant
from tests.actions.selling import Buyer, Shop, books_balance
from tests.people import Team
from tests.taxing import charges_tax, registers, taxes
from tests.world import NOW, World

pytestmark = pytest.mark.django_db(transaction=True)

RENEWAL = NOW + timedelta(days=18)


@pytest.fixture
def shop(world: World, team: Team) -> Shop:
    charges_tax(world)
    return Shop(world, team.owner)


def renewed(shop: Shop) -> Buyer:
    """Somebody whose renewal was paid with tax twelve days ago."""
    buyer = shop.buyer("Basic", days_ago=12)
    buyer.lives_until(RENEWAL)
    buyer.lives_until(RENEWAL + timedelta(days=12))
    return buyer


def tax_lines(world: World) -> list[tuple[str, str, list[str]]]:
    """Net, tax and its sentences, of every line in the order in which they were issued."""
    with tenant(world.id):
        rows = (
            InvoiceLine.objects.for_partner(world.id).select_related("invoice").order_by("invoice__number", "position")
        )
        return [_told(row.amount, row.tax_amount, row.taxes, row.invoice.currency) for row in rows]


def note_lines(world: World) -> list[tuple[str, str, list[str]]]:
    with tenant(world.id):
        rows = CreditNoteLine.objects.for_partner(world.id).select_related("credit_note")
        rows = rows.order_by("credit_note__number", "position")
        return [_told(row.amount, row.tax_amount, row.taxes, row.credit_note.currency) for row in rows]


def _told(amount: int, tax: int, kept: list[dict[str, object]], currency: str) -> tuple[str, str, list[str]]:
    said = [sentence(part.amount, part.why) for part in parts_from(kept, currency)]
    return str(Money(amount, currency).major), str(Money(tax, currency).major), said


def test_an_upgrade_costs_what_the_worked_example_says(shop: Shop) -> None:
    buyer = renewed(shop)
    assert buyer.charged == ["118.00"]

    shown = buyer.preview(buyer.to("Business"))
    assert shown.planned is not None
    assert [(str(line.amount.major), str(line.tax.major)) for line in shown.planned.lines] == [
        ("150.00", "27.00"),
        ("-60.00", "-10.80"),
    ]
    assert str(shown.planned.due_now) == "106.20 EUR"
    assert (str(shown.after.next.amount), str(shown.after.next.tax)) == ("177.00 EUR", "27.00 EUR")

    buyer.changes("Business")
    assert buyer.charged == ["118.00", "106.20"]
    assert buyer.movements[-1] == ("expansion", "50.69")
    assert tax_lines(shop.world) == [
        ("100.00", "18.00", ["18.00 = 18 % of 100.00"]),
        ("150.00", "27.00", ["27.00 = 18 % of 150.00"]),
        ("-60.00", "-10.80", ["10.80 = the tax of 18.00 × 60.00/100.00 given back"]),
    ]
    books_balance(shop.world)


def test_an_upgrade_that_keeps_the_period_is_taxed_on_the_rest(shop: Shop) -> None:
    buyer = renewed(shop)
    buyer.changes("Business", When.IMMEDIATE, anchor=Anchor.KEEP)
    assert buyer.charged == ["118.00", "35.40"]
    books_balance(shop.world)


def test_a_rollback_gives_the_tax_back_to_the_cent(shop: Shop) -> None:
    buyer = renewed(shop)
    buyer.changes("Business")
    buyer.rolls_back("Basic", RollbackMoney.REVERSE_CHANGE)
    assert (buyer.balance, buyer.credit_notes) == ("106.20", ["106.20"])
    assert [line[:2] for line in note_lines(shop.world)] == [("150.00", "27.00"), ("-60.00", "-10.80")]
    books_balance(shop.world)


def test_a_smaller_plan_gives_net_and_tax_to_the_balance(shop: Shop) -> None:
    buyer = renewed(shop)
    buyer.changes("Starter", When.IMMEDIATE)
    assert (buyer.balance, buyer.credit_notes) == ("23.60", ["70.80"])
    assert buyer.invoices[-1] == ("paid", "47.20")
    books_balance(shop.world)


def test_an_end_with_credit_is_undone_with_its_tax(shop: Shop) -> None:
    buyer = renewed(shop)
    ended = buyer.does(Cancel(buyer.target, CancelWhen.NOW, CancelReason.UNUSED, credit_unused=True))
    assert buyer.balance == "70.80"
    with tenant(shop.world.id):
        undo = Undo.of(ended.action_id, partner_id=shop.world.id)
    buyer.does(undo)
    assert buyer.balance == "0.00"
    assert tax_lines(shop.world)[-1][:2] == ("60.00", "10.80")
    books_balance(shop.world)


def test_prices_that_contain_the_tax_cost_what_they_say(world: World, team: Team) -> None:
    charges_tax(world, "25", inclusive=True)
    shop = Shop(world, team.owner)
    buyer = renewed(shop)
    assert buyer.charged == ["100.00"]
    buyer.changes("Business")
    assert buyer.charged == ["100.00", "90.00"]
    assert tax_lines(shop.world) == [
        ("80.00", "20.00", ["20.00 = 25 % of 80.00, contained in 100.00"]),
        ("120.00", "30.00", ["30.00 = 25 % of 120.00, contained in 150.00"]),
        ("-48.00", "-12.00", ["12.00 = the tax of 20.00 × 48.00/80.00 given back"]),
    ]
    books_balance(shop.world)


def test_a_new_percentage_counts_from_its_day_and_credits_keep_the_old_one(world: World, team: Team) -> None:
    registers(world)
    rate = taxes(world, "18")
    shop = Shop(world, team.owner)
    with tenant(world.id):
        new_version(
            rate, percent=Decimal(20), valid_from=RENEWAL.date() + timedelta(days=1), actor=world.system, now=world.now
        )
    buyer = shop.buyer("Basic", days_ago=12)
    assert str(buyer.preview_now().next.amount) == "118.00 EUR"
    buyer.lives_until(RENEWAL)
    assert str(buyer.preview_now().next.amount) == "120.00 EUR"
    buyer.lives_until(RENEWAL + timedelta(days=12))
    buyer.changes("Business")
    assert [line[:2] for line in tax_lines(world)] == [("100.00", "18.00"), ("150.00", "30.00"), ("-60.00", "-10.80")]


def test_an_archived_rate_taxes_nothing_any_more(world: World, team: Team) -> None:
    rate = charges_tax(world)
    shop = Shop(world, team.owner)
    buyer = shop.buyer("Basic", days_ago=12)
    with tenant(world.id):
        archive_rate(rate, actor=world.system, now=world.now)
    buyer.lives_until(RENEWAL)
    assert buyer.charged == ["100.00"]


def test_another_partners_rates_are_never_used(world: World, other_world: World, team: Team) -> None:
    charges_tax(other_world, "50")
    registers(world)
    buyer = Shop(world, team.owner).buyer("Basic", days_ago=12)
    buyer.lives_until(RENEWAL)
    assert buyer.charged == ["100.00"]


def test_money_from_outside_covers_the_tax_too(shop: Shop) -> None:
    buyer = shop.buyer("Basic", days_ago=12, card="")
    buyer.lives_until(RENEWAL)
    assert buyer.invoices == [("open", "118.00")]
    record_payment(
        buyer.subscription,
        amount=Money(12_000, "EUR"),
        source=PaymentSource.BANK,
        received_on=RENEWAL.date(),
        note="as the bank says",
        actor=shop.world.system,
        now=RENEWAL,
    )
    assert (buyer.invoices, buyer.balance) == ([("paid", "118.00")], "2.00")


def test_a_refund_gives_net_and_tax_back_by_a_credit_note(shop: Shop) -> None:
    buyer = renewed(shop)
    with tenant(shop.world.id):
        payment = Payment.objects.for_partner(shop.world.id).get()
    for how, amount in ((RefundHow.AMOUNT, Money(3_333, "EUR")), (RefundHow.FULL, None)):
        asked = Refund(buyer.target, payment.pk, how, RefundReason.GOODWILL, "late", amount, any_time=True)
        buyer.does(asked)
    assert buyer.credit_notes == ["33.33", "84.67"]
    assert [line[:2] for line in note_lines(shop.world)] == [("28.25", "5.08"), ("71.75", "12.92")]
    books_balance(shop.world)
