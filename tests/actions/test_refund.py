"""Money goes back: how much, on which document, and what becomes of the subscription."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from billing.documents.states import PaymentSource
from billing.gateway.refusals import GatewayDown, OverRefund
from billing.gateway.sandbox.gateway import SandboxGateway
from billing.models import CreditNote, CreditNoteLine, Invoice, LedgerEntry, Payment, PaymentReturn, SandboxRefund
from billing.models import Refund as RefundRow
from billing.refunds.settle import Answered, settle_refunds
from billing.refunds.states import RefundStatus
from billing.services.pay import record_payment
from partnerpanel.actions import door
from partnerpanel.actions.door import Outcome, Refused
from partnerpanel.actions.quote import Quote
from partnerpanel.actions.refund import Refund, RefundAccess, RefundHow, RefundReason, RefundSource
from partnerpanel.actions.undo import Undo
from partnerpanel.kernel.clock import local_date
from partnerpanel.kernel.errors import Forbidden, NotFound
from partnerpanel.kernel.money import Money
from partnerpanel.policy.rules.scopes import ScopeKind
from partnerpanel.policy.services import set_policy
from partnerpanel.queues.registry import queue_named
from partnerpanel.queues.rows import MAX_ATTEMPTS
from partnerpanel.tenancy.models import Role
from partnerpanel.tenancy.scope import tenant
from tests.actions.selling import Buyer, Shop, books_balance
from tests.people import Person, Team
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(world: World, team: Team) -> Shop:
    return Shop(world, team.owner)


def renewed(shop: Shop, card: str = "sandbox_ok", plan: str = "Basic") -> Buyer:
    """Somebody whose renewal was charged just now."""
    buyer = shop.buyer(plan, days_ago=29, card=card)
    buyer.lives_until(shop.now + timedelta(days=1))
    return buyer


def payment_of(buyer: Buyer) -> Payment:
    with tenant(buyer.shop.world.id):
        return Payment.objects.for_partner(buyer.shop.world.id).filter(customer=buyer.customer).latest("recorded_at")


def refund(buyer: Buyer, amount: str = "", **other: Any) -> Refund:
    how = RefundHow.AMOUNT if amount else RefundHow.FULL
    money = Money.parse(amount, "EUR") if amount else None
    wanted: dict[str, Any] = {"how": how, "amount": money, "reason": RefundReason.REQUESTED}
    return Refund(buyer.target, payment_of(buyer).pk, **(wanted | other))


def rows(buyer: Buyer) -> list[tuple[str, int]]:
    with tenant(buyer.shop.world.id):
        found = RefundRow.objects.for_partner(buyer.shop.world.id).filter(customer=buyer.customer)
        return list(found.order_by("requested_at", "pk").values_list("status", "amount"))


def journal(world: World) -> list[tuple[str, int]]:
    with tenant(world.id):
        return list(SandboxRefund.objects.for_partner(world.id).order_by("pk").values_list("status", "amount"))


def refunds_due(shop: Shop, days: int = 0) -> None:
    shop.now += timedelta(days=days)
    shop.world.now = shop.now
    queue_named("refunds").drain(shop.world.id, shop.now)


def says(shop: Shop, verb: Refund, person: Person | None = None) -> Quote:
    return door.preview(verb, actor=(person or shop.person).actor, now=shop.now)


def with_policy(shop: Shop, **document: Any) -> None:
    keys = {f"refund.{key}": value for key, value in document.items()}
    with tenant(shop.world.id):
        set_policy(
            scope_kind=ScopeKind.PARTNER,
            scope_id=shop.world.id,
            preset="standard",
            document=keys,
            actor=shop.world.system,
            now=shop.now,
        )


def test_a_full_refund_writes_a_credit_note_and_leaves_invoice_and_subscription_as_they_are(shop: Shop) -> None:
    buyer = renewed(shop)
    shown = buyer.preview(refund(buyer))
    before = buyer.row()
    outcome = buyer.does(refund(buyer))
    assert outcome.refunds == {buyer.subscription: RefundStatus.SUCCEEDED}
    assert rows(buyer) == [("succeeded", 10_000)]
    assert journal(shop.world) == [("succeeded", 10_000)]
    assert buyer.credit_notes == ["100.00"]
    assert buyer.invoices == [("paid", "100.00")]
    assert buyer.balance == "0", "the money went back, so nobody has it in credit"
    assert shown.before == shown.after
    assert (buyer.row().lifecycle, buyer.row().access, buyer.row().due_at) == (
        before.lifecycle,
        before.access,
        before.due_at,
    )
    assert [kind for kind, _ in buyer.movements] == ["new"], "a refund is no churn"
    books_balance(shop.world)


def test_the_popup_says_who_is_mailed_and_what_the_policy_says(shop: Shop) -> None:
    buyer = renewed(shop)
    quote = says(shop, refund(buyer, "40.00"))
    [mail] = quote.mails
    assert "€40.00" in mail.title
    assert "5 to 10 days" in mail.body
    [plan] = quote.money
    assert plan.planned is not None
    assert [(line.kind.value, str(line.amount)) for line in plan.planned.lines] == [("credit", "-40.00 EUR")]
    assert {key for key, _ in plan.sources} == {"refund.window_hours", "refund.access"}


def test_partial_refunds_never_exceed_the_payment(shop: Shop) -> None:
    buyer = renewed(shop)
    buyer.does(refund(buyer, "33.33"))
    buyer.does(refund(buyer, "33.33"))
    assert says(shop, refund(buyer, "33.35")).refusals[0].code == "over_refund"
    buyer.does(refund(buyer))
    assert [amount for _, amount in rows(buyer)] == [3333, 3333, 3334]
    assert says(shop, refund(buyer)).refusals[0].code == "nothing_refundable"
    assert buyer.credit_notes == ["33.33", "33.33", "33.34"]
    books_balance(shop.world)


def test_what_was_credited_to_the_balance_is_not_refunded_again(shop: Shop) -> None:
    buyer = renewed(shop)
    shop.now += timedelta(days=12)
    buyer.changes("Business")
    [old] = [payment for payment in _payments(buyer) if payment.amount == 10_000]
    verb = Refund(buyer.target, old.pk, RefundHow.FULL, RefundReason.REQUESTED, "late", any_time=True)
    [plan] = says(shop, verb).money
    assert plan.planned is not None
    assert plan.planned.plan.refund is not None
    assert str(plan.planned.plan.refund.amount) == "40.00 EUR", "60.00 of it paid for the new plan"


def _payments(buyer: Buyer) -> list[Payment]:
    with tenant(buyer.shop.world.id):
        return list(Payment.objects.for_partner(buyer.shop.world.id).filter(customer=buyer.customer))


def test_pro_rata_gives_the_unused_days_back_once(shop: Shop) -> None:
    buyer = renewed(shop)
    shop.now += timedelta(days=2)
    buyer.does(refund(buyer, how=RefundHow.UNUSED))
    assert rows(buyer) == [("succeeded", 9_333)], "28 of 30 days"
    assert says(shop, refund(buyer, how=RefundHow.UNUSED)).refusals[0].code == "nothing_unused"
    with tenant(shop.world.id):
        line = CreditNoteLine.objects.for_partner(shop.world.id).get()
    assert (line.kind, line.derivation["inputs"]["unused_days"]) == ("unused", "28")
    books_balance(shop.world)


def test_outside_of_the_window_it_takes_a_permission_and_a_note(shop: Shop, team: Team) -> None:
    buyer = renewed(shop)
    shop.now += timedelta(hours=72, minutes=1)
    assert says(shop, refund(buyer)).refusals[0].code == "outside_window"
    with pytest.raises(Forbidden):
        says(shop, refund(buyer, any_time=True), team[Role.BILLING])
    assert says(shop, refund(buyer, any_time=True)).refusals[0].code == "note_needed"
    assert not says(shop, refund(buyer, any_time=True, note="as promised")).is_refused


def test_another_window_lets_the_same_refund_pass(shop: Shop) -> None:
    with_policy(shop, window_hours=96)
    buyer = renewed(shop)
    shop.now += timedelta(hours=72, minutes=1)
    assert not says(shop, refund(buyer)).is_refused


@pytest.mark.parametrize(
    ("access", "lifecycle", "cancels"),
    [("keep", "active", False), ("end_now", "ended", False), ("period_end", "active", True)],
)
def test_the_policy_says_what_becomes_of_access(shop: Shop, access: str, lifecycle: str, cancels: bool) -> None:
    with_policy(shop, access=access)
    buyer = renewed(shop)
    shown = buyer.preview(refund(buyer))
    outcome = buyer.does(refund(buyer))
    row = buyer.row()
    assert (row.lifecycle, row.cancel_at_period_end) == (lifecycle, cancels)
    assert shown.after.is_open == (row.access == "open")
    assert [kind for kind, _ in buyer.movements] == ["new", *(["churn"] if access == "end_now" else [])]
    with tenant(shop.world.id), pytest.raises(NotFound):
        Undo.of(outcome.action_id, partner_id=shop.world.id)
    books_balance(shop.world)


def test_a_person_may_choose_otherwise(shop: Shop) -> None:
    buyer = renewed(shop)
    buyer.does(refund(buyer, access=RefundAccess.END_NOW))
    assert buyer.row().lifecycle == "ended"
    assert buyer.credit_notes == ["100.00"], "what is unused is not given back a second time"
    assert buyer.balance == "0"


@pytest.mark.parametrize(
    ("card", "ends", "balance"),
    [("sandbox_refund_pending", "succeeded", "0"), ("sandbox_refund_fails", "failed", "100.00")],
)
def test_a_refund_on_its_way_ends_when_the_gateway_says_so(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, card: str, ends: str, balance: str
) -> None:
    monkeypatch.setattr("billing.gateway.sandbox.gateway.business_now_of", lambda _: shop.now)
    buyer = renewed(shop, card)
    assert buyer.does(refund(buyer)).refunds[buyer.subscription] is RefundStatus.PENDING
    assert says(shop, refund(buyer)).refusals[0].code == "nothing_refundable"
    refunds_due(shop, days=5)
    refunds_due(shop, days=1)
    assert rows(buyer) == [(ends, 10_000)]
    assert buyer.balance == balance


def test_a_failed_refund_gives_its_amount_to_the_balance(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    buyer = renewed(shop)

    def refuses(*_: Any) -> None:
        raise OverRefund("nothing left there")

    monkeypatch.setattr(SandboxGateway, "refund", refuses)
    assert buyer.does(refund(buyer, "40.00")).refunds[buyer.subscription] is RefundStatus.FAILED
    assert buyer.balance == "40.00"
    assert buyer.credit_notes == ["40.00"], "documents never change"
    with tenant(shop.world.id):
        assert PaymentReturn.objects.for_partner(shop.world.id).get().refunded == 0
        entry = LedgerEntry.objects.for_partner(shop.world.id).get(reason="refund_failed")
        assert entry.refund_id == RefundRow.objects.for_partner(shop.world.id).get().pk
    books_balance(shop.world)


def test_a_lost_answer_is_looked_up_and_never_paid_twice(shop: Shop, settings: Any) -> None:
    buyer = renewed(shop)
    settings.SANDBOX_FAULTS = "answers_lost=100"
    assert buyer.does(refund(buyer)).refunds[buyer.subscription] is RefundStatus.UNKNOWN
    shop.now += timedelta(minutes=5)
    refunds_due(shop)
    refunds_due(shop)
    assert rows(buyer) == [("succeeded", 10_000)]
    assert journal(shop.world) == [("succeeded", 10_000)]


def test_a_gateway_that_is_down_for_longer_than_it_keeps_keys_is_asked_when_it_is_back(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    buyer = renewed(shop)

    def down(*_: Any) -> None:
        raise GatewayDown("nobody there")

    with monkeypatch.context() as patch:
        patch.setattr(SandboxGateway, "refund", down)
        assert buyer.does(refund(buyer)).refunds[buyer.subscription] is RefundStatus.INTENT
        for _ in range(MAX_ATTEMPTS + 1):
            shop.now += timedelta(minutes=5)
            refunds_due(shop)
    with tenant(shop.world.id):
        row = RefundRow.objects.for_partner(shop.world.id).get()
        assert (row.attempts, row.first_asked_at, row.parked_at) == (0, None, None), "nobody's failure"
    monkeypatch.setattr("billing.refunds.worker.system_now", lambda: datetime.now(UTC) + timedelta(days=2))
    shop.now += timedelta(minutes=5)
    refunds_due(shop)
    assert journal(shop.world) == [("succeeded", 10_000)]


def test_a_refund_that_cannot_be_settled_waits_for_a_person_while_others_flow(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    poisoned, other = renewed(shop), renewed(shop)
    hurt = payment_of(poisoned).pk

    def settles(partner_id: UUID, answers: list[Answered], *, now: datetime) -> Any:
        with tenant(partner_id):
            row = RefundRow.objects.for_partner(partner_id).get(pk=answers[0].refund_id)
        if row.payment_id == hurt:
            raise RuntimeError("the page that nobody thought of")
        return settle_refunds(partner_id, answers, now=now)

    monkeypatch.setattr("billing.refunds.worker.settle_refunds", settles)
    assert poisoned.does(refund(poisoned)).refunds[poisoned.subscription] is RefundStatus.INTENT
    assert other.does(refund(other)).refunds[other.subscription] is RefundStatus.SUCCEEDED
    for _ in range(MAX_ATTEMPTS):
        shop.now += timedelta(minutes=20)
        refunds_due(shop)
    with tenant(shop.world.id):
        row = RefundRow.objects.for_partner(shop.world.id).get(customer=poisoned.customer)
    assert row.attempts == MAX_ATTEMPTS
    assert row.parked_at is not None
    assert "the page that nobody thought of" in row.last_error
    assert sorted(journal(shop.world)) == [("succeeded", 10_000), ("succeeded", 10_000)], "asked once each"


def test_money_that_came_by_bank_goes_back_by_hand_with_a_note(shop: Shop) -> None:
    buyer = renewed(shop, card="")
    _pays_by_bank(buyer)
    assert says(shop, refund(buyer)).refusals[0].code == "not_by_gateway"
    assert says(shop, refund(buyer, source=RefundSource.BANK)).refusals[0].code == "note_needed"
    buyer.does(refund(buyer, source=RefundSource.BANK, note="transfer 17"))
    assert rows(buyer) == [("succeeded", 10_000)]
    assert journal(shop.world) == []
    books_balance(shop.world)


def _pays_by_bank(buyer: Buyer) -> None:
    record_payment(
        buyer.subscription,
        amount=Money.parse("100.00", "EUR"),
        source=PaymentSource.BANK,
        received_on=local_date(buyer.shop.now, "Europe/Berlin"),
        note="statement 4",
        actor=buyer.shop.person.actor,
        now=buyer.shop.now,
    )


def test_who_may_only_read_and_who_is_of_another_partner_refund_nothing(
    shop: Shop, team: Team, stranger: Person
) -> None:
    buyer = renewed(shop)
    verb = refund(buyer)
    for role in (Role.READ_ONLY, Role.SUPPORT):
        with pytest.raises(Forbidden):
            says(shop, verb, team[role])
    with pytest.raises(NotFound):
        says(shop, verb, stranger)
    with pytest.raises(NotFound):
        says(shop, Refund(buyer.target, UUID(int=7), RefundHow.FULL, RefundReason.OTHER))
    other = renewed(shop)
    crossed = Refund(buyer.target, payment_of(other).pk, RefundHow.FULL, RefundReason.OTHER)
    with pytest.raises(NotFound):
        says(shop, crossed)


def test_a_confirmation_twice_refunds_once(shop: Shop) -> None:
    buyer = renewed(shop)
    verb = refund(buyer)
    token = says(shop, verb).token
    done: list[Outcome] = [door.commit(verb, quote=token, actor=shop.person.actor, now=shop.now)]
    with pytest.raises((Refused, door.FactsMoved)):
        door.commit(verb, quote=token, actor=shop.person.actor, now=shop.now)
    assert len(done) == len(rows(buyer)) == 1
    with tenant(shop.world.id):
        assert CreditNote.objects.for_partner(shop.world.id).count() == 1
        assert Invoice.objects.for_partner(shop.world.id).get().status == "paid"
