"""Refusals in words for a customer, by their stable code; the error's own where none is known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from partnerpanel.kernel.errors import DomainError
from partnerpanel.languages import spoken

BY_CODE: Mapping[str, Any] = {
    "shop_closed": _("Nothing can be changed here at the moment. Your service goes on; please try again later."),
    "being_charged": _(
        "A payment is being checked, and nobody knows yet how it ends. Nothing was done, so that you do not pay twice; "
        "look again in a few minutes."
    ),
    "no_payment_method": _("There is no card on file. Add one first."),
    "nothing_to_pay": _("Nothing is owed: the running period is paid."),
    "owed_moved": _("Something was paid since you looked. Nothing was done; look at what is owed now."),
    "charging_stopped": _("No payments are taken at the moment. Nothing was done; please try again later."),
    "charge_declined": _("The card was declined. No money moved; use another card, or try again later."),
    "card_needed": _(
        "Your plan is paid with this card, and there is no other. Add another card first, or cancel your plan."
    ),
    "unknown_method": _("This card is not known. Enter another one."),
    "facts_moved": _("Something changed since you looked. Nothing was done; check what would happen now."),
    "coupon_unknown": _("There is no coupon with this code."),
    "coupon_expired": _("This coupon is not valid any more."),
    "coupon_not_yet_valid": _("This coupon is not valid yet."),
    "coupon_used_up": _("This coupon is used up."),
    "coupon_other_plan": _("This coupon does not go with this plan."),
    "coupon_other_currency": _("This coupon is in another currency."),
    "address_taken": _("This address signs in already. Use another one."),
    "login_removed": _("This log-in is removed already. Invite the address again."),
    "passkey_refused": _("This passkey does not open anything here. Try once more, or sign in by mail."),
    "too_many_passkeys": _("That is as many as there may be. Remove one to add another."),
    "last_owner": _("This is the only owner. Invite another owner first."),
    "not_sold": _("This plan is not sold any more."),
    "restart_waits": _("It comes back as soon as it is paid."),
    "never_began": _("It never began, so there is nothing to come back to."),
    "billed_already": _("It cannot be taken up again by itself. Write to us, or choose another plan."),
    "erased": _("What we knew of you is erased. Order anew if you want to come back."),
    "not_correctable": _("This invoice cannot be corrected here. Write to us."),
    "corrected_already": _("Another invoice has taken its place. Look at that one."),
    "nothing_to_correct": _("It has your details as they are now. Change them first, then correct the invoice."),
    "credited_and_running": _("A part of it was given back while its period runs. Correct it when the period is over."),
    "corrected_costs_more": _("With these details another tax applies. Write to us, and we look at it."),
    "corrected_costs_less": _("With these details another tax applies. Write to us, and we look at it."),
    "corrected_is_paid": _("This invoice cannot be corrected here. Write to us."),
    "reduced_open": _("This invoice cannot be corrected here. Write to us."),
    "held": _("Nothing can be bought while your account is blocked. Write to us."),
    "checkout_link_over": _("This offer is over. Nothing was ordered."),
    "checkout_over": _("This order was begun too long ago. Begin it again."),
    "address_not_proved": _("Type the code that we have mailed you first."),
    "no_cards_taken": _("Nothing can be paid here at the moment. Write to us to buy in another way."),
    "gateway_down": _("The page for cards cannot be reached at the moment. Nothing was charged; please try again."),
    "quote_expired": _("The preview is older than 15 minutes. Nothing was done; check it again."),
}


def refusal_of(error: DomainError) -> str:
    """The sentence for this refusal."""
    return text_of(error.code) or spoken(error.message)


def text_of(code: str, message: str = "") -> str:
    """The same by its code."""
    return str(BY_CODE.get(code) or message)
