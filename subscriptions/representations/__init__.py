"""The catalogue and what is held of it, as programs see it."""

from subscriptions.representations.addons import ADDONS
from subscriptions.representations.coupons import COUPONS
from subscriptions.representations.holds import HOLDS
from subscriptions.representations.plans import PLANS
from subscriptions.representations.products import PRODUCTS
from subscriptions.representations.service_accounts import SERVICE_ACCOUNTS
from subscriptions.representations.usage import USAGE_RECORDS

RESOURCES = [PRODUCTS, PLANS, ADDONS, COUPONS, HOLDS, USAGE_RECORDS, SERVICE_ACCOUNTS]
