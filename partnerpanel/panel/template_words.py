"""The texts of mails in words: what each is for, what its values are, and in which order they are listed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from notifications.owned.rules.texts import KINDS
from notifications.queries import LABELS
from notifications.rules.kinds import MessageKind
from notifications.rules.wordings import text_names

ENDINGS: Mapping[str, Any] = {
    "_in_review": _("under review"),
    "_unpaid": _("because it is unpaid"),
    "_in_part": _("in part"),
    "_to_pay": _("to be paid by hand"),
    "_hard": _("the card is refused for good"),
    "_of_date": _("of the billing date"),
    "_of_addon": _("of an add-on"),
    "_declined": _("after a declined card"),
    "_used_up": _("used up"),
    "_open": _("access stays"),
    "_plain": _("in plain text"),
}
MONEY = frozenset(
    {
        MessageKind.RENEWAL_NEAR,
        MessageKind.PAYMENT_RECEIVED,
        MessageKind.PAYMENT_FAILED,
        MessageKind.PAYMENT_DUE,
        MessageKind.PAYMENT_NEEDS_CONFIRMATION,
        MessageKind.GRACE_STARTED,
        MessageKind.SUSPENSION_NEAR,
        MessageKind.INVOICE_COPY,
        MessageKind.CREDIT_NOTE_COPY,
        MessageKind.RECEIPT_COPY,
        MessageKind.INVOICE_CORRECTED,
        MessageKind.BALANCE_CREDITED,
        MessageKind.REFUND_REQUESTED,
        MessageKind.REFUND_RECORDED,
        MessageKind.REFUND_FAILED,
        MessageKind.PRICE_ANNOUNCED,
        MessageKind.PRICE_WITHDRAWN,
    }
)
START = frozenset(
    {
        MessageKind.START_SCHEDULED,
        MessageKind.FIRST_PAYMENT_NEEDED,
        MessageKind.STARTED,
        MessageKind.TRIAL_STARTED,
        MessageKind.TRIAL_ENDING,
        MessageKind.TRIAL_OVER,
        MessageKind.CREDENTIALS,
        MessageKind.WELCOME_GUIDE,
        MessageKind.WELCOME_FEATURES,
        MessageKind.WELCOME_FEEDBACK,
    }
)
ACCESS = frozenset(
    {
        MessageKind.ACCOUNT_SUSPENDED,
        MessageKind.ACCOUNT_REACTIVATED,
        MessageKind.ACCOUNT_BANNED,
        MessageKind.ACCOUNT_BAN_LIFTED,
        MessageKind.VERIFICATION_REQUIRED,
        MessageKind.VERIFIED,
        MessageKind.SUBSCRIPTION_SUSPENDED,
        MessageKind.SUBSCRIPTION_REACTIVATED,
        MessageKind.USAGE_ALERT,
    }
)
GROUPS: tuple[tuple[Any, frozenset[MessageKind]], ...] = (
    (_("Start"), START),
    (_("Money"), MONEY),
    (_("Access"), ACCESS),
    (_("Changes and end"), frozenset(MessageKind) - START - MONEY - ACCESS),
)
VALUES: Mapping[str, Any] = {
    "customer.name": _("The customer’s name"),
    "partner.name": _("Your name"),
    "partner.support_email": _("Your support address"),
    "plan.name": _("The plan"),
    "plan.before": _("The plan before"),
    "plan.after": _("The plan afterwards"),
    "reason": _("The reason that you gave"),
    "offer.discount": _("How much less it costs, where an offer is made"),
    "offer.periods": _("For how many billings the offer holds"),
    "stay.link": _("The address where the customer keeps the plan"),
    "return.link": _("The address where the customer comes back"),
    "asks": _("What you ask for"),
    "date": _("The day that it is about"),
    "period.from": _("First day of the period"),
    "deadline": _("Until when"),
    "deadline.limited": _("Until when, while access is limited"),
    "price": _("The price"),
    "price.before": _("The price before"),
    "price.from": _("From when the price holds"),
    "amount": _("The amount"),
    "amount.left": _("What is still due"),
    "due": _("What is to be paid"),
    "retries": _("Days of the next attempts"),
    "invoice.number": _("Number of the invoice"),
    "invoice.lines": _("Lines of the invoice"),
    "document.number": _("Number of the document"),
    "quantity.before": _("How many before"),
    "quantity.after": _("How many afterwards"),
    "policy.ahead": _("What your policy says comes next"),
    "pay.link": _("Address to pay on"),
    "link": _("Address to confirm on"),
    "ticket.subject": _("Subject of the ticket"),
    "ticket.text": _("What is written in the ticket"),
    "ticket.link": _("Address of the ticket"),
    "allowance.name": _("The allowance"),
    "allowance.used": _("How much is used"),
    "allowance.limit": _("How much there is"),
    "allowance.packs": _("Packs that can be bought"),
    "credentials.link": _("One-time address of the credentials"),
    "credentials.username": _("User name"),
    "credentials.password": _("Password"),
    "credentials.address": _("Address of the service"),
}


def text_label(name: str) -> str:
    """What a text of the product is for. Raises KeyError for a name of none."""
    kind = KINDS[name]
    ending = name.removeprefix(kind.value)
    return f"{LABELS[kind]}: {ENDINGS[ending]}" if ending else str(LABELS[kind])


def text_groups() -> list[tuple[str, list[str]]]:
    """The names of the product's texts by what they are about."""
    return [
        (str(title), [name for kind in MessageKind if kind in of for name in text_names(kind)]) for title, of in GROUPS
    ]
