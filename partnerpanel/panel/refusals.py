"""Refusals in the page's language, by their stable code, the reason and the field that they name."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from partnerpanel.kernel.errors import DomainError
from partnerpanel.panel.change_words import REASONS

BY_REASON: dict[str, Any] = {
    **REASONS,
    "sender_is_ours": _("This domain belongs to the installation itself. Take an address of a domain of your own."),
    "not_https": _("Write an address such as https://example.com/terms; it has to begin with https://."),
    "logo_too_large": _("The file is too large; 2 MB at most."),
    "logo_too_many_pixels": _("The picture has more than 25 million pixels. Make it smaller; 600 × 240 is enough."),
    "logo_too_small": _("The picture is smaller than 16 pixels. Take a larger one."),
    "logo_unreadable": _("This is no PNG, JPEG, WebP or GIF, or it is damaged. An SVG can be saved as PNG."),
}
BY_CODE: dict[str, Any] = {
    "nothing_to_pay": _("Nothing is owed: the running period is paid."),
    "being_charged": _(
        "A charge is being checked, and nobody knows yet how it ends. Nothing was done; wait for its outcome, so that "
        "the customer does not pay twice."
    ),
    "recorded_already": _("The same amount with the same note is recorded already. Tick the box if it came twice."),
    "invalid_host": _(
        "Write a host name of your own such as account.example.com, without https:// and path. The names of this "
        "installation itself are taken."
    ),
    "host_taken": _("This host name is in use here already. Whoever has it has to remove it first."),
    "too_many_hosts": _("A portal has 10 host names at most. Remove one first."),
    "invalid_sender": _(
        "Write an address such as billing@example.com, with letters of the Latin alphabet before the @."
    ),
    "sender_taken": _("Another partner’s mails come from this domain already. It has to be removed there first."),
    "no_own_senders": _("This installation sends mails from its own address alone."),
    "looked_too_often": _("The DNS was asked often enough just now. Try again in a few minutes."),
    "host_not_proved": _("The TXT record was not found. New records may take some minutes; then check again."),
    "card_needed": _(
        "The customer has no other card, and something is to be charged to this one. Have another one added first, or "
        "cancel the subscription."
    ),
    "entered_at_gateway": _("Customers add their cards themselves: in the portal, below “Payment”."),
    "no_payment_method": _("There is no card on file. Replace the card first, or record a payment."),
    "charging_stopped": _("Charging is stopped. Nothing was done; it can be charged when charging goes on."),
    "owed_moved": _("Something was paid since you looked. Nothing was done; look at what is owed now."),
    "name_taken": _("This name is taken. Choose another one."),
    "interval_held": _(
        "The interval stays: this plan has been sold, and those who hold it bought that interval. Make another plan "
        "for another interval."
    ),
    "invalid_interval": _("Such an interval cannot be billed: 366 days, 104 weeks, 60 months or 10 years at most."),
    "offer_moved": _("Somebody has changed this since you opened it. Nothing was done."),
    "catalogue_moved": _("Somebody has changed this since you opened it. Nothing was done."),
    "already_archived": _("It is archived already. Nothing was done."),
    "not_archived": _("It is on sale already. Nothing was done."),
    "no_login": _("This subscription has no login at the service yet."),
    "credentials_moved": _(
        "Somebody else reset the password or changed the settings since you looked. Nothing was done; look at what "
        "would happen now."
    ),
    "credentials_unreadable": _(
        "The password does not open: its key is no longer there, or it was altered. Nothing was shown; reset it."
    ),
    "address_moved": _("Somebody else changed this address since you looked. Nothing was done."),
    "invalid_address": _(
        "Write an address such as https://pbx.example.com:5061 or pbx.example.com:5061, without a password."
    ),
    "brand_moved": _(
        "Somebody else changed this since you looked. Nothing was done; look at it and repeat your change."
    ),
    "tax_moved": _("Somebody else changed this since you looked. Nothing was done; look at it and repeat your change."),
    "gateway_moved": _("Somebody changed the connection since you looked. Nothing was done; look again."),
    "gateway_down": _("Stripe gives no answer at this moment. Nothing was done; try again in a minute."),
    "endpoint_refused": _(
        "Stripe makes no endpoint with this key. Make it in Stripe’s dashboard with the address of the page, and enter "
        "its signing secret."
    ),
    "invalid_signing_secret": _("A signing secret begins with whsec_; copy all of it."),
    "invalid_stripe_key": _(
        "Stripe does not take this key. It begins with sk_ or rk_, and has to be allowed to read account and balance."
    ),
    "invalid_money": _("Write an amount such as 29.85."),
    "credit_taken_back": _("This credit was taken back already. Nothing was done."),
}
BY_FIELD: dict[tuple[str, str | None], Any] = {
    ("invalid_plan", "name"): _("A name has 1 to 120 letters."),
    ("invalid_plan", "rank"): _("This rank is too large."),
    ("invalid_plan", "prices"): _("A plan has one price per currency, at least one, each zero or more."),
    ("invalid_plan", "allowances"): _("At most 50 allowances, each with a name of at most 40 letters and a number."),
    ("invalid_payment", "source"): _("Say how it came: by bank, in cash or another way."),
    ("invalid_payment", "amount"): _("A payment covers all that is owed, and is above zero."),
    ("invalid_payment", "note"): _("A note of at most 500 letters says where the money is found."),
    ("invalid_payment", "received_on"): _("The day is today or earlier, and not in a period that is closed."),
    ("invalid_credit", "amount"): _("An amount is above zero, and not larger than anybody would give."),
    ("invalid_credit", "note"): _("Give a note of at most 500 letters; your team reads it."),
    ("invalid_tax", "name"): _("A name has 1 to 60 letters; it stands on invoices."),
    ("invalid_tax", "percent"): _("Write a percentage from 0 to 100, such as 19 or 8.875, with at most four decimals."),
    ("invalid_tax", "country"): _("Write a two-letter country code such as DE."),
    ("invalid_tax", "region"): _("Write the region as CA or KA; in India the state that the tax id is of."),
    ("invalid_tax", "tax_id"): _("This is no valid tax id of that country."),
    ("invalid_tax", "registrations"): _("Each country once, with a tax id that is valid there."),
    ("invalid_tax", "valid_from"): _(
        "Another rate of this kind counts there on one of these days. Begin after it, give it an end, or archive it."
    ),
    ("invalid_tax", "valid_until"): _("It ends after its first day."),
    ("invalid_tax", "is_inclusive"): _("All taxes of a country are contained in your prices, or none is."),
    ("invalid_tax", "rate"): _("It is so already. Nothing was done."),
    ("invalid_brand", "accent"): _("Write a colour as #1f4f82."),
    ("invalid_brand", "number_prefix"): _(
        "A prefix has 1 to 8 letters A to Z or digits, and perhaps a dash and 1 to 4 more: NW, or NW-2026."
    ),
    ("invalid_brand", "printed_name"): _("A name has at most 120 letters."),
    ("invalid_brand", "sender_name"): _("A name has at most 80 letters."),
    ("invalid_brand", "address"): _("At most 6 lines of 80 letters."),
    ("invalid_brand", "ids"): _("At most 4 lines of 80 letters."),
    ("invalid_brand", "footer"): _("At most 4 lines of 90 letters."),
    ("invalid_customer", "country"): _("Write a two-letter country code such as DE."),
    ("invalid_customer", "region"): _("Write the region as CA or KA; in India the state that the tax id is of."),
    ("invalid_customer", "tax_id"): _("This is no valid tax id of that country."),
    ("invalid_customer", "tax_exempt_for"): _("A reason has at most 200 letters."),
}


def refusal_of(error: DomainError) -> str:
    """The sentence for this refusal; the error's own where none is known."""
    reason = BY_REASON.get(error.details.get("reason", ""))
    return str(reason or BY_FIELD.get((error.code, error.field)) or BY_CODE.get(error.code) or error.message)
