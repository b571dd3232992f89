"""Webhook endpoints and deliveries as people read them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifications.webhooks.rules.states import DeliveryState, DisabledReason
from notifications.webhooks.rules.topics import TOPICS

# state -> word, tone, icon
STATES: Mapping[str, tuple[Any, str, str]] = {
    DeliveryState.PENDING: (gettext_lazy("Waiting"), "amber", "clock"),
    DeliveryState.SUCCEEDED: (gettext_lazy("Taken"), "green", "circle-check"),
    DeliveryState.FAILED: (gettext_lazy("Given up"), "red", "circle-x"),
    DeliveryState.DROPPED: (gettext_lazy("Not sent"), "gray", "circle-dashed"),
}
REASONS: Mapping[str, Any] = {
    DisabledReason.BY_HAND: gettext_lazy("Switched off by hand"),
    DisabledReason.GONE: gettext_lazy("Switched off: it answered 410 Gone"),
    DisabledReason.FAILING: gettext_lazy("Switched off: five days of nothing but failures"),
}

# What events are about.
ABOUT: Mapping[str, Any] = {
    "addon": gettext_lazy("Add-ons"),
    "api_key": gettext_lazy("API keys"),
    "balance": gettext_lazy("Balance"),
    "brand": gettext_lazy("Brand"),
    "campaign": gettext_lazy("Campaigns"),
    "charging": gettext_lazy("Charging"),
    "checkout": gettext_lazy("Checkouts"),
    "checkout_link": gettext_lazy("Checkout links"),
    "coupon": gettext_lazy("Coupons"),
    "credit_note": gettext_lazy("Credit notes"),
    "customer": gettext_lazy("Customers"),
    "customer_message": gettext_lazy("Messages to customers"),
    "dispute": gettext_lazy("Disputes"),
    "exit_survey": gettext_lazy("Why customers leave"),
    "gateway": gettext_lazy("Payment gateway"),
    "host": gettext_lazy("Host names of the portal"),
    "invoice": gettext_lazy("Invoices"),
    "mail_sender": gettext_lazy("Sender of mails"),
    "marketing": gettext_lazy("Consent to marketing"),
    "marketing_rules": gettext_lazy("Rules of marketing"),
    "note": gettext_lazy("Notes"),
    "offer": gettext_lazy("Offers to customers"),
    "offer_rule": gettext_lazy("Rules of offers"),
    "payment": gettext_lazy("Payments"),
    "payment_method": gettext_lazy("Payment methods"),
    "plain_credentials": gettext_lazy("Credentials in mails"),
    "plan": gettext_lazy("Plans"),
    "policy": gettext_lazy("Policy"),
    "portal_login": gettext_lazy("Log-ins to the portal"),
    "product": gettext_lazy("Products"),
    "receipt": gettext_lazy("Receipts"),
    "refund": gettext_lazy("Refunds"),
    "retention": gettext_lazy("Data retention"),
    "own_series": gettext_lazy("Series of your own"),
    "series": gettext_lazy("Mails of series"),
    "service_account": gettext_lazy("Service accounts"),
    "service_address": gettext_lazy("Service addresses"),
    "subscription": gettext_lazy("Subscriptions"),
    "suppression": gettext_lazy("Suppressed addresses"),
    "tax_profile": gettext_lazy("Tax profile"),
    "tax_rate": gettext_lazy("Tax rates"),
    "test_mode": gettext_lazy("Test mode"),
    "ticket": gettext_lazy("Tickets"),
    "webhook_endpoint": gettext_lazy("Webhooks"),
    "work": gettext_lazy("Parked work"),
}


def event_groups() -> list[tuple[Any, list[tuple[str, str]]]]:
    """Every kind of event by what it is about, as a form's choices; kinds are named as programs name them."""
    found: dict[str, list[tuple[str, str]]] = {}
    for kind in sorted(TOPICS):
        found.setdefault(kind.partition(".")[0], []).append((kind, kind))
    return [(ABOUT.get(about, about), kinds) for about, kinds in found.items()]


def endpoint_row(row: Any) -> dict[str, Any]:
    """What its line and its page show."""
    return {
        "id": row.pk,
        "url": row.url,
        "description": row.description,
        "is_off": row.disabled_at is not None,
        "off_at": row.disabled_at,
        "why_off": REASONS.get(row.disabled_reason, ""),
        "failing_since": row.failing_since,
        "hears": ", ".join(row.kinds) if row.kinds else _("Every event"),
    }


def delivery_row(row: Any) -> dict[str, Any]:
    """A line of the log."""
    word, tone, icon = STATES[row.state]
    return {
        "id": row.pk,
        "kind": row.kind,
        "created_at": row.created_at,
        "word": word,
        "tone": tone,
        "icon": icon,
        "tries": row.attempts,
        "next_at": row.due_at,
        "said": row.last_status or row.last_error or "–",
    }


def attempt_row(row: Any) -> dict[str, Any]:
    """One request and its answer, for reading."""
    return {
        "id": row.pk,
        "sent_at": row.sent_at,
        "milliseconds": row.milliseconds,
        "url": row.url,
        "headers": "\n".join(f"{name}: {value}" for name, value in row.request_headers.items()),
        "body": _indented(row.request_body),
        "status": row.status,
        "is_good": row.status is not None and 200 <= row.status < 300,
        "answer_headers": "\n".join(f"{name}: {value}" for name, value in row.answer_headers.items()),
        "answer": row.answer,
        "error": row.error,
    }


def _indented(body: str) -> str:
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except ValueError:
        return body
