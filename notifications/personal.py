"""What messages and webhooks keep of people: the copies of what was sent."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from customers.queries.facts import identities
from customers.rules.keys import email_key
from notifications.models import (
    Campaign,
    MailChoice,
    MarketingRules,
    Message,
    OwnSeries,
    OwnSeriesMail,
    OwnText,
    OwnTextVersion,
    SeriesStep,
    SignIn,
    Suppression,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookSecret,
)
from partnerpanel.personal.registry import PersonalTable


def _of_addresses(rows: Any, partner_id: UUID, ids: Collection[UUID]) -> Any:
    """Entries of the addresses that the customers have now."""
    keys = {email_key(one.email) for one in identities(partner_id, ids).values() if one.email}
    return rows.filter(address_key__in=sorted(keys))


PERSONAL = (
    PersonalTable(Campaign, plain=("title", "topic", "template", "subject", "body", "audience", "last_error")),
    PersonalTable(MailChoice, of="customer_id"),
    PersonalTable(MarketingRules),
    PersonalTable(Suppression, of=_of_addresses, is_deleted=True),
    PersonalTable(
        Message,
        of="customer_id",
        erased={"to_name": "", "to_address": "", "subject": "", "body": "", "header_id": "", "last_error": ""},
        plain=("kind", "once", "language", "topic", "left_out_because"),
    ),
    PersonalTable(SeriesStep, of="customer_id", erased={"last_error": ""}),
    PersonalTable(OwnSeries, plain=("title", "begun_by", "stopped_by", "mails", "plans")),
    PersonalTable(OwnSeriesMail, of="customer_id", erased={"last_error": ""}, plain=("template",)),
    PersonalTable(SignIn, of="customer_id", is_deleted=True, secret=("link_hash", "code_hash")),
    PersonalTable(WebhookAttempt, of="delivery__event__customer_id", is_deleted=True),
    PersonalTable(WebhookDelivery, of="event__customer_id", erased={"last_error": ""}, plain=("kind", "object_type")),
    PersonalTable(WebhookEndpoint, plain=("url", "description", "kinds")),
    PersonalTable(OwnText, plain=("name", "language", "title", "topic", "subject", "body")),
    PersonalTable(OwnTextVersion, plain=("subject", "body")),
    PersonalTable(WebhookSecret, plain=("sealed_secret", "last4")),
)
