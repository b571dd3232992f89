"""Events as people read them: one sentence each, who did it, and what else was said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.queries.portal import emails_of
from partnerpanel.actions.checkout.representations import CHECKOUT
from partnerpanel.actions.undo import is_offered
from partnerpanel.actions.undo_limits import LIMITED
from partnerpanel.events.queries import Entry
from partnerpanel.kernel.ids import public
from partnerpanel.panel.statuses import look
from partnerpanel.panel.templatetags.formats import number
from partnerpanel.tenancy.actor import ActorKind
from partnerpanel.tenancy.queries import names_of
from partnerpanel.tenancy.scope import current_partner
from subscriptions.queries.summaries import SubscriptionLine
from subscriptions.rules.states import HoldKind
from subscriptions.rules.usage import LEVELS

# kind -> sentence, icon, tone
KINDS = {
    "customer.created": (gettext_lazy("Customer created"), "user-plus", "blue"),
    "customer.updated": (gettext_lazy("Customer data changed"), "pencil", "gray"),
    "portal_login.invited": (gettext_lazy("Log-in to the portal added"), "user-plus", "gray"),
    "portal_login.signed_in": (gettext_lazy("Signed in to the portal"), "login-2", "gray"),
    "portal_login.removed": (gettext_lazy("Log-in to the portal removed"), "user-off", "gray"),
    "portal_login.handed_over": (gettext_lazy("Handed over to the portal"), "login-2", "gray"),
    "portal_login.passkey_added": (gettext_lazy("Passkey added"), "key", "gray"),
    "portal_login.passkey_removed": (gettext_lazy("Passkey removed"), "key", "gray"),
    "portal_login.role_changed": (gettext_lazy("Log-in to the portal may do other things"), "user", "gray"),
    "policy.changed": (gettext_lazy("Policy changed"), "adjustments-horizontal", "blue"),
    "customer.tagged": (gettext_lazy("Tags changed"), "tag", "gray"),
    "customer.suspended": (gettext_lazy("Account suspended"), "lock", "red"),
    "customer.reactivated": (gettext_lazy("Account reactivated"), "player-play", "green"),
    "customer.verification_required": (gettext_lazy("Asked to verify"), "shield-check", "amber"),
    "customer.verified": (gettext_lazy("Verified"), "shield-check", "green"),
    "customer.banned": (gettext_lazy("Customer banned"), "user-off", "red"),
    "customer.erased": (gettext_lazy("Personal data erased"), "trash", "gray"),
    "retention.warned": (gettext_lazy("Warned of the erasure of personal data"), "bell", "amber"),
    "checkout.completed": (gettext_lazy("Bought at the checkout"), "receipt", "green"),
    "checkout.expired": (gettext_lazy("An order at the checkout was never paid"), "clock", "gray"),
    "checkout_link.created": (gettext_lazy("Checkout link made"), "plus", "blue"),
    "checkout_link.switched_off": (gettext_lazy("Checkout link switched off"), "circle-x", "gray"),
    "ticket.opened": (gettext_lazy("The customer opened a ticket"), "message", "blue"),
    "ticket.opened_by_staff": (gettext_lazy("Ticket opened"), "message", "blue"),
    "ticket.replied": (gettext_lazy("The customer replied in a ticket"), "message", "blue"),
    "ticket.answered": (gettext_lazy("Ticket answered"), "message", "green"),
    "ticket.closed": (gettext_lazy("The customer closed a ticket"), "check", "gray"),
    "ticket.closed_by_staff": (gettext_lazy("Ticket closed"), "check", "gray"),
    "customer.exported": (gettext_lazy("Personal data handed out"), "download", "gray"),
    "customer.ban_lifted": (gettext_lazy("Ban lifted"), "player-play", "green"),
    "series.welcome_guide": (gettext_lazy("Sent the guide to begin with"), "mail", "gray"),
    "series.welcome_features": (gettext_lazy("Told what one can do"), "mail", "gray"),
    "series.welcome_feedback": (gettext_lazy("Asked for feedback"), "mail", "gray"),
    "series.winback": (gettext_lazy("Offered to stay"), "mail", "gray"),
    "offer.made": (gettext_lazy("Was shown an offer"), "tag", "gray"),
    "offer.taken": (gettext_lazy("Took an offer"), "tag", "green"),
    "customer_message.written": (gettext_lazy("Written to the customer"), "mail", "blue"),
    "campaign.confirmed": (gettext_lazy("Campaign confirmed"), "send", "blue"),
    "marketing.changed": (gettext_lazy("Choice of marketing mails"), "mail", "gray"),
    "suppression.added": (gettext_lazy("Address gets no more marketing"), "mail", "amber"),
    "suppression.removed": (gettext_lazy("Address may get marketing again"), "mail", "gray"),
    "note.added": (gettext_lazy("Note added"), "note", "gray"),
    "subscription.created": (gettext_lazy("Subscription created"), "plus", "blue"),
    "subscription.suspended": (gettext_lazy("Subscription suspended"), "lock", "red"),
    "subscription.reactivated": (gettext_lazy("Subscription reactivated"), "player-play", "green"),
    "subscription.provisioned": (gettext_lazy("Service set up"), "plug-connected", "green"),
    "subscription.updated": (gettext_lazy("Subscription data changed"), "pencil", "gray"),
    "subscription.cut_over": (gettext_lazy("Billing begins here"), "bolt", "blue"),
    "subscription.start_scheduled": (gettext_lazy("Start agreed"), "clock", "blue"),
    "subscription.first_payment_needed": (gettext_lazy("Waits for the first payment"), "credit-card", "amber"),
    "subscription.started": (gettext_lazy("Subscription began"), "player-play", "green"),
    "subscription.trial_started": (gettext_lazy("Trial began"), "sparkles", "violet"),
    "subscription.trial_cut_short": (gettext_lazy("Trial ended early"), "player-play", "blue"),
    "subscription.trial_ending": (gettext_lazy("Reminded of the trial’s end"), "bell", "gray"),
    "subscription.trial_over": (gettext_lazy("Trial over: asked to pay"), "credit-card", "amber"),
    "subscription.quantity_changed": (gettext_lazy("Quantity changed"), "refresh", "green"),
    "invoice.paid_in_part": (gettext_lazy("Invoice paid in part"), "file-invoice", "amber"),
    "subscription.renewal_near": (gettext_lazy("Reminded of the renewal"), "bell", "gray"),
    "subscription.renewed": (gettext_lazy("Renewed"), "refresh", "green"),
    "subscription.payment_due": (gettext_lazy("Asked to pay"), "credit-card", "amber"),
    "subscription.payment_failed": (gettext_lazy("Charge declined"), "alert-triangle", "red"),
    "subscription.payment_needs_confirmation": (gettext_lazy("Charge waits for confirmation"), "clock", "amber"),
    "subscription.grace_started": (gettext_lazy("Grace began"), "clock", "amber"),
    "subscription.limits_lifted": (gettext_lazy("Full access again"), "circle-check", "green"),
    "subscription.suspension_near": (gettext_lazy("Warned of the suspension"), "bell", "amber"),
    "subscription.grace_over": (gettext_lazy("Grace is over"), "alert-triangle", "red"),
    "subscription.ended": (gettext_lazy("Subscription ended"), "x", "gray"),
    "subscription.cancelled": (gettext_lazy("Cancelled: ends with its period"), "x", "yellow"),
    "subscription.kept": (gettext_lazy("Kept: goes on after all"), "refresh", "green"),
    "subscription.extended": (gettext_lazy("Subscription extended"), "calendar", "green"),
    "subscription.dates_put_back": (gettext_lazy("Added time taken back"), "calendar", "yellow"),
    "subscription.restored": (gettext_lazy("Subscription runs again"), "refresh", "green"),
    "subscription.restart_asked": (gettext_lazy("To come back once it is paid"), "clock", "amber"),
    "subscription.restarted": (gettext_lazy("Came back"), "player-play", "green"),
    "subscription.restart_dropped": (gettext_lazy("Did not come back: stays ended"), "x", "gray"),
    "subscription.pause_scheduled": (gettext_lazy("To be paused with the period’s end"), "clock", "yellow"),
    "subscription.pause_withdrawn": (gettext_lazy("Pause withdrawn"), "refresh", "gray"),
    "subscription.paused": (gettext_lazy("Subscription paused"), "player-pause", "yellow"),
    "subscription.resumed": (gettext_lazy("Subscription resumed"), "player-play", "green"),
    "subscription.renewal_skipped": (gettext_lazy("A renewal is skipped"), "calendar", "blue"),
    "subscription.loyalty_bonus": (gettext_lazy("Bonus months given"), "calendar", "green"),
    "subscription.usage_alert": (gettext_lazy("Allowance almost used up"), "alert-triangle", "amber"),
    "subscription.limit_set": (gettext_lazy("Limit set"), "adjustments-horizontal", "amber"),
    "subscription.limit_lifted": (gettext_lazy("Limit lifted"), "adjustments-horizontal", "green"),
    "subscription.addon_added": (gettext_lazy("Add-on added"), "plus", "green"),
    "subscription.addon_leaves": (gettext_lazy("Add-on ends with the period"), "calendar", "amber"),
    "subscription.addon_kept": (gettext_lazy("Add-on goes on"), "circle-check", "green"),
    "subscription.addons_ended": (gettext_lazy("Add-ons ended"), "circle-x", "gray"),
    "subscription.card_chosen": (gettext_lazy("Payment method chosen for it alone"), "credit-card", "gray"),
    "subscription.coupon_redeemed": (gettext_lazy("Coupon redeemed"), "plus", "green"),
    "subscription.coupon_removed": (gettext_lazy("Coupon removed"), "circle-x", "gray"),
    "subscription.billing_date_moved": (gettext_lazy("Billing date moved"), "calendar", "blue"),
    "subscription.plan_changed": (gettext_lazy("Plan changed"), "refresh", "green"),
    "subscription.rolled_back": (gettext_lazy("Plan rolled back"), "refresh", "yellow"),
    "subscription.change_scheduled": (gettext_lazy("Plan changes with the next billing"), "clock", "blue"),
    "subscription.change_awaits_payment": (gettext_lazy("A change waits for its payment"), "clock", "yellow"),
    "subscription.change_dropped": (gettext_lazy("The change is dropped"), "x", "gray"),
    "subscription.change_failed": (gettext_lazy("The change was not paid"), "alert-triangle", "red"),
    "subscription.price_announced": (gettext_lazy("New price announced"), "clock", "blue"),
    "subscription.price_withdrawn": (gettext_lazy("New price withdrawn"), "x", "gray"),
    "subscription.price_changed": (gettext_lazy("At the new price from now on"), "refresh", "green"),
    "credit_note.issued": (gettext_lazy("Credit note issued"), "file-invoice", "green"),
    "invoice.issued": (gettext_lazy("Invoice issued"), "file-invoice", "blue"),
    "invoice.paid": (gettext_lazy("Invoice paid"), "file-invoice", "green"),
    "invoice.corrected": (gettext_lazy("Invoice corrected"), "file-invoice", "blue"),
    "invoice.given_up": (gettext_lazy("Invoice given up"), "file-invoice", "red"),
    "invoice.recovered": (gettext_lazy("Invoice paid after all"), "file-invoice", "green"),
    "subscription.collection_ended": (gettext_lazy("Nothing is owed any more"), "circle-check", "gray"),
    "invoice.voided": (gettext_lazy("Invoice voided"), "file-invoice", "gray"),
    "refund.requested": (gettext_lazy("Refund asked for"), "cash", "amber"),
    "refund.recorded": (gettext_lazy("Refund recorded"), "cash", "amber"),
    "refund.unknown": (gettext_lazy("Refund is being checked"), "help", "amber"),
    "refund.pending": (gettext_lazy("Refund is on its way"), "clock", "blue"),
    "refund.succeeded": (gettext_lazy("Refund paid out"), "cash", "green"),
    "refund.failed": (gettext_lazy("Refund failed; the amount is in the balance"), "alert-triangle", "red"),
    "dispute.opened": (gettext_lazy("The bank takes a payment back"), "alert-triangle", "red"),
    "dispute.under_review": (gettext_lazy("The bank looks at the evidence"), "clock", "amber"),
    "dispute.won": (gettext_lazy("Dispute won"), "circle-check", "green"),
    "dispute.lost": (gettext_lazy("Dispute lost"), "x", "red"),
    "balance.credited": (gettext_lazy("Credit added to the balance"), "coin", "green"),
    "balance.credit_taken_back": (gettext_lazy("Credit taken back from the balance"), "coin", "amber"),
    "invoice.mailed": (gettext_lazy("Invoice mailed once more"), "mail", "gray"),
    "credit_note.mailed": (gettext_lazy("Credit note mailed once more"), "mail", "gray"),
    "receipt.mailed": (gettext_lazy("Receipt mailed"), "mail", "gray"),
    "payment.received": (gettext_lazy("Payment received"), "cash", "green"),
    "payment_method.added": (gettext_lazy("Payment method added"), "credit-card", "blue"),
    "payment_method.made_default": (gettext_lazy("Payment method chosen for renewals"), "credit-card", "gray"),
    "payment_method.replaced": (gettext_lazy("Payment method replaced"), "credit-card", "gray"),
    "payment_method.updated": (gettext_lazy("Payment method has new dates or digits"), "credit-card", "gray"),
    "payment_method.removed": (gettext_lazy("Payment method removed at the gateway"), "credit-card", "amber"),
    "service_account.enabled": (gettext_lazy("Login enabled at the service"), "plug-connected", "green"),
    "service_account.disabled": (gettext_lazy("Login disabled at the service"), "plug-connected", "gray"),
    "service_account.updated": (gettext_lazy("Login set to its plan at the service"), "plug-connected", "green"),
    "service_account.retried": (gettext_lazy("Login tried again at the service"), "refresh", "gray"),
    "work.retried": (gettext_lazy("Tried again what had failed"), "refresh", "gray"),
    "service_account.credentials_viewed": (gettext_lazy("Credentials looked at"), "eye", "amber"),
    "service_account.password_reset": (gettext_lazy("Password reset"), "key", "amber"),
    "service_account.password_set": (gettext_lazy("New password set at the service"), "plug-connected", "green"),
    "service_account.credentials_sent": (gettext_lazy("Credentials mailed"), "mail", "blue"),
    "service_account.credentials_opened": (gettext_lazy("Credentials opened by the one-time link"), "eye", "gray"),
    "service_account.absent": (gettext_lazy("Login removed at the service"), "plug-connected", "gray"),
}
# What follows for a subscription from a hold on its customer: by the access that it has afterwards.
ACCESS = {
    "open": (gettext_lazy("Access opened"), "circle-check", "green"),
    "blocked": (gettext_lazy("Access blocked"), "lock", "red"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the timeline component.

    `about` is the plan that it concerns; `undo` the action's public id while it can be undone; `order` the public id of
    the order that it tells of.
    """

    text: str
    at: datetime
    actor: str
    icon: str
    tone: str
    note: str
    about: str = ""
    undo: str = ""
    order: str = ""


def told(entries: Sequence[Entry], subscriptions: Sequence[SubscriptionLine], *, now: datetime) -> list[Told]:
    """The entries in their order, with the names of those who acted and of the customer's plans."""
    people = _people(entries)
    plans = {line.id: line.plan_name for line in subscriptions}
    plans |= {line.service.id: line.plan_name for line in subscriptions if line.service}
    undone = {entry.data["undoes"] for entry in entries if "undoes" in entry.data}
    newest = {entry.object_id: entry.id for entry in reversed(entries)}
    return [
        _told(
            entry,
            people,
            plans,
            may_undo=newest[entry.object_id] == entry.id and str(entry.action_id) not in undone,
            now=now,
        )
        for entry in entries
    ]


def _people(entries: Sequence[Entry]) -> dict[UUID, str]:
    """Those of the partner by name, the customer's own by the address that they sign in with."""
    people = names_of({entry.actor_id for entry in entries if entry.actor_id})
    theirs = {entry.actor_id for entry in entries if entry.actor_id and entry.actor_kind == ActorKind.CUSTOMER}
    unknown = theirs - set(people)
    return people | (emails_of(current_partner(), unknown) if unknown else {})


def entry_text(entry: Entry) -> str:
    """What happened: “Subscription suspended: By hand”."""
    sentence, _icon, _tone = _look(entry)
    kinds = [*entry.data.get("placed", []), *entry.data.get("released", [])]
    holds = [str(look(kind).text) for kind in kinds if kind != HoldKind.PROVISIONING]
    text = f"{sentence}: {', '.join(holds)}" if holds else str(sentence)
    if entry.kind in LIMITED:
        before, after = entry.data["limit"]
        text = f"{text}: {entry.data['allowance']} {number(before)} → {number(after)}"
    return _("%(what)s (undo)") % {"what": text} if entry.data.get("undoes") else text


def actor_text(entry: Entry, people: Mapping[UUID, str]) -> str:
    """Who did it, with the names of `people`."""
    actor = people.get(entry.actor_id, _("somebody who has left")) if entry.actor_id else _("the system")
    if entry.actor_kind == ActorKind.CUSTOMER:
        actor = _("%(name)s, as the customer") % {"name": actor}
    return actor


def _told(
    entry: Entry, people: Mapping[UUID, str], plans: Mapping[UUID, str], *, may_undo: bool, now: datetime
) -> Told:
    _sentence, icon, tone = _look(entry)
    undo = ""
    if may_undo and is_offered(entry, now=now):
        undo = public("act", entry.action_id)
    is_order = entry.object_type == "checkout"
    about = plans.get(_bought(entry) if is_order else entry.object_id, "")
    return Told(
        entry_text(entry),
        entry.occurred_at,
        actor_text(entry, people),
        icon,
        tone,
        entry.words.get("reason") or entry.words.get("note", ""),
        about,
        undo,
        public(CHECKOUT, entry.object_id) if is_order else "",
    )


def _bought(order: Entry) -> UUID:
    """The subscription that came of an order; the order itself where none did."""
    return UUID(order.data["subscription"]) if "subscription" in order.data else order.object_id


def _look(entry: Entry) -> tuple[str | Promise, str, str]:
    if entry.kind == "subscription.usage_alert" and entry.data["level"] == LEVELS[-1]:
        return gettext_lazy("Allowance used up"), "alert-circle", "red"
    if entry.kind == "subscription.access_changed":
        return ACCESS[entry.data["access"][1]]
    return KINDS.get(entry.kind, (entry.kind, "activity", "gray"))
