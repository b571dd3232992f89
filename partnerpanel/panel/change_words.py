"""Changes of what was agreed, in sentences: warnings, refusals, what was agreed and where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from billing.rules.changes.outcome import ChangeCaution

CAUTIONS: Mapping[StrEnum, Any] = {
    ChangeCaution.TAKES_EFFECT_WHEN_PAID: _("It takes effect when it is paid. Until then everything stays as it is."),
    ChangeCaution.NO_CARD: _("There is no card on file, so nobody is charged by itself: the customer has to pay."),
    ChangeCaution.REPLACES_SCHEDULED: _(
        "The change that waits now is dropped, and an invoice that it waits for voided."
    ),
    ChangeCaution.VOIDS_OPEN_INVOICE: _("The open invoice is voided."),
    ChangeCaution.NEXT_INVOICE_AT_ONCE: _("The earlier period is over by now, so the next invoice is written at once."),
    ChangeCaution.DATES_STAY: _("A period was billed since that change, so the dates stay as they are."),
    ChangeCaution.NOTHING_GIVEN_BACK: _("Nothing is given back."),
    ChangeCaution.FREE_DAYS_LOST: _("Days that were given for free are lost."),
    ChangeCaution.ENDS_AT_ONCE: _("No paid period runs, so it ends at once."),
    ChangeCaution.PAYMENT_TO_BALANCE: _(
        "What was paid for it is not paid back: a credit note gives it to the customer’s balance."
    ),
    ChangeCaution.CREDIT_TAKEN_BACK: _("The credit that was given is taken from the customer’s balance again."),
    ChangeCaution.STAYS_DROPPED: _("A change that waited then was dropped, and stays dropped."),
    ChangeCaution.HOLD_STAYS_LIFTED: _("The hold that was lifted then is not put back."),
    ChangeCaution.HAS_THIS_PLAN: _("The customer has a subscription to this plan already."),
    ChangeCaution.NO_CARD_LATER: _("There is no card on file yet: without one by then, the customer has to pay."),
    ChangeCaution.NOTHING_BEFORE_PAYMENT: _("Nothing is set up before the first payment. Unpaid, the order lapses."),
    ChangeCaution.DROPS_ANNOUNCED_PRICE: _("The price that was announced for later is dropped."),
    ChangeCaution.OUTSIDE_WINDOW: _("The time in which your policy gives money back is over; your note says why."),
    ChangeCaution.BILLED_ANEW: _("The period is billed anew at once, and its collection begins again."),
    ChangeCaution.CHANGE_NOT_OWED: _("The change that it is for stays, and is not owed any more."),
    ChangeCaution.ENDS_GIVEN_UP: _("The subscription ends. What is owed stays in the books and can be paid later."),
    ChangeCaution.ADDONS_LEAVE: _(
        "Add-ons that do not go with the new plan are dropped; their unused days are credited."
    ),
    ChangeCaution.ADDON_ENDS_ITSELF: _("It ends by itself and has to be bought again."),
    ChangeCaution.ADDON_ASKS: _("At each renewal somebody has to confirm it; otherwise it ends with the period."),
    ChangeCaution.ADDON_DROPS: _("It ends with the period: your policy does not carry add-ons on."),
    ChangeCaution.ENDS_ALREADY: _("It has ended or is cancelled already, so nothing more becomes of access."),
}
# Why something cannot be done, by the stable reason of the refusal.
REASONS: Mapping[str, Any] = {
    "coupon_unknown": _("There is no coupon with this code."),
    "coupon_expired": _("This coupon is not valid any more."),
    "coupon_not_yet_valid": _("This coupon is not valid yet."),
    "coupon_used_up": _("This coupon is used up: all its redemptions are taken, or all of this customer."),
    "coupon_other_plan": _("This coupon does not go with this plan."),
    "coupon_other_currency": _("This coupon is in another currency than the subscription."),
    "coupon_held": _("It has a coupon already. Remove that one first."),
    "no_coupon": _("It has no coupon."),
    "disputed": _(
        "The customer’s bank disputes this payment. Refunding it now would pay it back twice; wait for the decision."
    ),
    "all_of_open": _("To take all of an open invoice back, void it or waive it; a credit note takes a part off."),
    "not_collected": _("This invoice is not collected: void it, and the change that waits for it is dropped."),
    "not_creditable": _("Only an open or a paid invoice is credited."),
    "not_open": _("This invoice is not open any more."),
    "nothing_creditable": _("Nothing of this invoice is left to credit."),
    "over_credit": _("That is more than is left of this invoice."),
    "no_amount": _("Say how much goes back, as an amount such as 29.85."),
    "not_by_gateway": _("No gateway took this payment. Say how the money goes back: by bank, in cash or another way."),
    "note_needed": _("Give a note of at most 500 letters; your team reads it."),
    "nothing_refundable": _("Nothing of this payment is left to refund: it was refunded or credited before."),
    "nothing_unused": _("No paid day of it is unused, so there is nothing to give back by days."),
    "outside_window": _(
        "The time in which your policy gives money back is over. Ask an owner or admin of your team to refund it."
    ),
    "part_of_open": _(
        "Its invoice is not paid in full yet. Void it first: what came of it then goes to the customer’s balance."
    ),
    "over_refund": _("That is more than can go back of this payment."),
    "anchor_day": _("A billing day is for plans of months or years without a trial, from 1 to 31."),
    "quantity": _("A quantity is from 1 to 1,000,000."),
    "same_quantity": _("It comprises as many already."),
    "starts_on": _("It starts today or within two years."),
    "trial_days": _("A trial lasts at most 730 days."),
    "addon_currency": _("This add-on has no price in the subscription’s currency."),
    "addon_does_not_fit": _("This add-on does not go with the plan."),
    "addon_dropped": _("Your policy ends add-ons with each period. Change the policy first."),
    "addon_ends_itself": _("It is bought once and ends by itself."),
    "addon_leaves": _("It ends with the period already."),
    "addon_not_sellable": _("This add-on is archived and not sold any more."),
    "addon_stays": _("It goes on by itself."),
    "no_addon": _("The subscription does not have this add-on any more."),
    "already_suspended": _("It is suspended for this reason already."),
    "not_suspended": _("No such hold lies on it."),
    "no_such_allowance": _("It has no such allowance."),
    "not_limited": _("No limit is set for this allowance."),
    "limited_already": _("The limit is set to this already."),
    "banned": _("This customer is banned: nothing is sold before the ban is lifted."),
    "banned_tax_id": _("Another customer with the same tax id is banned: nothing is sold before that ban is lifted."),
    "asked_already": _("This customer is asked to verify already."),
    "not_asked": _("This customer is not asked to verify."),
    "already_banned": _("This customer is banned already."),
    "not_banned": _("This customer is not banned."),
    "nothing_to_undo": _("There is nothing to undo."),
    "already_ended": _("This subscription has ended."),
    "announced_already": _("This price is announced for that day already."),
    "at_list_price": _("It costs what the plan costs new customers."),
    "awaits_cut_over": _("It is billed here only from the cut-over on. Complete the move first."),
    "being_charged": _("A charge is being checked. Try again when its outcome is known, so that nobody pays twice."),
    "cancelling": _("It is cancelled and ends with its period. Keep it first."),
    "change_open": _("A change waits already. Cancel it first, or let it happen."),
    "charging_stopped": _("Charging is stopped: nobody is charged until it goes on."),
    "changed_since": _("It has been changed since, so undoing is no longer safe."),
    "closed_period": _("That day lies in a period that is closed."),
    "credit_used": _("The credit that was given is used up by now, so it cannot be taken back."),
    "held": _("Nobody who is suspended is charged. Reactivate it first, or change it at the next billing."),
    "no_change": _("No change waits for this subscription."),
    "no_duration": _("Extend it by 1, 3, 6 or 12 months, or by 1 to 366 days."),
    "no_price": _("No new price is given in its currency."),
    "no_trial": _("No trial runs."),
    "trial_began_today": _("The trial began today. End it from tomorrow on."),
    "not_ahead": _("Choose a day after today."),
    "not_long_enough": _("It would end today or earlier. Extend it further, so that it runs on."),
    "not_whole_periods": _("A payment buys whole periods of the plan. Choose a duration that is one."),
    "not_cancelling": _("It is not cancelled."),
    "not_outside": _("Say how the money came: by bank, in cash or another way."),
    "not_paused": _("It is not paused."),
    "not_received": _("A payment is received today or earlier."),
    "not_sellable": _("This plan is archived and not sold any more."),
    "nothing_announced": _("No new price is announced."),
    "notice_too_short": _("That is sooner than the notice allows."),
    "not_started": _("This subscription has not begun to be billed here."),
    "moved_since_preview": _("Changed since the preview; nothing was done."),
    "no_subscription": _("No subscription that has not ended."),
    "note_required": _("Give a note that says why."),
    "nothing_owed": _("Nothing is owed for it."),
    "nothing_to_pay": _("It costs nothing. Extend it without a payment."),
    "nothing_to_reverse": _("Only the newest change can be taken back whole. Credit the unused days instead."),
    "nothing_to_roll_back_to": _(
        "There is nothing to roll back to: it was never on this plan, or the plan is no lower one. Change the plan "
        "instead."
    ),
    "other_currency": _("This plan has no price in the subscription’s currency."),
    "other_product": _("Has several subscriptions, and none is of this plan’s product."),
    "other_plan": _("It is on another plan."),
    "own_price": _("It has a price agreed with the customer."),
    "paused": _("It is paused. Resume it first."),
    "pausing": _("It is to be paused already. Withdraw that first."),
    "price_in_effect": _("The new price is in effect since its day. Announce another one."),
    "renewal_due": _("Its renewal is just being billed. Try again in a moment."),
    "renewal_waits": _("Its period is over and its renewal waits. Reactivate it first."),
    "same_day": _("It is billed on that day already."),
    "same_price": _("It costs that already."),
    "same_plan": _("It is on this plan at this price already."),
    "shorter_than_invoice": _("That is shorter than the period that is owed for. Choose a longer duration."),
    "until_too_early": _("Choose a day after the pause has begun."),
    "too_far": _("That is more than one period ahead."),
    "tagged_already": _("Its tags are so already."),
    "too_late_to_undo": _("This was done more than 24 hours ago and can no longer be undone."),
    "too_little": _("A payment covers all that is owed."),
    "trialing": _("A trial can be extended, but this is not for a trial."),
    "unpaid": _("Something is owed for it. Take the payment first."),
}
