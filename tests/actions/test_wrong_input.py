"""Whatever is wrong with a request for a verb: a stable code and a sentence refuse it, and nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from billing.documents.states import PaymentSource
from billing.refunds.states import RefundReason
from billing.rules.changes.banning import OpenInvoices
from billing.rules.changes.cancelling import CancelReason, CancelWhen
from billing.rules.changes.pausing import PauseWhen
from billing.rules.refunds.refunding import RefundHow
from partnerpanel.actions import door
from partnerpanel.actions.addons import AddAddon, KeepAddon, RemoveAddon
from partnerpanel.actions.announce_price import AnnouncePrice
from partnerpanel.actions.ban import Ban, LiftBan
from partnerpanel.actions.billing_dates import MoveBillingDate, SkipRenewal
from partnerpanel.actions.cancel import Cancel, Keep
from partnerpanel.actions.change_plan import ChangePlan
from partnerpanel.actions.change_quantity import ChangeQuantity
from partnerpanel.actions.coupons import ApplyCoupon, RemoveCoupon
from partnerpanel.actions.drop_change import DropChange
from partnerpanel.actions.end_trial import EndTrial
from partnerpanel.actions.erase import Erase
from partnerpanel.actions.extend import Extend, OutsidePayment
from partnerpanel.actions.message import Message
from partnerpanel.actions.pause import Pause, Resume
from partnerpanel.actions.reactivate import Reactivate
from partnerpanel.actions.refund import Refund
from partnerpanel.actions.registry import VERBS
from partnerpanel.actions.restart import Restart
from partnerpanel.actions.rollback_plan import RollbackPlan
from partnerpanel.actions.set_limit import SetLimit
from partnerpanel.actions.subscribe import Subscribe
from partnerpanel.actions.suspend import Suspend
from partnerpanel.actions.tag import Tag
from partnerpanel.actions.take_offer import TakeOffer
from partnerpanel.actions.verb import Target, Verb
from partnerpanel.actions.verification import RequireVerification, Verified
from partnerpanel.actions.waive import Waive
from partnerpanel.events.models import Event
from partnerpanel.kernel.errors import DomainError
from partnerpanel.kernel.ids import uuid7
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.scope import tenant
from subscriptions.rules.states import HoldKind
from subscriptions.services.access import Evidence
from subscriptions.services.archive import archive_plan
from subscriptions.services.catalogue import create_plan
from tests.actions.selling import THIRTY_DAYS, Buyer, Shop
from tests.people import Person
from tests.world import World

pytestmark = pytest.mark.django_db
Wrong = Callable[[Buyer], Verb]
LONG = "x" * 5_000
MANUAL, REVIEW = HoldKind.MANUAL, HoldKind.FRAUD_REVIEW
NOBODY = (Target(uuid7(), uuid7()),)


def today(b: Buyer) -> date:
    return b.shop.now.date()


def on_plan(b: Buyer, name: str) -> Verb:
    return ChangePlan(b.target, b.shop.plans[name])


def buys(b: Buyer, **other: Any) -> Verb:
    wanted: dict[str, Any] = {"plan_id": b.shop.plans["Basic"], "currency": "EUR"} | other
    return Subscribe((Target(b.customer),), **wanted)


def paid_outside(b: Buyer, amount: Money, days: int = 0) -> Verb:
    money = OutsidePayment(amount, PaymentSource.BANK, today(b) + timedelta(days=days))
    return Extend(b.target, "as agreed", days=30, payment=money)


def paid_back(b: Buyer, how: RefundHow = RefundHow.FULL, **other: Any) -> Verb:
    wanted: dict[str, Any] = {"payment_id": uuid7(), "how": how, "reason": RefundReason.REQUESTED} | other
    return Refund(b.target, **wanted)


# By verb: what is wrong, the request, and the code or reason that says so.
WRONG: Mapping[str, list[tuple[str, Wrong, str]]] = {
    "require_verification": [
        ("nothing", lambda b: RequireVerification((Target(b.customer),), ()), "invalid_verification"),
        ("a part", lambda b: RequireVerification(b.target, (), "x"), "invalid_verification"),
        ("too long", lambda b: RequireVerification((Target(b.customer),), (), LONG), "invalid_verification"),
        ("nobody", lambda _: RequireVerification((Target(uuid7()),), (), "x"), "not_found"),
    ],
    "verified": [
        ("no reason", lambda b: Verified((Target(b.customer),), " "), "invalid_verification"),
        ("not asked", lambda b: Verified((Target(b.customer),), "x"), "not_asked"),
        ("nobody", lambda _: Verified((Target(uuid7()),), "x"), "not_found"),
    ],
    "ban": [
        ("no reason", lambda b: Ban((Target(b.customer),), OpenInvoices.KEEP, " "), "invalid_ban"),
        ("a part", lambda b: Ban(b.target, OpenInvoices.KEEP, "x"), "invalid_ban"),
        ("nobody", lambda _: Ban((Target(uuid7()),), OpenInvoices.KEEP, "x"), "not_found"),
    ],
    "lift_ban": [
        ("no reason", lambda b: LiftBan((Target(b.customer),), " "), "invalid_ban"),
        ("not banned", lambda b: LiftBan((Target(b.customer),), "x"), "not_banned"),
        ("nobody", lambda _: LiftBan((Target(uuid7()),), "x"), "not_found"),
    ],
    "set_limit": [
        ("no name", lambda b: SetLimit(b.target, " ", 1, "x"), "invalid_limit"),
        ("below nothing", lambda b: SetLimit(b.target, "calls", -1, "x"), "invalid_limit"),
        ("no reason", lambda b: SetLimit(b.target, "calls", 1, " "), "invalid_limit"),
        ("has no such", lambda b: SetLimit(b.target, "calls", 1, "x"), "no_such_allowance"),
        ("of which", lambda b: SetLimit((Target(b.customer),), "calls", 1, "x"), "which_subscription"),
        ("nobody", lambda _: SetLimit(NOBODY, "calls", 1, "x"), "not_found"),
    ],
    "suspend": [
        ("no reason", lambda b: Suspend(b.target, MANUAL, " "), "invalid_suspension"),
        ("too long", lambda b: Suspend(b.target, MANUAL, LONG), "invalid_suspension"),
        ("nobody's to place", lambda b: Suspend(b.target, HoldKind.NONPAYMENT, "late"), "invalid_suspension"),
        (
            "a large file",
            lambda b: Suspend(b.target, MANUAL, "x", Evidence("", "a.txt", "text/plain", b"x" * 3_000_000)),
            "invalid_suspension",
        ),
        ("twice the same", lambda b: Suspend(b.target * 2, MANUAL, "x"), "overlapping_targets"),
        ("nobody", lambda _: Suspend(NOBODY, MANUAL, "x"), "not_found"),
    ],
    "reactivate": [
        ("no hold named", lambda b: Reactivate(b.target, frozenset(), ""), "invalid_reactivation"),
        (
            "one of billing's",
            lambda b: Reactivate(b.target, frozenset({HoldKind.NONPAYMENT}), ""),
            "invalid_reactivation",
        ),
        ("a review without a word", lambda b: Reactivate(b.target, frozenset({REVIEW}), ""), "invalid_reactivation"),
        ("too long", lambda b: Reactivate(b.target, frozenset({MANUAL}), LONG), "invalid_reactivation"),
        ("not held", lambda b: Reactivate(b.target, frozenset({MANUAL}), ""), "not_suspended"),
        ("nobody", lambda _: Reactivate(NOBODY, frozenset({MANUAL}), ""), "not_found"),
    ],
    "change_plan": [
        ("the same plan", lambda b: on_plan(b, "Basic"), "same_plan"),
        ("another currency", lambda b: on_plan(b, "Dollars"), "other_currency"),
        ("archived", lambda b: on_plan(b, "Archived"), "not_sellable"),
        ("no such plan", lambda b: ChangePlan(b.target, uuid7()), "not_found"),
        ("nobody", lambda b: ChangePlan(NOBODY, b.shop.plans["Business"]), "not_found"),
    ],
    "change_quantity": [
        ("none", lambda b: ChangeQuantity(b.target, 0), "quantity"),
        ("below none", lambda b: ChangeQuantity(b.target, -3), "quantity"),
        ("as many as now", lambda b: ChangeQuantity(b.target, 1), "same_quantity"),
        ("more than can be counted", lambda b: ChangeQuantity(b.target, 10**12), "quantity"),
        ("nobody", lambda _: ChangeQuantity(NOBODY, 2), "not_found"),
    ],
    "rollback_plan": [
        ("never on another", lambda b: RollbackPlan(b.target), "nothing_to_roll_back_to"),
        ("no such plan", lambda b: RollbackPlan(b.target, uuid7()), "not_found"),
        ("nobody", lambda _: RollbackPlan(NOBODY), "not_found"),
    ],
    "extend": [
        ("no duration", lambda b: Extend(b.target, "as agreed"), "invalid_extension"),
        ("both", lambda b: Extend(b.target, "as agreed", months=1, days=1), "invalid_extension"),
        ("two months", lambda b: Extend(b.target, "as agreed", months=2), "invalid_extension"),
        ("too many days", lambda b: Extend(b.target, "as agreed", days=367), "invalid_extension"),
        ("backwards", lambda b: Extend(b.target, "as agreed", days=-1), "invalid_extension"),
        ("no note", lambda b: Extend(b.target, "", days=1), "invalid_extension"),
        ("too long", lambda b: Extend(b.target, LONG, days=1), "invalid_extension"),
        ("paid nothing", lambda b: paid_outside(b, Money(0, "EUR")), "invalid_extension"),
        ("paid tomorrow", lambda b: paid_outside(b, Money(10_000, "EUR"), 1), "not_received"),
        ("paid too little", lambda b: paid_outside(b, Money(1, "EUR")), "too_little"),
        ("nobody", lambda _: Extend(NOBODY, "as agreed", days=1), "not_found"),
    ],
    "cancel": [
        ("too long", lambda b: Cancel(b.target, CancelWhen.NOW, CancelReason.UNUSED, LONG), "invalid_cancellation"),
        (
            "credit of a whole period",
            lambda b: Cancel(b.target, CancelWhen.PERIOD_END, CancelReason.UNUSED, "", credit_unused=True),
            "invalid_cancellation",
        ),
        ("no such reason", lambda b: Cancel(b.target, CancelWhen.NOW, "own_9"), "invalid_cancellation"),
        ("nobody", lambda _: Cancel(NOBODY, CancelWhen.NOW, CancelReason.UNUSED), "not_found"),
    ],
    "keep": [("not cancelled", lambda b: Keep(b.target), "not_cancelling")],
    "pause": [
        ("too long", lambda b: Pause(b.target, PauseWhen.NOW, note=LONG), "invalid_pause"),
        ("until yesterday", lambda b: Pause(b.target, PauseWhen.NOW, date(2020, 1, 1)), "until_too_early"),
    ],
    "resume": [("not paused", lambda b: Resume(b.target), "not_paused")],
    "skip_renewal": [
        ("no note", lambda b: SkipRenewal(b.target, ""), "invalid_skip"),
        ("too long", lambda b: SkipRenewal(b.target, LONG), "invalid_skip"),
    ],
    "move_billing_date": [
        ("today", lambda b: MoveBillingDate(b.target, today(b)), "not_ahead"),
        ("in years", lambda b: MoveBillingDate(b.target, today(b) + timedelta(days=900)), "too_far"),
    ],
    "waive": [
        ("no note", lambda b: Waive(b.target, ""), "invalid_waiver"),
        ("nothing owed", lambda b: Waive(b.target, "as agreed"), "nothing_owed"),
    ],
    "end_trial": [("no trial", lambda b: EndTrial(b.target), "no_trial")],
    "restart": [
        ("not ended", lambda b: Restart(b.target), "not_ended"),
        ("nobody", lambda _: Restart(NOBODY), "not_found"),
    ],
    "drop_change": [("no change", lambda b: DropChange(b.target), "no_change")],
    "refund": [
        ("no such payment", paid_back, "not_found"),
        ("no amount", lambda b: paid_back(b, RefundHow.AMOUNT), "invalid_refund"),
        ("too long", lambda b: paid_back(b, note=LONG), "invalid_refund"),
    ],
    "tag": [
        ("nothing", lambda b: Tag((Target(b.customer),)), "invalid_tags"),
        ("on and off", lambda b: Tag((Target(b.customer),), ("a",), ("a",)), "invalid_tags"),
        ("too long", lambda b: Tag((Target(b.customer),), (LONG,)), "invalid_customer"),
        ("nobody", lambda _: Tag(NOBODY, ("a",)), "not_found"),
    ],
    "subscribe": [
        ("no such plan", lambda b: buys(b, plan_id=uuid7()), "not_found"),
        ("another currency", lambda b: buys(b, currency="USD"), "other_currency"),
        ("no currency", lambda b: buys(b, currency="EURO"), "other_currency"),
        ("none", lambda b: buys(b, quantity=0), "quantity"),
        ("a long trial", lambda b: buys(b, trial_days=731), "trial_days"),
        ("the 32nd", lambda b: buys(b, anchor_day=32), "anchor_day"),
        ("last year", lambda b: buys(b, starts_on=date(2020, 1, 1)), "starts_on"),
        ("archived", lambda b: buys(b, plan_id=b.shop.plans["Archived"]), "not_sellable"),
        ("nobody", lambda b: Subscribe((Target(uuid7()),), b.shop.plans["Basic"], "EUR"), "not_found"),
    ],
    "message": [
        ("no words", lambda b: Message((Target(b.customer),), subject="Hello"), "what_to_say"),
        ("two kinds of words", lambda b: Message((Target(b.customer),), "own_news", "Hello", "x"), "what_to_say"),
        ("no such template", lambda b: Message((Target(b.customer),), "own_nothing"), "not_found"),
        ("to a part", lambda b: Message(b.target, "", "Hello", "x"), "not_found"),
        ("nobody", lambda _: Message((Target(uuid7()),), "", "Hello", "x"), "not_found"),
    ],
    "erase": [
        ("a part", lambda b: Erase(b.target), "invalid_erasure"),
        ("is served", lambda b: Erase((Target(b.customer),)), "still_served"),
        ("twice the same", lambda b: Erase((Target(b.customer),) * 2), "overlapping_targets"),
        ("nobody", lambda _: Erase((Target(uuid7()),)), "not_found"),
    ],
    "add_addon": [("no such add-on", lambda b: AddAddon(b.target, uuid7()), "not_found")],
    "apply_coupon": [("no such code", lambda b: ApplyCoupon(b.target, "nothing"), "coupon_unknown")],
    "take_offer": [("no such offer", lambda b: TakeOffer(b.target, uuid7()), "not_found")],
    "remove_coupon": [("none held", lambda b: RemoveCoupon(b.target), "no_coupon")],
    "remove_addon": [("not held", lambda b: RemoveAddon(b.target, uuid7()), "no_addon")],
    "keep_addon": [("not held", lambda b: KeepAddon(b.target, uuid7()), "no_addon")],
    "announce_price": [
        (
            "no price",
            lambda b: AnnouncePrice(b.target, b.shop.plans["Basic"], (), today(b), notice_days=0),
            "invalid_price_notice",
        ),
        (
            "below nothing",
            lambda b: AnnouncePrice(b.target, b.shop.plans["Basic"], (Money(-1, "EUR"),), today(b), notice_days=0),
            "invalid_price_notice",
        ),
    ],
}


@pytest.fixture
def buyer(world: World, owner: Person) -> Buyer:
    shop = Shop(world, owner)
    shop.sells("Archived", "70.00")
    with tenant(world.id):
        shop.plans["Dollars"] = create_plan(
            product_id=shop.product,
            name="Dollars",
            interval=THIRTY_DAYS,
            prices=[Money(5_000, "USD")],
            rank=9,
            actor=world.system,
            now=shop.now,
        )
        archive_plan(shop.plans["Archived"], actor=world.system, now=shop.now)
    return shop.buyer()


def refusal(buyer: Buyer, wrong: Wrong) -> tuple[str, str]:
    """The code or reason of the refusal, and its sentence."""
    try:
        quote = door.preview(wrong(buyer), actor=buyer.shop.person.actor, now=buyer.shop.now)
    except DomainError as error:
        return error.details.get("reason", error.code), error.message
    if not quote.is_refused:
        return "it would be done", "."
    return quote.refusals[0].code, quote.refusals[0].message


def test_every_verb_refuses_what_is_wrong_by_its_code_and_writes_nothing(buyer: Buyer) -> None:
    with tenant(buyer.shop.world.id):
        before = Event.objects.count()
    found, wanted = {}, {}
    for verb, cases in WRONG.items():
        for what, wrong, code in cases:
            wanted[verb, what] = code
            found[verb, what], sentence = refusal(buyer, wrong)
            assert sentence.endswith((".", "!")), (verb, what, sentence)
    otherwise = {case: (code, wanted[case]) for case, code in found.items() if code != wanted[case]}
    assert not otherwise, otherwise
    with tenant(buyer.shop.world.id):
        assert Event.objects.count() == before


def test_no_verb_is_left_out() -> None:
    # Undo is asked for by what was done, and has tests of its own; refunds and erasures are no verbs of bulk.
    assert {*VERBS, "refund", "erase"} == {*WRONG, "undo"}
