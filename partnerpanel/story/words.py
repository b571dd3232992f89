"""A story as lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from partnerpanel.kernel.clock import local_date
from partnerpanel.story.queries import StoryEntry

SENTENCES = {
    "customer.created": "the customer is there",
    "payment_method.added": "a payment method is on file",
    "payment_method.replaced": "a payment method is replaced",
    "payment_method.updated": "a payment method has new dates or digits",
    "payment_method.removed": "a payment method is removed at the gateway",
    "subscription.created": "subscribed",
    "subscription.provisioned": "the service is set up",
    "subscription.start_scheduled": "to begin on {on}",
    "subscription.first_payment_needed": "nothing is set up before the first payment, due until {until}",
    "subscription.started": "begins: paid until {until}",
    "subscription.trial_started": "the trial begins, until {until}",
    "subscription.trial_cut_short": "the trial is ended early",
    "subscription.trial_ending": "the trial is about to end",
    "subscription.trial_over": "the trial is over, and nothing is charged by itself",
    "subscription.quantity_changed": "another quantity",
    "subscription.renewal_near": "the renewal is near",
    "invoice.issued": "invoice {document}",
    "invoice.paid": "invoice {document} is paid",
    "invoice.voided": "invoice {document} is voided",
    "payment.received": "paid with {how} for {document}",
    "refund.requested": "a refund is asked for",
    "refund.recorded": "a refund is recorded",
    "refund.pending": "the refund is on its way",
    "refund.unknown": "the refund is being checked",
    "refund.succeeded": "the refund is paid out",
    "refund.failed": "the refund failed; its amount is in the balance",
    "balance.credited": "credit is added to the balance",
    "balance.credit_taken_back": "credit is taken back from the balance",
    "dispute.opened": "the bank takes the payment back",
    "dispute.under_review": "the bank looks at the evidence",
    "dispute.won": "the dispute is won",
    "dispute.lost": "the dispute is lost",
    "invoice.corrected": "an invoice is corrected",
    "invoice.given_up": "invoice {document} is given up",
    "invoice.recovered": "invoice {document} is paid after all",
    "subscription.collection_ended": "nothing is owed any more",
    "invoice.paid_in_part": "invoice {document} is paid in part",
    "subscription.renewed": "renewed: term {term} until {until}",
    "subscription.payment_due": "payment is due, and nothing is charged by itself",
    "subscription.payment_failed": "charge {attempt} declined: {code}",
    "subscription.payment_needs_confirmation": "the customer has to confirm charge {attempt}",
    "subscription.grace_started": "grace begins; full service until {until}",
    "subscription.grace_started.limited": "grace begins; limited service until {until}",
    "subscription.limits_lifted": "full access again",
    "subscription.suspension_near": "last warning: suspended on {until} unless paid",
    "subscription.grace_over": "grace is over: {then}",
    "subscription.suspended": "subscription suspended",
    "subscription.reactivated": "subscription reactivated",
    "subscription.access_changed": "access changes",
    "subscription.ended": "ended",
    "subscription.cancelled": "cancelled; ends on {on}",
    "subscription.kept": "kept after all",
    "subscription.extended": "extended by {days} days until {on}",
    "subscription.pause_scheduled": "to be paused from {from}",
    "subscription.pause_withdrawn": "the pause is withdrawn",
    "subscription.paused": "paused",
    "subscription.resumed": "resumed",
    "subscription.renewal_skipped": "a renewal is skipped; next on {on}",
    "subscription.loyalty_bonus": "{months} months free for {after} paid ones; until {on}",
    "subscription.usage_alert": "{level} percent of an allowance is used",
    "subscription.limit_set": "an allowance is set strictly",
    "subscription.limit_lifted": "an allowance is no longer set strictly",
    "subscription.addon_added": "an add-on is added",
    "subscription.addon_leaves": "an add-on is to end on {on}",
    "subscription.addon_kept": "an add-on goes on after {on}",
    "subscription.addons_ended": "add-ons are over",
    "subscription.card_chosen": "a payment method is chosen for it alone",
    "subscription.coupon_redeemed": "a coupon is redeemed",
    "subscription.coupon_removed": "the coupon is removed",
    "subscription.billing_date_moved": "the billing date moves to {on}",
    "subscription.plan_changed": "on another plan",
    "subscription.rolled_back": "back on an earlier plan",
    "subscription.change_scheduled": "another plan from {on}",
    "subscription.change_awaits_payment": "a change waits for its payment",
    "subscription.change_dropped": "the change is dropped",
    "subscription.change_failed": "the change is not paid and does not happen",
    "subscription.price_announced": "a new price from {since}",
    "subscription.price_withdrawn": "the new price is withdrawn",
    "subscription.price_changed": "at the new price",
    "subscription.dates_put_back": "the added time is taken back; until {on}",
    "subscription.restored": "runs again after all",
    "subscription.restart_asked": "to come back, once it is paid",
    "subscription.restarted": "is back: paid until {until}",
    "subscription.restart_dropped": "does not come back: it was not paid",
    "credit_note.issued": "credit note {document}",
    "customer.suspended": "account suspended",
    "customer.reactivated": "account reactivated",
    "customer.verification_required": "asked to verify",
    "customer.verified": "verified",
    "customer.banned": "banned: nothing is sold any more",
    "customer.ban_lifted": "the ban is lifted",
    "policy.changed": "a policy of its own",
}


def lines(entries: Sequence[StoryEntry], *, zone: str) -> Iterator[str]:
    """One line per entry: local date, what happened, the money, and the mails below it."""
    last = ""
    for entry in entries:
        day = local_date(entry.at, zone).isoformat()
        money = f"{entry.money.major:>12,} {entry.money.currency}" if entry.money else ""
        yield f"{day if day != last else '':<10}  {sentence(entry):<60}{money}".rstrip()
        last = day
        for mail in entry.mails:
            yield f"{'':<10}    mail: {mail}"


def sentence(entry: StoryEntry) -> str:
    """What happened, in words; a kind without words of its own says its name."""
    kind = f"{entry.kind}.limited" if "limited" in entry.data else entry.kind
    told = SENTENCES.get(kind) or SENTENCES.get(entry.kind, entry.kind.replace(".", ": ").replace("_", " "))
    return told.format_map(_Said({**entry.data, "document": entry.document, "how": entry.how}))


class _Said(dict[str, object]):
    """An event of an older version may say less than its sentence asks for."""

    def __missing__(self, key: str) -> str:
        return "?"
