"""Catalogue, subscriptions, holds and service accounts in the operator's site. Secrets are never shown."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from partnerpanel.tenancy.operator.rows import ReadOnlyRows
from subscriptions.models import (
    Addon,
    AddonPlan,
    AddonPrice,
    AllowanceLimit,
    Change,
    Coupon,
    CouponPlan,
    CredentialLink,
    Hold,
    HoldEvidence,
    InternalAccount,
    Movement,
    PlainCredentialsConsent,
    Plan,
    PlanPrice,
    Product,
    Redemption,
    ServiceAccount,
    ServiceAddress,
    Subscription,
    SubscriptionAddon,
    Term,
    UsageRecord,
    UsageTotal,
    Verification,
)


@admin.register(Product)
class ProductAdmin(ReadOnlyRows):
    list_display = ("name", "archived_at")
    ordering = ("name",)
    by_value = ("name",)


@admin.register(Plan)
class PlanAdmin(ReadOnlyRows):
    list_display = ("name", "product", "interval_unit", "interval_count", "rank", "archived_at")
    list_select_related = ("product",)
    by_id = ("id", "product")
    by_value = ("name",)


@admin.register(PlanPrice)
class PlanPriceAdmin(ReadOnlyRows):
    list_display = ("plan", "currency", "amount")
    list_select_related = ("plan",)
    by_id = ("id", "plan")


@admin.register(Addon)
class AddonAdmin(ReadOnlyRows):
    list_display = ("name", "product", "kind", "interval_unit", "interval_count", "rank", "archived_at")
    list_select_related = ("product",)
    by_id = ("id", "product")
    by_value = ("name",)


@admin.register(AddonPrice)
class AddonPriceAdmin(ReadOnlyRows):
    list_display = ("addon", "currency", "amount")
    list_select_related = ("addon",)
    by_id = ("id", "addon")


@admin.register(AddonPlan)
class AddonPlanAdmin(ReadOnlyRows):
    list_display = ("addon", "plan")
    list_select_related = ("addon", "plan")
    by_id = ("id", "addon", "plan")


@admin.register(Coupon)
class CouponAdmin(ReadOnlyRows):
    list_display = ("code", "kind", "percent", "amount", "currency", "periods", "from_on", "until_on", "archived_at")
    by_id = ("id",)
    by_value = ("code_key",)


@admin.register(CouponPlan)
class CouponPlanAdmin(ReadOnlyRows):
    list_display = ("coupon", "product", "plan")
    list_select_related = ("coupon", "product", "plan")
    by_id = ("id", "coupon", "plan")


@admin.register(Redemption)
class RedemptionAdmin(ReadOnlyRows):
    list_display = ("id", "coupon", "subscription", "from_term", "redeemed_at", "ended_at", "withdrawn")
    list_select_related = ("coupon", "subscription")
    by_id = ("id", "coupon", "customer", "subscription")


@admin.register(Subscription)
class SubscriptionAdmin(ReadOnlyRows):
    list_display = ("id", "customer", "plan", "lifecycle", "collection", "access", "is_suspended", "started_at")
    list_filter = ("lifecycle", "collection", "access", "is_suspended", "awaits_cut_over")
    list_select_related = ("customer", "plan")
    by_id = ("id", "customer", "plan")
    by_value = ("external_id",)


@admin.register(Term)
class TermAdmin(ReadOnlyRows):
    list_display = ("id", "subscription", "number", "starts_on", "ends_on", "granted_days")
    list_select_related = ("subscription",)
    by_id = ("id", "subscription")


@admin.register(Movement)
class MovementAdmin(ReadOnlyRows):
    list_display = ("occurred_at", "kind", "amount", "currency", "subscription")
    list_filter = ("kind",)
    list_select_related = ("subscription",)
    by_id = ("id", "customer", "subscription", "event")


@admin.register(Hold)
class HoldAdmin(ReadOnlyRows):
    list_display = ("id", "customer", "subscription", "kind", "placed_at", "released_at")
    list_filter = ("kind",)
    list_select_related = ("customer", "subscription")
    by_id = ("id", "customer", "subscription", "placed_action_id")


@admin.register(HoldEvidence)
class HoldEvidenceAdmin(ReadOnlyRows):
    """The file itself is for the partner's staff."""

    list_display = ("id", "hold", "file_name", "file_type")
    list_select_related = ("hold",)
    by_id = ("id", "hold")
    hidden = ("content",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("content")


@admin.register(ServiceAccount)
class ServiceAccountAdmin(ReadOnlyRows):
    list_display = ("username", "subscription", "desired", "actual", "due_at", "attempts", "parked_at")
    list_filter = ("desired", "actual")
    list_select_related = ("subscription",)
    by_id = ("id", "subscription")
    by_value = ("username",)
    hidden = ("password_sealed", "password_number", "password_pending")


@admin.register(InternalAccount)
class InternalAccountAdmin(ReadOnlyRows):
    list_display = ("username", "is_enabled", "owner_key")
    list_filter = ("is_enabled",)
    by_id = ("id", "owner_key")
    by_value = ("username",)
    hidden = ("password_hash",)


@admin.register(CredentialLink)
class CredentialLinkAdmin(ReadOnlyRows):
    list_display = ("id", "account", "made_at", "expires_at", "used_at", "revoked_at")
    list_select_related = ("account",)
    by_id = ("id", "account")
    hidden = ("token_hash",)


@admin.register(PlainCredentialsConsent)
class PlainCredentialsConsentAdmin(ReadOnlyRows):
    list_display = ("id", "given_at", "given_by")


@admin.register(ServiceAddress)
class ServiceAddressAdmin(ReadOnlyRows):
    list_display = ("product", "address")
    list_select_related = ("product",)
    by_id = ("id", "product")


@admin.register(Change)
class ChangeAdmin(ReadOnlyRows):
    list_display = ("id", "subscription", "kind", "state", "plan_before", "plan", "made_at", "settled_at")
    list_filter = ("kind", "state")
    list_select_related = ("subscription", "plan_before", "plan")
    by_id = ("id", "subscription")


@admin.register(SubscriptionAddon)
class SubscriptionAddonAdmin(ReadOnlyRows):
    list_display = ("subscription", "addon", "kind", "quantity", "from_on", "until_on", "leaves", "ended_at")
    list_filter = ("kind", "leaves")
    list_select_related = ("addon",)
    by_id = ("id", "subscription", "addon")


@admin.register(AllowanceLimit)
class AllowanceLimitAdmin(ReadOnlyRows):
    list_display = ("subscription", "allowance", "value", "set_at", "set_by")
    by_id = ("id", "subscription")


@admin.register(Verification)
class VerificationAdmin(ReadOnlyRows):
    list_display = ("customer", "blocks", "asked_at", "asked_by", "closed_at", "outcome")
    list_filter = ("blocks", "outcome")
    by_id = ("id", "customer")


@admin.register(UsageRecord)
class UsageRecordAdmin(ReadOnlyRows):
    list_display = ("subscription", "allowance", "amount", "term_number", "used_at", "recorded_at")
    by_id = ("id", "subscription")
    by_value = ("key",)


@admin.register(UsageTotal)
class UsageTotalAdmin(ReadOnlyRows):
    list_display = ("subscription", "allowance", "term_number", "used", "from_packs", "told_percent")
    by_id = ("id", "subscription")
