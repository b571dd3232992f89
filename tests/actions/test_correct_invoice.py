"""An invoice with the wrong details: what takes its place, what it costs, and what all that follows is made of."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError

from billing.ledger.states import CreditReason
from billing.models import CollectionCase, Invoice, InvoiceLine
from billing.queries.paid_months import paid_months
from billing.queries.printed import invoice_paper
from billing.rules.changes.cancelling import CancelReason, CancelWhen
from billing.services.credit import Credit, add_credit
from customers.queries.held import profile_of
from customers.services.update import update_profiles
from partnerpanel.actions import door
from partnerpanel.actions.cancel import Cancel
from partnerpanel.actions.invoice_verbs import CorrectInvoice, CreditInvoice, VoidInvoice
from partnerpanel.actions.refund import Refund, RefundHow, RefundReason
from partnerpanel.actions.verb import Verb
from partnerpanel.kernel.errors import Forbidden, NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.kernel.money import Money
from partnerpanel.policy.rules.change import Anchor, RollbackMoney, When
from partnerpanel.tenancy.models import Role
from partnerpanel.tenancy.scope import tenant
from tests.actions.selling import Buyer, Shop, books_balance
from tests.actions.test_invoice_verbs import invoice_of, pays, refused, unpaid
from tests.actions.test_refund import payment_of, renewed
from tests.people import Person, Team
from tests.scenarios.promises import keeps_its_promises
from tests.taxing import charges_tax
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)

BUSINESS_ABROAD = {"country": "AT", "tax_id": "ATU13585627"}


@pytest.fixture
def shop(world: World, team: Team) -> Shop:
    charges_tax(world, "19")
    return Shop(world, team.owner)


def says(buyer: Buyer, **details: str) -> None:
    """The customer's details from now on."""
    world = buyer.shop.world
    with tenant(world.id):
        wanted = replace(profile_of(world.id, buyer.customer), **details)
        update_profiles({buyer.customer: wanted}, actor=world.system, now=buyer.shop.now)


def correction(buyer: Buyer, of: UUID | None = None, **other: Any) -> CorrectInvoice:
    return CorrectInvoice(buyer.target, of or invoice_of(buyer).pk, "a wrong name", **other)


def corrected(buyer: Buyer, **details: str) -> Invoice:
    """The newest invoice in the place of the one before."""
    says(buyer, **(details or {"name": "Anna Alder Ltd"}))
    buyer.does(correction(buyer))
    return invoice_of(buyer)


def holds(shop: Shop) -> None:
    books_balance(shop.world)
    keeps_its_promises(shop.world.id, shop.now)


def twins(shop: Shop) -> tuple[Buyer, Buyer]:
    """Two whose renewals were charged just now: one to be corrected, and one to compare it with."""
    found = shop.buyer("Basic", days_ago=29), shop.buyer("Basic", days_ago=29)
    until = shop.now + timedelta(days=1)
    for one in found:
        one.lives_until(until)
    return found


def test_a_paid_invoice_gives_way_to_one_with_the_new_details(shop: Shop) -> None:
    buyer = renewed(shop)
    old, row = invoice_of(buyer), buyer.row()
    says(buyer, name="Anna Alder Ltd")
    shown = buyer.preview(correction(buyer))
    assert (str(shown.planned and shown.planned.due_now), shown.before, shown.after) == (
        "0.00 EUR",
        shown.before,
        shown.before,
    ), "nothing is charged, and nothing of the subscription moves"
    buyer.does(correction(buyer))
    new = invoice_of(buyer)
    assert buyer.invoices == [("paid", "119.00"), ("paid", "119.00")]
    assert (buyer.credit_notes, buyer.balance, buyer.charged) == (["119.00"], "0.00", ["119.00"])
    assert (new.corrects_id, new.kind, new.term_number) == (old.pk, old.kind, old.term_number)
    assert (old.buyer["name"], new.buyer["name"]) != (new.buyer["name"], new.buyer["name"])
    assert new.buyer["name"] == "Anna Alder Ltd"
    assert (buyer.row().lifecycle, buyer.row().due_at, buyer.terms) == (row.lifecycle, row.due_at, buyer.terms)
    with tenant(shop.world.id):
        paper = invoice_paper(shop.world.id, new.pk)
    assert (paper.corrects, str(paper.due)) == (old.label, "0.00 EUR")
    holds(shop)


def test_what_follows_is_made_of_the_new_one_to_the_cent(shop: Shop) -> None:
    """Half of the period is given back of the new invoice, as it would have been of the old one."""
    buyer, other = twins(shop)
    corrected(buyer)
    shop.now += timedelta(days=15)
    for one in (buyer, other):
        one.does(Cancel(one.target, CancelWhen.NOW, CancelReason.OTHER, credit_unused=True))
    assert buyer.balance == other.balance == "59.50"
    holds(shop)


def test_a_plan_is_changed_and_rolled_back_across_corrections(shop: Shop) -> None:
    buyer, other = twins(shop)
    corrected(buyer)
    shop.now += timedelta(days=12)
    for one in (buyer, other):
        one.changes("Business", When.IMMEDIATE, anchor=Anchor.RESET)
    assert buyer.charged == other.charged
    says(buyer, name="Anna Alder & Sons")
    buyer.does(correction(buyer))
    for one in (buyer, other):
        one.rolls_back("Basic", RollbackMoney.REVERSE_CHANGE)
    assert (buyer.balance, buyer.plan) == (other.balance, other.plan)
    assert buyer.balance == buyer.charged[-1]
    holds(shop)


def test_tax_that_a_business_abroad_does_not_owe_is_kept_in_its_balance(shop: Shop) -> None:
    buyer = renewed(shop)
    says(buyer, **BUSINESS_ABROAD)
    assert refused(shop, correction(buyer, keeps_total=True)) == "corrected_costs_less"
    buyer.does(correction(buyer))
    assert buyer.invoices == [("paid", "119.00"), ("paid", "100.00")]
    assert (buyer.credit_notes, buyer.balance) == (["119.00"], "19.00")
    holds(shop)


def test_prices_that_contain_their_tax_stay_what_they_are(world: World, team: Team) -> None:
    charges_tax(world, "19", inclusive=True)
    shop = Shop(world, team.owner)
    buyer = renewed(shop)
    corrected(buyer, **BUSINESS_ABROAD)
    assert buyer.invoices == [("paid", "100.00"), ("paid", "100.00")]
    new = invoice_of(buyer)
    with tenant(world.id):
        net = list(InvoiceLine.objects.for_partner(world.id).filter(invoice=new).values_list("amount", flat=True))
    assert (net, buyer.balance) == ([10_000], "0.00"), "the price is the price, whoever owes the tax"
    holds(shop)


def test_nobody_is_charged_by_a_correction(shop: Shop) -> None:
    buyer = shop.buyer("Basic", days_ago=29)
    says(buyer, **BUSINESS_ABROAD)
    buyer.lives_until(shop.now + timedelta(days=1))
    assert buyer.charged == ["100.00"]
    says(buyer, country="DE", tax_id="")
    assert refused(shop, correction(buyer)) == "corrected_costs_more"


def test_a_payment_goes_back_after_its_invoice_was_corrected_twice(shop: Shop) -> None:
    buyer = renewed(shop)
    corrected(buyer)
    corrected(buyer, name="Anna Alder & Sons")
    assert refused(shop, CreditInvoice(buyer.target, payment_of(buyer).invoice_id, "x")) == "nothing_creditable"
    part = Money.parse("19.00", "EUR")
    buyer.does(Refund(buyer.target, payment_of(buyer).pk, RefundHow.AMOUNT, RefundReason.GOODWILL, amount=part))
    buyer.does(Refund(buyer.target, payment_of(buyer).pk, RefundHow.FULL, RefundReason.REQUESTED))
    again = Refund(buyer.target, payment_of(buyer).pk, RefundHow.FULL, RefundReason.REQUESTED)
    assert refused(shop, again) == "nothing_refundable"
    assert (buyer.credit_notes, buyer.balance) == (["119.00", "119.00", "19.00", "100.00"], "0.00")
    holds(shop)


def test_what_a_change_gave_back_is_not_refunded_after_both_invoices_were_corrected(shop: Shop) -> None:
    """The balance had paid most of the first: what of it was money has all been given back by the second."""
    buyer = shop.buyer("Basic", days_ago=29)
    with tenant(shop.world.id):
        given = Credit(Money.parse("60.00", "EUR"), CreditReason.GOODWILL, "as promised")
        add_credit(buyer.customer, given, key=uuid7(), actor=shop.world.system, now=shop.now)
    buyer.lives_until(shop.now + timedelta(days=1))
    first, payment = invoice_of(buyer).pk, payment_of(buyer)
    assert payment.amount == 5_900
    shop.now += timedelta(days=12)
    buyer.changes("Business", When.IMMEDIATE, anchor=Anchor.RESET)
    asked = Refund(buyer.target, payment.pk, RefundHow.FULL, RefundReason.REQUESTED, any_time=True, note="so")
    assert refused(shop, asked) == "nothing_refundable"
    corrected(buyer)
    buyer.lives_until(shop.now + timedelta(days=31))
    buyer.does(correction(buyer, first))
    assert refused(shop, asked) == "nothing_refundable"
    holds(shop)


def test_what_went_to_the_balance_by_a_correction_does_not_go_back_to_the_card_as_well(shop: Shop) -> None:
    buyer = renewed(shop)
    corrected(buyer, **BUSINESS_ABROAD)
    buyer.does(Refund(buyer.target, payment_of(buyer).pk, RefundHow.FULL, RefundReason.REQUESTED))
    assert (buyer.credit_notes, buyer.balance) == (["119.00", "100.00"], "19.00")
    holds(shop)


def test_a_part_that_was_given_back_stays_given_back(shop: Shop) -> None:
    buyer = renewed(shop)
    old = invoice_of(buyer).pk
    buyer.does(CreditInvoice(buyer.target, old, "an outage", Money.parse("20.00", "EUR")))
    says(buyer, name="Anna Alder Ltd")
    assert refused(shop, correction(buyer, old)) == "credited_and_running"
    buyer.lives_until(shop.now + timedelta(days=31))
    buyer.does(correction(buyer, old))
    assert buyer.invoices[-1] == ("paid", "99.00")
    assert buyer.credit_notes == ["20.00", "99.00"]
    holds(shop)


def test_days_that_were_used_before_it_ended_are_never_given_back_again(shop: Shop) -> None:
    buyer = renewed(shop)
    old = invoice_of(buyer).pk
    shop.now += timedelta(days=15)
    buyer.does(Cancel(buyer.target, CancelWhen.NOW, CancelReason.OTHER, credit_unused=True))
    says(buyer, name="Anna Alder Ltd")
    buyer.does(correction(buyer, old))
    new = invoice_of(buyer)
    with tenant(shop.world.id):
        lines = InvoiceLine.objects.for_partner(shop.world.id).filter(invoice=new)
        assert list(lines.values_list("kind", "amount", "tax_amount")) == [("used", 5_000, 950)]
    assert buyer.balance == "59.50"
    holds(shop)


def test_an_open_invoice_is_collected_in_its_new_form(shop: Shop) -> None:
    buyer = unpaid(shop)
    pays(buyer, "19.00")
    old, before = invoice_of(buyer), buyer.row()
    says(buyer, name="Anna Alder Ltd")
    shown = buyer.preview(correction(buyer))
    assert (str(shown.planned and shown.planned.due_now), "voids_open_invoice" in shown.warnings) == (
        "100.00 EUR",
        True,
    )
    buyer.does(correction(buyer))
    new = invoice_of(buyer)
    assert (buyer.invoices, str(new.due)) == ([("void", "119.00"), ("open", "119.00")], "100.00 EUR")
    assert new.corrects_id is None, "nothing was owed twice: the old one is void"
    assert (buyer.row().collection, buyer.row().due_at) == (before.collection, before.due_at)
    with tenant(shop.world.id):
        case = CollectionCase.objects.for_partner(shop.world.id).get(closed_at=None)
    assert (case.invoice_id, old.pk != new.pk) == (new.pk, True)
    pays(buyer, "100.00")
    assert buyer.invoices == [("void", "119.00"), ("paid", "119.00")]
    assert buyer.row().collection == "current"
    holds(shop)


def test_a_change_that_waits_for_its_payment_waits_for_the_new_invoice(shop: Shop) -> None:
    buyer = shop.buyer("Basic", days_ago=12, card="")
    buyer.changes("Business")
    corrected(buyer)
    assert [status for status, _ in buyer.invoices] == ["void", "open"]
    assert (buyer.plan, buyer.changes_made) == ("Basic", [("plan", "awaiting")])
    pays(buyer, str(invoice_of(buyer).due.major))
    shop.world.drain(now=shop.now)
    assert (buyer.plan, buyer.changes_made) == ("Business", [("plan", "applied")])
    holds(shop)


def test_loyalty_counts_a_corrected_term_once(shop: Shop) -> None:
    buyer = renewed(shop)
    with tenant(shop.world.id):
        before = paid_months(shop.world.id, [buyer.subscription])
    corrected(buyer)
    with tenant(shop.world.id):
        assert paid_months(shop.world.id, [buyer.subscription]) == before
    buyer.does(Refund(buyer.target, payment_of(buyer).pk, RefundHow.FULL, RefundReason.REQUESTED))
    with tenant(shop.world.id):
        assert paid_months(shop.world.id, [buyer.subscription])[buyer.subscription] == before[buyer.subscription] - 1


def test_what_cannot_be_corrected_says_why(shop: Shop) -> None:
    buyer = renewed(shop)
    old = invoice_of(buyer).pk
    assert refused(shop, correction(buyer)) == "nothing_to_correct", "it names both as they are"
    corrected(buyer)
    assert refused(shop, correction(buyer, old)) == "corrected_already"
    given_back = renewed(shop)
    given_back.does(CreditInvoice(given_back.target, invoice_of(given_back).pk, "all of it"))
    says(given_back, name="Somebody Else")
    assert refused(shop, correction(given_back)) in ("nothing_to_correct", "credited_and_running")
    owing = unpaid(shop)
    owing.does(VoidInvoice(owing.target, invoice_of(owing).pk, "a mistake"))
    with tenant(shop.world.id):
        void = Invoice.objects.for_partner(shop.world.id).filter(customer=owing.customer, status="void").get().pk
    says(owing, name="Somebody Else")
    assert refused(shop, correction(owing, void)) == "not_correctable"


@pytest.mark.parametrize(
    ("of_another", "refused_by"),
    [
        ({"kind": "change"}, "an_invoice_is_corrected_once"),
        ({"corrects_id": None}, "one_renewal_invoice_per_term"),
    ],
)
def test_the_database_lets_one_invoice_take_the_place_of_another(
    shop: Shop, of_another: dict[str, Any], refused_by: str
) -> None:
    buyer = renewed(shop)
    new = corrected(buyer)
    kept = {field.attname: getattr(new, field.attname) for field in Invoice._meta.concrete_fields}
    another = Invoice(**kept | {"id": uuid7(), "number": new.number + 1} | of_another)
    with pytest.raises(IntegrityError, match=refused_by), tenant(shop.world.id):
        another.save(force_insert=True)


def test_who_may_not_and_who_is_of_another_partner_changes_nothing(shop: Shop, team: Team, stranger: Person) -> None:
    buyer = renewed(shop)
    says(buyer, name="Anna Alder Ltd")
    verb: Verb = correction(buyer)
    for role in (Role.READ_ONLY, Role.SUPPORT):
        with pytest.raises(Forbidden):
            door.preview(verb, actor=team[role].actor, now=shop.now)
    with pytest.raises(NotFound):
        door.preview(verb, actor=stranger.actor, now=shop.now)
    somebody = renewed(shop)
    with pytest.raises(NotFound):
        door.preview(correction(somebody, invoice_of(buyer).pk), actor=shop.person.actor, now=shop.now)
    assert buyer.invoices == [("paid", "119.00")]
