"""The `standard` policy, day by day."""

from __future__ import annotations

from notifications.models import Message
from partnerpanel.tenancy.scope import tenant
from tests.scenarios.story import Story


def test_a_renewal_is_announced_charged_and_confirmed(story: Story) -> None:
    story.on("2026-01-31").starts(plan="monthly 30.00 EUR").expects(
        lifecycle="active", access="open", charged=None, mails=[], next="2026-02-25"
    )
    story.on("2026-02-25").expects(mails=["renewal_near"], next="2026-02-28")
    story.on("2026-02-28").expects(
        charged="30.00 EUR", mails=["payment_received"], until="2026-03-31", next="2026-03-28", collection="current"
    )
    story.on("2026-03-28").expects(mails=["renewal_near"], charged=None)
    story.on("2026-03-31").expects(charged="30.00 EUR", until="2026-04-30")


def test_grace_ends_in_suspension_and_payment_lifts_it(story: Story) -> None:
    story.on("2026-01-31").starts(plan="monthly 30.00 EUR", card="declines later")
    story.on("2026-02-28").expects(collection="retrying", access="open", mails=["payment_failed"], next="2026-03-01")
    story.on("2026-03-01").expects(collection="retrying", mails=["payment_failed"], next="2026-03-03")
    story.on("2026-03-02").expects(mails=[])
    story.on("2026-03-03").expects(collection="retrying", mails=["payment_failed"], next="2026-03-05")
    story.on("2026-03-05").expects(collection="grace", access="open", mails=["payment_failed", "grace_started"])
    story.on("2026-03-06").expects(collection="grace", mails=["suspension_near"], next="2026-03-07")
    story.on("2026-03-07").expects(
        collection="delinquent", access="blocked", mails=["suspended"], holds=["nonpayment"], invoices=["void"]
    )
    story.on("2026-03-08").expects(next=None, mails=[], attempts=4)
    story.on("2026-03-09").pays().expects(
        access="open", charged="30.00 EUR", collection="current", holds=[], until="2026-04-09", next="2026-04-06"
    )
    story.expects(mails=["payment_received", "reactivated"], invoices=["void", "paid"])


def test_a_retry_that_succeeds_keeps_the_schedule(story: Story) -> None:
    story.on("2026-01-31").starts(card="declines later")
    story.on("2026-02-28").expects(collection="retrying")
    story.on("2026-03-02").replaces_card_quietly("ok")
    story.on("2026-03-03").expects(
        collection="current", charged="30.00 EUR", mails=["payment_received"], until="2026-03-31", granted=0
    )


def test_a_hard_decline_asks_for_a_new_card_and_does_not_try_again(story: Story) -> None:
    story.on("2026-01-31").starts(card="closed")
    story.on("2026-02-28").expects(
        collection="grace", access="open", mails=["payment_failed", "grace_started"], next="2026-03-06"
    )
    story.on("2026-03-05").expects(attempts=1, mails=[])
    story.on("2026-03-06").expects(mails=["suspension_near"])
    story.on("2026-03-07").expects(access="blocked", attempts=1)


def test_a_new_card_is_charged_at_once(story: Story) -> None:
    story.on("2026-01-31").starts(card="closed")
    story.on("2026-03-02", hours=15).replaces_card("ok").expects(
        collection="current", charged="30.00 EUR", mails=["payment_received"]
    )
    story.on("2026-03-31").expects(charged=None)


def test_a_new_card_lifts_the_suspension(story: Story) -> None:
    story.on("2026-01-31").starts(card="closed")
    story.on("2026-03-20").expects(access="blocked").replaces_card("ok").expects(
        access="open", charged="30.00 EUR", until="2026-04-20"
    )
    story.on("2026-04-20").expects(charged="30.00 EUR", until="2026-05-20")


def test_a_new_card_that_is_declined_after_the_deadline_changes_nothing(story: Story) -> None:
    story.on("2026-01-31").starts(card="closed")
    story.on("2026-03-20").replaces_card("declines").expects(access="blocked", collection="delinquent", charged=None)
    story.on("2026-03-22").replaces_card("ok").expects(access="open", charged="30.00 EUR", until="2026-04-22")


def test_the_receipt_names_amount_invoice_period_and_the_next_date(story: Story) -> None:
    story.on("2026-01-31").starts().on("2026-02-28")
    with tenant(story.twin.pk):
        receipt = Message.objects.for_partner(story.twin.pk).get(customer=story.customer, kind="payment_received")
    assert receipt.subject == "Your payment to Eastwind (test): €30.00"
    assert "Invoice: INV-000001" in receipt.body
    assert "from February 28, 2026 until March 31, 2026" in receipt.body


def test_a_decline_says_what_is_due_when_it_is_tried_again_and_until_when_all_works(story: Story) -> None:
    story.on("2026-01-31").starts(card="declines").on("2026-02-28")
    with tenant(story.twin.pk):
        [told] = Message.objects.for_partner(story.twin.pk).filter(kind="subscription_payment_failed")
    assert "€30.00 is due." in told.body
    assert "March 1, 2026, March 3, 2026, and March 5, 2026" in told.body
    assert "full access until March 7, 2026" in told.body
