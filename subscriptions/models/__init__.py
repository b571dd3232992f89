from subscriptions.models.catalogue import Plan, PlanPrice, Product
from subscriptions.models.hold import Hold, HoldEvidence
from subscriptions.models.movement import Movement
from subscriptions.models.service_account import InternalAccount, ServiceAccount
from subscriptions.models.subscription import Subscription, Term

__all__ = [
    "Hold",
    "HoldEvidence",
    "InternalAccount",
    "Movement",
    "Plan",
    "PlanPrice",
    "Product",
    "ServiceAccount",
    "Subscription",
    "Term",
]
