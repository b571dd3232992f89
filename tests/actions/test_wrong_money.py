"""Wrong input about money that was paid, owed or promised: refused by its code and a sentence, and nothing written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from billing.documents.states import PaymentSource
from billing.ledger.states import CreditReason
from billing.models import Payment
from billing.refunds.states import RefundReason, RefundSource
from billing.rules.refunds.refunding import RefundHow
from partnerpanel.actions import credit, door, money_out, payments
from partnerpanel.actions.addons import AddAddon
from partnerpanel.actions.coupons import ApplyCoupon
from partnerpanel.actions.credit import Credit
from partnerpanel.actions.invoice_verbs import CorrectInvoice, CreditInvoice, GiveUpInvoice, VoidInvoice
from partnerpanel.actions.refund import Refund
from partnerpanel.actions.subscribe import Subscribe
from partnerpanel.actions.verb import Target, Verb
from partnerpanel.kernel.errors import DomainError
from partnerpanel.kernel.ids import uuid7
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.scope import tenant
from subscriptions.rules.coupons import Discount
from subscriptions.services.addon_catalogue import archive_addon
from subscriptions.services.coupon_catalogue import CouponTerms, archive_coupon, create_coupon
from tests.actions.carry_out import everything
from tests.actions.selling import Buyer, Shop
from tests.actions.test_addons import sells
from tests.actions.test_refund import renewed
from tests.people import Person
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def euros(text: str) -> Money:
    return Money.parse(text, "EUR")


def paid(b: Buyer) -> Payment:
    with tenant(b.shop.world.id):
        return Payment.objects.for_partner(b.shop.world.id).select_related("invoice").get(customer=b.customer)


def invoice(b: Buyer) -> Any:
    return paid(b).invoice_id


def back(b: Buyer, amount: Money | None = None, **other: Any) -> Verb:
    how = RefundHow.FULL if amount is None else RefundHow.AMOUNT
    wanted: dict[str, Any] = {"payment_id": paid(b).pk, "how": how, "reason": RefundReason.REQUESTED, "amount": amount}
    return Refund(b.target, **wanted | other)


def of_somebody_else(b: Buyer) -> Buyer:
    return renewed(b.shop)


# What is wrong, the request, and the code or reason that says so.
VERBS: Mapping[str, tuple[Callable[[Buyer], Verb], str]] = {
    "more goes back than came in": (lambda b: back(b, euros("100.01")), "over_refund"),
    "nothing goes back": (lambda b: back(b, euros("0.00")), "no_amount"),
    "less than nothing goes back": (lambda b: back(b, euros("-1.00")), "no_amount"),
    "other money goes back": (lambda b: back(b, Money(1_000, "USD")), "refund_other_currency"),
    "somebody else's payment goes back": (
        lambda b: Refund(b.target, paid(of_somebody_else(b)).pk, RefundHow.FULL, RefundReason.REQUESTED),
        "not_found",
    ),
    "more is credited than was paid": (
        lambda b: CreditInvoice(b.target, invoice(b), "x", euros("100.01")),
        "over_credit",
    ),
    "nothing is credited": (lambda b: CreditInvoice(b.target, invoice(b), "x", euros("0.00")), "no_amount"),
    "other money is credited": (
        lambda b: CreditInvoice(b.target, invoice(b), "x", Money(1, "USD")),
        "credit_other_currency",
    ),
    "a credit without a word": (lambda b: CreditInvoice(b.target, invoice(b), " "), "invalid_invoice_verb"),
    "a line of nobody is credited": (
        lambda b: CreditInvoice(b.target, invoice(b), "x", None, (uuid7(),)),
        "nothing_creditable",
    ),
    "an invoice of nobody is credited": (lambda b: CreditInvoice(b.target, uuid7(), "x"), "not_found"),
    "an invoice that is right is corrected": (
        lambda b: CorrectInvoice(b.target, invoice(b), "x"),
        "nothing_to_correct",
    ),
    "a correction without a word": (lambda b: CorrectInvoice(b.target, invoice(b), " "), "invalid_invoice_verb"),
    "an invoice of nobody is corrected": (lambda b: CorrectInvoice(b.target, uuid7(), "x"), "not_found"),
    "a paid invoice is voided": (lambda b: VoidInvoice(b.target, invoice(b), "x"), "not_open"),
    "a paid invoice is given up": (lambda b: GiveUpInvoice(b.target, invoice(b), "x"), "not_open"),
    "a coupon that nobody made": (lambda b: ApplyCoupon(b.target, "NOTHING"), "coupon_unknown"),
    "a coupon of last year": (lambda b: ApplyCoupon(b.target, "EXPIRED"), "coupon_expired"),
    "a coupon of next year": (lambda b: ApplyCoupon(b.target, "LATER"), "coupon_not_yet_valid"),
    "a coupon that was taken back": (lambda b: ApplyCoupon(b.target, "ARCHIVED"), "coupon_expired"),
    "a coupon that is used up": (lambda b: ApplyCoupon(b.target, "USED"), "coupon_used_up"),
    "a coupon for another plan": (lambda b: ApplyCoupon(b.target, "BUSINESS"), "coupon_other_plan"),
    "a coupon in other money": (lambda b: ApplyCoupon(b.target, "DOLLARS"), "coupon_other_currency"),
    "a coupon of last year with a new plan": (
        lambda b: Subscribe((Target(b.customer),), b.shop.plans["Basic"], "EUR", coupon="EXPIRED"),
        "coupon_expired",
    ),
    "an add-on that is sold no more": (
        lambda b: AddAddon(b.target, b.shop.plans["archived add-on"]),
        "addon_not_sellable",
    ),
    "an add-on of another plan": (lambda b: AddAddon(b.target, b.shop.plans["other add-on"]), "addon_does_not_fit"),
    "no add-on at all": (lambda b: AddAddon(b.target, b.shop.plans["add-on"], 0), "quantity"),
}


def records(b: Buyer, amount: Money, *, on: int = 0, note: str = "statement 12", source: str = "bank") -> object:
    return payments.record_payment(
        b.subscription,
        amount=amount,
        source=PaymentSource(source),
        received_on=b.shop.now.date() + timedelta(days=on),
        note=note,
        term_number=None,
        actor=b.shop.person.actor,
        now=b.shop.now,
    )


def gives(b: Buyer, amount: Money, note: str = "sorry") -> object:
    wish = Credit(amount, CreditReason.GOODWILL, note)
    return credit.add_credit(b.customer, wish, key=uuid7(), actor=b.shop.person.actor, now=b.shop.now)


def pays_out(b: Buyer, amount: Money, note: str = "asked for it") -> object:
    return money_out.refund_balance(
        b.customer,
        amount=amount,
        source=RefundSource.BANK,
        payment_id=None,
        reason=RefundReason.REQUESTED,
        note=note,
        actor=b.shop.person.actor,
        now=b.shop.now,
    )


def recovers(b: Buyer) -> object:
    return money_out.recover(
        invoice(b),
        source=PaymentSource.BANK,
        received_on=b.shop.now.date(),
        note="x",
        actor=b.shop.person.actor,
        now=b.shop.now,
    )


# The same for what is no verb of subscriptions, with whether somebody owes something: code and field.
SERVICES: Mapping[str, tuple[Callable[[Buyer], object], bool, tuple[str, str | None]]] = {
    "nothing is owed": (lambda b: records(b, euros("100.00")), False, ("nothing_to_pay", None)),
    "nothing came in": (lambda b: records(b, euros("0.00")), True, ("invalid_payment", "amount")),
    "other money came in": (lambda b: records(b, Money(10_000, "USD")), True, ("invalid_payment", "currency")),
    "it comes in tomorrow": (lambda b: records(b, euros("100.00"), on=1), True, ("invalid_payment", "received_on")),
    "it came in a closed period": (
        lambda b: records(b, euros("100.00"), on=-800),
        True,
        ("invalid_payment", "received_on"),
    ),
    "nobody can find it": (lambda b: records(b, euros("100.00"), note=" "), True, ("invalid_payment", "note")),
    "a card pays by hand": (lambda b: records(b, euros("100.00"), source="card"), True, ("invalid_payment", "source")),
    "nothing is given": (lambda b: gives(b, euros("0.00")), False, ("invalid_credit", "amount")),
    "it is given without a word": (lambda b: gives(b, euros("5.00"), " "), False, ("invalid_credit", "note")),
    "more is paid out than is there": (lambda b: pays_out(b, euros("0.01")), False, ("balance_too_small", "amount")),
    "what was paid is recovered": (recovers, False, ("not_given_up", None)),
    "a credit of nobody is taken back": (
        lambda b: credit.take_back_credit(uuid7(), note="x", actor=b.shop.person.actor, now=b.shop.now),
        False,
        ("not_found", "credit"),
    ),
}


@pytest.fixture
def shop(world: World, owner: Person) -> Shop:
    shop = Shop(world, owner)
    shop.plans["add-on"] = sells(shop)
    shop.plans["other add-on"] = sells(shop, "Other", plans=("Business",))
    shop.plans["archived add-on"] = sells(shop, "Old")
    with tenant(world.id):
        archive_addon(shop.plans["archived add-on"], actor=world.system, now=shop.now)
    return shop


def coupons(shop: Shop) -> None:
    today = shop.now.date()
    _coupon(shop, "EXPIRED", until_on=today - timedelta(days=1))
    _coupon(shop, "LATER", from_on=today + timedelta(days=300))
    _coupon(shop, "BUSINESS", plan_ids=(shop.plans["Business"],))
    _coupon(shop, "DOLLARS", Discount(amount=Money(500, "USD")))
    gone = _coupon(shop, "ARCHIVED")
    with tenant(shop.world.id):
        archive_coupon(gone, actor=shop.world.system, now=shop.now)
    _coupon(shop, "USED", most=1)
    other = shop.buyer("Basic")
    other.does(ApplyCoupon(other.target, "USED"))


def _coupon(shop: Shop, code: str, discount: Discount | None = None, **other: Any) -> Any:
    with tenant(shop.world.id):
        terms = CouponTerms(code, discount or Discount(percent=25), **other)
        return create_coupon(terms, actor=shop.world.system, now=shop.now)


def said(b: Buyer, verb: Callable[[Buyer], Verb]) -> tuple[str, str]:
    """Code or reason, and the sentence."""
    try:
        quote = door.preview(verb(b), actor=b.shop.person.actor, now=b.shop.now)
    except DomainError as error:
        return error.details.get("reason", error.code), error.message
    return (quote.refusals[0].code, quote.refusals[0].message) if quote.is_refused else ("it would be done", "")


def test_a_verb_about_money_refuses_what_is_wrong_and_writes_nothing(shop: Shop) -> None:
    buyer = renewed(shop)
    coupons(shop)
    of_somebody_else(buyer)
    found, before = {}, everything(shop.world)
    for what, (verb, _code) in VERBS.items():
        if what == "somebody else's payment goes back":
            continue
        found[what], sentence = said(buyer, verb)
        assert sentence.endswith((".", "!")), (what, sentence)
    otherwise = {what: (code, VERBS[what][1]) for what, code in found.items() if code != VERBS[what][1]}
    assert not otherwise, sorted(otherwise.items())
    assert everything(shop.world) == before


# Refusals that a field is to blame for, by the word in VERBS.
FIELDS: Mapping[str, str] = {
    "more goes back than came in": "amount",
    "other money goes back": "amount",
    "a line of nobody is credited": "invoice",
    "a paid invoice is voided": "invoice",
    "a paid invoice is given up": "invoice",
    "a coupon that nobody made": "coupon",
    "a coupon for another plan": "coupon",
    "no add-on at all": "quantity",
}


@pytest.mark.parametrize("what", FIELDS)
def test_a_refusal_names_the_field_that_is_to_be_corrected(shop: Shop, what: str) -> None:
    buyer = renewed(shop)
    coupons(shop)
    quote = door.preview(VERBS[what][0](buyer), actor=shop.person.actor, now=shop.now)
    assert [one.field for one in quote.refusals] == [FIELDS[what]]


@pytest.mark.parametrize("what", ["other money goes back", "other money is credited"])
def test_a_refusal_of_other_money_names_both_currencies(shop: Shop, what: str) -> None:
    _code, sentence = said(renewed(shop), VERBS[what][0])
    assert "in EUR, not in USD" in sentence


def test_somebody_elses_payment_does_not_go_back(shop: Shop) -> None:
    buyer = renewed(shop)
    assert said(buyer, VERBS["somebody else's payment goes back"][0])[0] == "not_found"


@pytest.mark.parametrize("what", SERVICES)
def test_a_service_about_money_refuses_what_is_wrong_and_writes_nothing(shop: Shop, what: str) -> None:
    asks, owes, (code, field) = SERVICES[what]
    buyer = renewed(shop, card="sandbox_hard_decline") if owes else renewed(shop)
    before = everything(shop.world)
    with pytest.raises(DomainError) as refusal:
        asks(buyer)
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert refusal.value.message.endswith(".")
    assert everything(shop.world) == before
