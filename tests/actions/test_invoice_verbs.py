"""One invoice credited, taken back, given up, and paid after all: what is due then, and what becomes of the period."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from billing.documents.states import PaymentSource
from billing.models import CollectionCase, CreditNote, CreditNoteLine, Invoice, LedgerEntry, Refund
from billing.refunds.states import RefundReason, RefundSource, RefundStatus
from billing.services.pay import record_payment
from billing.services.recover import BalanceTooSmall, NotGivenUp
from partnerpanel.actions import door, money_out
from partnerpanel.actions.invoice_verbs import CreditInvoice, GiveUpInvoice, VoidInvoice, VoidThen
from partnerpanel.actions.subscribe import Subscribe
from partnerpanel.actions.verb import Target, Verb
from partnerpanel.kernel.clock import local_date
from partnerpanel.kernel.errors import Forbidden, NotFound
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.models import Role
from partnerpanel.tenancy.scope import tenant
from subscriptions.rules.states import Lifecycle
from tests.actions.selling import Buyer, Shop, books_balance
from tests.actions.test_refund import payment_of, refund, renewed
from tests.people import Person, Team
from tests.scenarios.promises import keeps_its_promises
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(world: World, team: Team) -> Shop:
    return Shop(world, team.owner)


def invoice_of(buyer: Buyer) -> Invoice:
    with tenant(buyer.shop.world.id):
        return Invoice.objects.for_partner(buyer.shop.world.id).filter(customer=buyer.customer).latest("number")


def unpaid(shop: Shop) -> Buyer:
    """A renewal that nobody has paid yet."""
    return renewed(shop, card="sandbox_hard_decline")


def euros(text: str) -> Money:
    return Money.parse(text, "EUR")


def refused(shop: Shop, verb: Verb) -> str:
    return door.preview(verb, actor=shop.person.actor, now=shop.now).refusals[0].code


def pays(buyer: Buyer, amount: str) -> None:
    record_payment(
        buyer.subscription,
        amount=euros(amount),
        source=PaymentSource.BANK,
        received_on=local_date(buyer.shop.now, "Europe/Berlin"),
        note="statement 4",
        actor=buyer.shop.person.actor,
        now=buyer.shop.now,
    )


def test_part_of_a_paid_invoice_is_credited_to_the_balance(shop: Shop) -> None:
    buyer = renewed(shop)
    buyer.does(CreditInvoice(buyer.target, invoice_of(buyer).pk, "an outage of two days", euros("6.67")))
    assert (buyer.balance, buyer.credit_notes, buyer.invoices) == ("6.67", ["6.67"], [("paid", "100.00")])
    buyer.does(CreditInvoice(buyer.target, invoice_of(buyer).pk, "and all the rest"))
    assert buyer.balance == "100.00"
    assert refused(shop, CreditInvoice(buyer.target, invoice_of(buyer).pk, "more")) == "nothing_creditable"
    assert door.preview(refund(buyer), actor=shop.person.actor, now=shop.now).is_refused, "it was credited"
    books_balance(shop.world)


def test_a_credit_of_an_open_invoice_lowers_what_is_due_and_never_the_document(shop: Shop) -> None:
    buyer = unpaid(shop)
    verb = CreditInvoice(buyer.target, invoice_of(buyer).pk, "as promised", euros("30.00"))
    assert str(buyer.preview(verb).after.next.amount) == "70.00 EUR" or buyer.preview(verb).after.next.without
    buyer.does(verb)
    row = invoice_of(buyer)
    assert (str(row.total), str(row.due), row.status) == ("100.00 EUR", "70.00 EUR", "open")
    assert buyer.balance == "0"
    assert refused(shop, CreditInvoice(buyer.target, row.pk, "all", euros("70.00"))) == "all_of_open"
    pays(buyer, "70.00")
    assert buyer.invoices == [("paid", "100.00")]
    buyer.does(refund(buyer, source=RefundSource.BANK, note="transfer 3"))
    with tenant(shop.world.id):
        assert Refund.objects.for_partner(shop.world.id).get().amount == 7_000, "what was paid, and no more"
        notes = CreditNote.objects.for_partner(shop.world.id).order_by("number")
        assert list(notes.values_list("goes_to", "total_amount")) == [("invoice", 3_000), ("refund", 7_000)]
    books_balance(shop.world)
    keeps_its_promises(shop.world.id, shop.now)


def test_the_reduced_price_is_what_unused_days_are_worth(shop: Shop) -> None:
    buyer = unpaid(shop)
    buyer.does(CreditInvoice(buyer.target, invoice_of(buyer).pk, "as promised", euros("40.00")))
    pays(buyer, "60.00")
    shop.now += timedelta(days=15)
    buyer.changes("Free")
    with tenant(shop.world.id):
        line = CreditNoteLine.objects.for_partner(shop.world.id).filter(kind="unused").first()
    assert line is None or line.amount == 3_000


@pytest.mark.parametrize("then", VoidThen)
def test_a_renewal_that_is_taken_back_is_billed_anew_or_forgiven(shop: Shop, then: VoidThen) -> None:
    buyer = unpaid(shop)
    old = invoice_of(buyer)
    shown = buyer.preview(VoidInvoice(buyer.target, old.pk, "a wrong address", then))
    buyer.does(VoidInvoice(buyer.target, old.pk, "a wrong address", then))
    buyer.lives_until(shop.now + timedelta(minutes=1))
    statuses = [status for status, _ in buyer.invoices]
    row = buyer.row()
    if then is VoidThen.REBILL:
        assert statuses == ["void", "open"], "and its collection begins again"
        assert "billed_anew" in shown.warnings
    else:
        assert statuses == ["void"]
        assert (row.collection, shown.after.period) == ("current", _period(buyer))
    with tenant(shop.world.id):
        cases = CollectionCase.objects.for_partner(shop.world.id).filter(subscription=buyer.subscription)
        assert cases.filter(closed_at=None).count() == (then is VoidThen.REBILL)
        assert cases.filter(closed_at__isnull=False).count() == 1
    books_balance(shop.world)
    keeps_its_promises(shop.world.id, shop.now)


def _period(buyer: Buyer) -> Any:
    return buyer.preview_now().period


def test_a_first_invoice_that_is_taken_back_is_billed_anew_too(shop: Shop) -> None:
    """Nothing was served and no period ends, so nothing else would ever ask for it."""
    customer = shop.world.customer()
    verb = Subscribe((Target(customer),), shop.plans["Basic"], "EUR")
    quote = door.preview(verb, actor=shop.person.actor, now=shop.now)
    [made] = door.commit(verb, quote=quote.token, actor=shop.person.actor, now=shop.now).quote.money
    buyer = Buyer(shop, customer, made.subscription_id)
    shop.world.drain(now=shop.now)
    assert (buyer.row().lifecycle, buyer.invoices) == ("incomplete", [("open", "100.00")])
    shop.now += timedelta(days=2)
    buyer.does(VoidInvoice(buyer.target, invoice_of(buyer).pk, "a wrong address"))
    buyer.lives_until(shop.now + timedelta(minutes=1))
    assert (buyer.row().lifecycle, buyer.invoices) == ("incomplete", [("void", "100.00"), ("open", "100.00")])
    pays(buyer, "100.00")
    buyer.lives_until(shop.now + timedelta(minutes=1))
    assert (buyer.row().lifecycle, buyer.invoices[-1]) == ("active", ("paid", "100.00"))
    assert buyer.terms[0][0] == local_date(shop.now, "Europe/Berlin")
    books_balance(shop.world)
    keeps_its_promises(shop.world.id, shop.now)


def test_what_came_incomplete_from_elsewhere_is_billed_by_nobody(shop: Shop) -> None:
    buyer = shop.buyer("Basic", days_ago=3, lifecycle=Lifecycle.INCOMPLETE, paid_elsewhere=False)
    buyer.lives_until(shop.now + timedelta(days=40))
    assert (buyer.row().lifecycle, buyer.invoices, buyer.charged) == ("incomplete", [], [])


def test_a_change_that_waits_for_a_voided_invoice_does_not_happen(shop: Shop) -> None:
    buyer = shop.buyer("Basic", days_ago=12, card="")
    buyer.changes("Business")
    buyer.does(VoidInvoice(buyer.target, invoice_of(buyer).pk, "they changed their mind"))
    assert (buyer.plan, [status for status, _ in buyer.invoices]) == ("Basic", ["void"])
    assert buyer.changes_made == [("plan", "cancelled")]


def test_a_renewal_that_is_given_up_ends_the_subscription_and_can_be_paid_later(shop: Shop) -> None:
    buyer = unpaid(shop)
    pays(buyer, "30.00")
    in_part = refund(buyer, source=RefundSource.BANK, note="transfer 3")
    assert refused(shop, in_part) == "part_of_open", "voiding would give it back as well"
    buyer.does(GiveUpInvoice(buyer.target, invoice_of(buyer).pk, "moved away without an address"))
    assert (buyer.row().lifecycle, buyer.invoices) == ("ended", [("uncollectible", "100.00")])
    with tenant(shop.world.id):
        assert not CollectionCase.objects.for_partner(shop.world.id).filter(closed_at=None).exists()
    today, actor = local_date(shop.now, "Europe/Berlin"), shop.person.actor
    paid: dict[str, Any] = {"source": PaymentSource.BANK, "received_on": today, "note": "statement 9"}
    money_out.recover(invoice_of(buyer).pk, **paid, actor=actor, now=shop.now)
    assert (buyer.row().lifecycle, buyer.invoices) == ("ended", [("paid", "100.00")])
    assert payment_of(buyer).amount == 7_000
    with pytest.raises(NotGivenUp):
        money_out.recover(invoice_of(buyer).pk, **paid, actor=actor, now=shop.now)
    books_balance(shop.world)
    keeps_its_promises(shop.world.id, shop.now)


def test_a_balance_is_paid_out_by_an_action_of_its_own(shop: Shop) -> None:
    buyer = renewed(shop)
    buyer.does(CreditInvoice(buyer.target, invoice_of(buyer).pk, "goodwill", euros("25.00")))
    asked: dict[str, Any] = {"reason": RefundReason.GOODWILL, "note": "as they asked", "now": shop.now}
    card: dict[str, Any] = {"source": RefundSource.GATEWAY, "payment_id": payment_of(buyer).pk, **asked}
    actor = shop.person.actor
    with pytest.raises(BalanceTooSmall):
        money_out.refund_balance(buyer.customer, amount=euros("25.01"), actor=actor, **card)
    done = money_out.refund_balance(buyer.customer, amount=euros("20.00"), actor=actor, **card)
    assert done is RefundStatus.SUCCEEDED
    by_hand: dict[str, Any] = {"source": RefundSource.CASH, "payment_id": None, **asked}
    money_out.refund_balance(buyer.customer, amount=euros("5.00"), actor=actor, **by_hand)
    assert buyer.balance == "0.00"
    with tenant(shop.world.id):
        entries = LedgerEntry.objects.for_partner(shop.world.id).filter(reason="paid_out").order_by("pk")
        assert list(entries.values_list("amount", flat=True)) == [-2_000, -500]
    books_balance(shop.world)
    keeps_its_promises(shop.world.id, shop.now)


def test_who_may_not_and_who_is_of_another_partner_changes_nothing(shop: Shop, team: Team, stranger: Person) -> None:
    buyer = unpaid(shop)
    id_ = invoice_of(buyer).pk
    verbs: list[Verb] = [
        CreditInvoice(buyer.target, id_, "so", euros("1.00")),
        VoidInvoice(buyer.target, id_, "so"),
        GiveUpInvoice(buyer.target, id_, "so"),
    ]
    for verb in verbs:
        for role in (Role.READ_ONLY, Role.SUPPORT):
            with pytest.raises(Forbidden):
                door.preview(verb, actor=team[role].actor, now=shop.now)
        with pytest.raises(NotFound):
            door.preview(verb, actor=stranger.actor, now=shop.now)
