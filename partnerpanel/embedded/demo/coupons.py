"""A coupon of the demo: made a while ago, redeemed by some, with redemptions left."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from billing.models import Payment
from partnerpanel.actions import door
from partnerpanel.actions.coupons import ApplyCoupon
from partnerpanel.actions.door import Refused
from partnerpanel.actions.verb import Target
from partnerpanel.embedded.demo.office import Office
from partnerpanel.tenancy.models import Role
from partnerpanel.tenancy.scope import tenant
from subscriptions.rules.coupons import Discount
from subscriptions.services.coupon_catalogue import CouponTerms, create_coupon

CODE, HOLDERS, CANDIDATES = "FRIENDS25", 3, 20
TERMS = CouponTerms(
    CODE, Discount(percent=25, periods=3), "For customers who brought a friend along", most=50, most_each=1
)


def hand_out_coupons(office: Office, now: datetime) -> None:
    """The coupon, and its first redemptions by customers who paid lately."""
    partner_id, owner = office.partner.pk, office.actors[Role.OWNER]
    with tenant(partner_id):
        create_coupon(TERMS, actor=owner, now=office.days.at(20, 10))
        rows = Payment.objects.for_partner(partner_id).exclude(gateway_id="").order_by("-recorded_at", "-id")
        paid = list(rows.values_list("customer_id", "invoice__subscription_id")[:CANDIDATES])
    holders = 0
    for customer_id, subscription_id in dict.fromkeys(paid):
        if holders == HOLDERS:
            break
        with suppress(Refused):  # one that ends with its period, say, or is just being charged
            verb = ApplyCoupon((Target(customer_id, subscription_id),), CODE)
            door.commit(verb, quote=None, actor=owner, now=now)
            holders += 1
    office.settle(now)
