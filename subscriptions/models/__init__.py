from subscriptions.models.addons import Addon, AddonPlan, AddonPrice, SubscriptionAddon
from subscriptions.models.catalogue import Plan, PlanPrice, Product
from subscriptions.models.change import Change
from subscriptions.models.coupons import Coupon, CouponPlan, Redemption
from subscriptions.models.credentials import CredentialLink, PlainCredentialsConsent, ServiceAddress
from subscriptions.models.hold import Hold, HoldEvidence
from subscriptions.models.limit import AllowanceLimit
from subscriptions.models.movement import Movement
from subscriptions.models.service_account import InternalAccount, ServiceAccount
from subscriptions.models.subscription import Subscription, Term
from subscriptions.models.usage import UsageRecord, UsageTotal
from subscriptions.models.verification import Verification

__all__ = [
    "Addon",
    "AddonPlan",
    "AddonPrice",
    "AllowanceLimit",
    "Change",
    "Coupon",
    "CouponPlan",
    "CredentialLink",
    "Hold",
    "HoldEvidence",
    "InternalAccount",
    "Movement",
    "PlainCredentialsConsent",
    "Plan",
    "PlanPrice",
    "Product",
    "Redemption",
    "ServiceAccount",
    "ServiceAddress",
    "Subscription",
    "SubscriptionAddon",
    "Term",
    "UsageRecord",
    "UsageTotal",
    "Verification",
]
