"""What the tables of subscriptions keep of people: reasons in words, own numbers, and logins."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from partnerpanel.personal.registry import Law, PersonalTable, Rows
from subscriptions import models
from subscriptions.models import ServiceAccount


def _owned(rows: Rows, partner_id: UUID, customer_ids: Collection[UUID]) -> Rows:
    subscriptions = models.Subscription.objects.for_partner(partner_id).filter(customer__among=customer_ids)
    ids = list(subscriptions.values_list("pk", flat=True))
    accounts = ServiceAccount.objects.for_partner(partner_id).filter(subscription__among=ids)
    return rows.filter(owner_key__among=list(accounts.values_list("pk", flat=True)))


PERSONAL = (
    PersonalTable(models.Product, plain=("name",)),
    PersonalTable(models.Plan, plain=("name", "allowances")),
    PersonalTable(models.PlanPrice, plain=("currency",)),
    PersonalTable(models.Addon, plain=("name", "allowances")),
    PersonalTable(models.AddonPrice, plain=("currency",)),
    PersonalTable(models.AddonPlan),
    PersonalTable(models.Coupon, plain=("code", "code_key", "name", "currency")),
    PersonalTable(models.CouponPlan),
    PersonalTable(models.ServiceAddress, plain=("address",)),
    PersonalTable(models.PlainCredentialsConsent),
    PersonalTable(
        models.Subscription,
        of="customer_id",
        erased={"external_id": "", "last_error": ""},
        plain=("currency", "timezone"),
    ),
    PersonalTable(models.Term, of="subscription__customer_id", plain=("granted_for",)),
    PersonalTable(models.SubscriptionAddon, of="subscription__customer_id", plain=("currency",)),
    PersonalTable(models.Change, of="customer_id", plain=("direction", "addon")),
    PersonalTable(models.Redemption, of="customer_id"),
    PersonalTable(
        models.ServiceAccount,
        of="subscription__customer_id",
        # The service is told first that the login goes, for which its name is needed.
        follows=("username", "password_sealed", "endpoint", "last_error"),
        plain=("terms", "made_terms"),
        secret=("password_sealed",),
    ),
    PersonalTable(models.InternalAccount, of=_owned, is_deleted=True, secret=("password_hash",)),
    PersonalTable(
        models.CredentialLink, of="account__subscription__customer_id", is_deleted=True, secret=("token_hash",)
    ),
    PersonalTable(models.Hold, of="customer_id", erased={"reason": ""}),
    PersonalTable(models.HoldEvidence, of="hold__customer_id", is_deleted=True, secret=("content",)),
    PersonalTable(models.AllowanceLimit, of="subscription__customer_id", erased={"reason": ""}, plain=("allowance",)),
    PersonalTable(models.Movement, of="customer_id", plain=("currency",)),
    PersonalTable(models.UsageRecord, of="subscription__customer_id", kept={"key": Law.MEASURED}, plain=("allowance",)),
    PersonalTable(models.UsageTotal, of="subscription__customer_id", plain=("allowance",)),
    PersonalTable(models.Verification, of="customer_id", erased={"asks": ""}, plain=("presets",)),
)
