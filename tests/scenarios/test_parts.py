"""Money that does not fit: less than is due, and more."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from billing.documents.states import PaymentSource
from billing.models import Invoice
from billing.rules.changes.voiding import plan_giving_up
from billing.rules.facts import ChangeFacts
from billing.services.pay import BeingCharged, InvalidPayment, RecordedAlready, record_payment
from billing.services.recover import recover
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.scope import tenant
from tests.scenarios.story import Story


def paid(story: Story) -> list[tuple[str, int, int]]:
    """Status, total and what was paid of each invoice, in minor units."""
    with tenant(story.twin.pk):
        rows = Invoice.objects.for_partner(story.twin.pk).order_by("number")
        return list(rows.values_list("status", "total_amount", "paid_amount"))


def records(story: Story, amount: str, note: str = "as the bank says", *, again: bool = False) -> UUID:
    return record_payment(
        story.subscription,
        amount=Money.parse(*amount.split()),
        source=PaymentSource.BANK,
        received_on=date.fromisoformat("2026-02-28"),
        note=note,
        again=again,
        actor=story.world.system,
        now=story.now,
    )


def test_parts_add_up_and_the_last_one_opens_the_term(story: Story) -> None:
    story.on("2026-01-31").starts(auto_renew=False).on("2026-02-28").pays("10.00 EUR")
    story.expects(until="2026-02-28", collection="grace", charged="10.00 EUR", invoices=["open"], balance="0.00 EUR")
    story.on("2026-03-01").pays("5.00 EUR").expects(until="2026-02-28", mails=["payment_received"])
    story.pays("15.00 EUR").expects(collection="current", invoices=["paid"], charged="20.00 EUR", balance="0.00 EUR")
    assert paid(story) == [("paid", 3000, 3000)]


def test_a_retry_charges_the_rest_alone(story: Story) -> None:
    story.on("2026-01-31").starts(card="declines").on("2026-02-28").pays("12.00 EUR").replaces_card_quietly("ok")
    story.on("2026-03-01").expects(charged="18.00 EUR", collection="current", until="2026-03-31", attempts=2)


def test_more_than_the_rest_goes_to_the_balance(story: Story) -> None:
    story.on("2026-01-31").starts(auto_renew=False).on("2026-02-28").pays("20.00 EUR").pays("15.00 EUR")
    story.expects(invoices=["paid"], balance="5.00 EUR", until="2026-03-31")
    # The next one is paid with it first.
    story.on("2026-03-31").pays("25.00 EUR").expects(invoices=["paid", "paid"], balance="0.00 EUR")


def test_at_the_deadline_a_part_goes_to_the_balance_and_pays_for_the_new_term(story: Story) -> None:
    story.on("2026-01-31").starts(auto_renew=False).on("2026-02-28").pays("10.00 EUR")
    story.on("2026-03-07").expects(access="blocked", invoices=["void"], balance="10.00 EUR")
    assert paid(story) == [("void", 3000, 0)]
    story.on("2026-03-09").pays("20.00 EUR")
    story.expects(access="open", invoices=["void", "paid"], balance="0.00 EUR", until="2026-04-09")


def test_the_first_payment_may_come_in_parts(story: Story) -> None:
    story.on("2026-01-31").subscribes(card="").pays("10.00 EUR").expects(lifecycle="incomplete", service="none")
    story.on("2026-02-01").pays("20.00 EUR").expects(lifecycle="active", service="full", until="2026-03-01")


def test_never_paid_in_full_a_part_is_the_customer_s(story: Story) -> None:
    story.on("2026-01-31").subscribes(card="").pays("10.00 EUR")
    story.on("2026-02-07").expects(lifecycle="ended", invoices=["void"], balance="10.00 EUR")


def test_before_its_invoice_is_written_a_payment_covers_all(story: Story) -> None:
    story.on("2026-01-31").starts(auto_renew=False).on("2026-03-09")
    with pytest.raises(InvalidPayment, match="covers all of it"):
        records(story, "10.00 EUR")


def test_while_a_card_is_charged_no_part_is_taken(story: Story) -> None:
    story.on("2026-01-31").starts(card="asks to confirm").on("2026-02-28")
    with pytest.raises(BeingCharged):
        records(story, "10.00 EUR")
    assert paid(story) == [("open", 3000, 0)]


def test_the_same_once_more_has_to_be_meant(story: Story) -> None:
    story.on("2026-01-31").starts(auto_renew=False).on("2026-02-28")
    records(story, "10.00 EUR", "transfer 4711")
    with pytest.raises(RecordedAlready):
        records(story, "10.00 EUR", " transfer 4711 ")
    records(story, "10.00 EUR", "transfer 4712")
    records(story, "10.00 EUR", "transfer 4711", again=True)
    assert paid(story) == [("paid", 3000, 3000)]


def test_given_up_what_came_of_it_counts_when_the_rest_is_recovered(story: Story) -> None:
    story.on("2026-01-31").starts(auto_renew=False).on("2026-02-28").pays("10.00 EUR")
    story.does(lambda facts, _: plan_giving_up(facts, _open(facts), note="moved away", now=story.now))
    assert paid(story) == [("uncollectible", 3000, 1000)]
    with tenant(story.twin.pk):
        [invoice] = Invoice.objects.for_partner(story.twin.pk)
        recover(
            invoice.pk,
            source=PaymentSource.BANK,
            received_on=story.today,
            note="after all",
            actor=story.world.system,
            now=story.now,
        )
    story.expects(charged="30.00 EUR", invoices=["paid"])


def _open(facts: ChangeFacts) -> UUID:
    if facts.billing.invoice is None:
        raise AssertionError("nothing is open")
    return facts.billing.invoice.id
