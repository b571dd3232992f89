"""Messages in the operator's site."""

from __future__ import annotations

from django.contrib import admin

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
from partnerpanel.tenancy.operator.rows import ReadOnlyRows


@admin.register(Message)
class MessageAdmin(ReadOnlyRows):
    """What a message says is between partner and customer."""

    list_display = ("id", "kind", "state", "to_address", "due_at", "attempts", "parked_at", "sent_at")
    list_filter = ("state",)
    by_id = ("id", "event", "customer")
    hidden = ("body",)


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(ReadOnlyRows):
    list_display = ("url", "description", "disabled_at", "disabled_reason", "failing_since", "removed_at")
    list_filter = ("disabled_reason",)
    by_id = ("id",)


@admin.register(WebhookSecret)
class WebhookSecretAdmin(ReadOnlyRows):
    list_display = ("last4", "endpoint", "added_at", "ends_at")
    list_select_related = ("endpoint",)
    hidden = ("sealed_secret",)
    by_id = ("id", "endpoint")


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnlyRows):
    list_display = ("id", "kind", "state", "endpoint", "due_at", "attempts", "last_status", "arrived_at")
    list_select_related = ("endpoint",)
    list_filter = ("state",)
    by_id = ("id", "event", "endpoint", "object_id")


@admin.register(WebhookAttempt)
class WebhookAttemptAdmin(ReadOnlyRows):
    """What a message says is between partner and receiver."""

    list_display = ("id", "delivery", "sent_at", "milliseconds", "status", "error")
    list_select_related = ("delivery",)
    by_id = ("id", "delivery")
    hidden = ("request_headers", "request_body", "answer_headers", "answer")


@admin.register(OwnText)
class OwnTextAdmin(ReadOnlyRows):
    list_display = ("name", "language", "title", "is_default", "version", "changed_at", "archived_at")
    list_filter = ("is_default",)
    by_id = ("id",)


@admin.register(OwnTextVersion)
class OwnTextVersionAdmin(ReadOnlyRows):
    list_display = ("id", "text", "number", "is_default", "made_at")
    list_select_related = ("text",)
    by_id = ("id", "text")


@admin.register(SignIn)
class SignInAdmin(ReadOnlyRows):
    list_display = ("address", "kind", "asked_at", "expires_at", "tries", "used_at", "due_at", "attempts")
    list_filter = ("kind",)
    by_id = ("id",)
    hidden = ("link_hash", "code_hash")


@admin.register(SeriesStep)
class SeriesStepAdmin(ReadOnlyRows):
    list_display = ("id", "series", "step", "outcome", "due_at", "settled_at", "attempts", "last_error")
    list_filter = ("series", "outcome")
    by_id = ("id", "customer", "subscription", "event")


@admin.register(MailChoice)
class MailChoiceAdmin(ReadOnlyRows):
    list_display = ("id", "customer_id", "offers", "tips", "feedback", "source", "changed_at")
    list_filter = ("source",)
    by_id = ("id", "customer")


@admin.register(Suppression)
class SuppressionAdmin(ReadOnlyRows):
    list_display = ("address", "reason", "since")
    list_filter = ("reason",)
    by_id = ("id",)


@admin.register(MarketingRules)
class MarketingRulesAdmin(ReadOnlyRows):
    list_display = ("id", "needs_consent", "quiet_from", "quiet_until", "in_own_zone", "per_minute", "changed_at")
    by_id = ("id",)


@admin.register(Campaign)
class CampaignAdmin(ReadOnlyRows):
    """What a campaign says is between partner and customers."""

    list_display = ("title", "topic", "state", "send_at", "started_at", "finished_at", "due_at", "last_error")
    list_filter = ("state",)
    by_id = ("id", "event")
    hidden = ("body",)


@admin.register(OwnSeries)
class OwnSeriesAdmin(ReadOnlyRows):
    list_display = ("title", "begun_by", "is_on", "created_at", "version")
    list_filter = ("is_on",)
    by_id = ("id",)


@admin.register(OwnSeriesMail)
class OwnSeriesMailAdmin(ReadOnlyRows):
    list_display = ("id", "series", "customer", "position", "template", "outcome", "due_at", "settled_at")
    list_filter = ("outcome",)
    list_select_related = ("series", "customer")
    by_id = ("id", "event", "customer")
