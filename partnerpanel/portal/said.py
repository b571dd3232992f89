"""What a page says was done, by the code in its address: a closed list, so that no address puts words on a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

SAID: Mapping[str, Any] = {
    "signed-out": _("You are signed out."),
    "signed-out-there": _("That browser is signed out."),
    "order-mailed": _("Another mail is on its way; its code replaces the one before."),
    "paid": _("Paid. Thank you; everything is open."),
    "declined": _("The card was declined. No money moved, and nothing has changed."),
    "confirm": _("Your bank wants you to confirm the payment; we have mailed you the link."),
    "being-checked": _("The payment is being checked. You are not charged twice; this page shows how it ends."),
    "card-kept": _("Your card is kept for later payments. Nothing was charged now."),
    "card-added": _("The card is kept beside the others. Nothing was charged."),
    "card-chosen": _("This card is charged from now on."),
    "card-of": _("Your choice is kept. Nothing was charged now."),
    "card-removed": _("The card is removed and charged no more."),
    "plan-changed": _("Done. Your plan shows it below."),
    "change-dropped": _("The change does not happen; everything stays as it is."),
    "addon-bought": _("Done. The add-on is yours."),
    "addon-removed": _("The add-on ends with the running period."),
    "addon-kept": _("The add-on goes on."),
    "cancelled": _("It is cancelled. Until the end of the period everything works, and you can keep it after all."),
    "ended": _("It has ended."),
    "offer-taken": _("Good to have you. What was offered is yours."),
    "came-back": _("Good to have you back. Your plan runs again."),
    "return-declined": _("The card was declined and no money moved. Pay with another card, and your plan runs again."),
    "return-to-pay": _("Your invoice is written. Pay it, and your plan runs again."),
    "kept-on": _("Good to have you. Your plan goes on."),
    "ticket-sent": _("We have your message, and answer by e-mail and here."),
    "ticket-closed": _("It is closed. Write again, and it is open again."),
    "details-kept": _("Saved. It stands on the next invoice; open an earlier one to have it corrected."),
    "corrected": _("It is corrected. The new invoice is in the list, and on its way to you by e-mail."),
    "mailed": _("The document is on its way to you by e-mail."),
    "password-reset": _("A new password is being set; you can look at it here in a moment."),
    "invited": _("The invitation is on its way."),
    "mails-kept": _("Saved. You get the mails that you chose, and always those about your subscription."),
    "passkey-kept": _("The passkey is kept. The next time you sign in with it, without a mail."),
    "passkey-removed": _("The passkey is removed and opens nothing here any more."),
    "login-removed": _("The log-in is removed and signed out everywhere."),
}


def said(code: str) -> str:
    """The sentence; empty for a code of none."""
    return str(SAID.get(code, ""))
