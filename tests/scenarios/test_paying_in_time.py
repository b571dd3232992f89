"""Somebody pays: in grace, while retrying, after the deadline, with a balance."""

from __future__ import annotations

import pytest

from billing.documents.states import PaymentSource
from billing.models import Balance, Invoice, Payment
from partnerpanel.events.models import Event
from partnerpanel.kernel.errors import DomainError
from partnerpanel.tenancy.scope import tenant
from tests.scenarios.conftest import Tell
from tests.scenarios.story import Story


def balance(story: Story) -> int:
    with tenant(story.twin.pk):
        row = Balance.objects.for_partner(story.twin.pk).filter(customer=story.customer).first()
        return row.amount if row else 0


def written(story: Story) -> tuple[int, ...]:
    with tenant(story.twin.pk):
        return tuple(model.objects.for_partner(story.twin.pk).count() for model in (Payment, Invoice, Event))


def test_a_payment_in_grace_buys_a_full_term_from_its_day(story: Story) -> None:
    story.policy("extended").on("2026-01-31").starts(card="declines")
    story.on("2026-02-28").expects(collection="grace", mails=["payment_failed", "grace_started"])
    story.on("2026-03-06").pays().expects(
        collection="current",
        until="2026-04-06",
        granted=6,
        periods=[("2026-01-31", "2026-02-28"), ("2026-02-28", "2026-04-06")],
    )
    story.replaces_card_quietly("ok").on("2026-04-06").expects(charged="30.00 EUR", until="2026-05-06")


def test_a_payment_in_grace_keeps_the_schedule_where_the_policy_says_so(story: Story) -> None:
    story.policy("extended", grace__renew_inside="keep_schedule").on("2026-01-31").starts(card="declines")
    story.on("2026-03-06").pays().expects(collection="current", until="2026-03-31", granted=0)


def test_a_payment_while_retrying_keeps_the_schedule(story: Story) -> None:
    story.on("2026-01-31").starts(card="declines")
    story.on("2026-03-02").pays().expects(collection="current", until="2026-03-31", granted=0, attempts=2)
    story.on("2026-03-27").expects(attempts=2)


def test_what_is_paid_too_much_pays_for_the_next_renewal(story: Story) -> None:
    story.on("2026-01-31").starts(card="declines")
    story.on("2026-03-01").pays("70.00 EUR").expects(charged="70.00 EUR", mails=["payment_failed", "payment_received"])
    assert balance(story) == 4_000
    story.on("2026-03-31").expects(charged=None, until="2026-04-30", invoices=["paid", "paid"])
    assert balance(story) == 1_000
    story.replaces_card_quietly("ok").on("2026-04-30").expects(charged="20.00 EUR", until="2026-05-31")
    assert balance(story) == 0


def test_an_invoice_that_is_voided_gives_the_balance_back(story: Story) -> None:
    story.on("2026-01-31").starts(card="declines")
    story.on("2026-03-01").pays("40.00 EUR")
    story.on("2026-03-31").expects(collection="retrying")
    assert balance(story) == 0
    story.on("2026-04-07").expects(access="blocked", invoices=["paid", "void"])
    assert balance(story) == 1_000
    story.on("2026-04-10").pays("20.00 EUR").expects(access="open", until="2026-05-10")
    assert balance(story) == 0


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"amount": "30.00 USD"}, "invalid_payment", "currency"),
        ({"amount": "0.00 EUR"}, "invalid_payment", "amount"),
        ({"amount": "-30.00 EUR"}, "invalid_payment", "amount"),
        ({"received_on": "2026-01-30"}, "invalid_payment", "received_on"),
        ({"received_on": "2026-03-02"}, "invalid_payment", "received_on"),
        ({"source": PaymentSource.CARD}, "invalid_payment", "source"),
        ({"source": "cheque"}, "invalid_payment", "source"),
    ],
)
def test_a_payment_that_cannot_be_is_refused_and_nothing_is_written(
    story: Story, wrong: dict[str, str], code: str, field: str
) -> None:
    story.on("2026-01-31").starts(card="declines").on("2026-03-01")
    before = written(story)
    with pytest.raises(DomainError) as refused:
        story.pays(**wrong)  # type: ignore[arg-type]
    assert (refused.value.code, refused.value.field) == (code, field)
    assert written(story) == before


def test_nothing_can_be_paid_while_nothing_is_owed(story: Story) -> None:
    story.on("2026-01-31").starts()
    with pytest.raises(DomainError) as refused:
        story.pays()
    assert refused.value.code == "nothing_to_pay"


@pytest.mark.parametrize(("currency", "price"), [("JPY", "3000"), ("BHD", "12.345"), ("EUR", "0.01")])
def test_amounts_are_exact_in_every_currency(story_in: Tell, currency: str, price: str) -> None:
    story = story_in(currency=currency).on("2026-01-31").starts(plan=f"monthly {price} {currency}")
    story.on("2026-02-28").expects(charged=f"{price} {currency}")
    story.on("2026-03-31").expects(charged=f"{price} {currency}")
