"""One partner of the demo charges through Stripe: through its double, which the demo runs."""

from __future__ import annotations

import os

from billing.gateway.stripe.accounts import account_of, connect
from billing.gateway.stripe.endpoints import address_of, make_endpoint
from partnerpanel.embedded.demo.sakura import SAKURA
from partnerpanel.embedded.state import State
from partnerpanel.kernel.clock import system_now
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.models import Partner
from partnerpanel.tenancy.scope import tenant

KEY = "sk_test_demoOfSakuraStream"
ADDRESS = "stripe-address.json"


def connect_to_double() -> None:
    """Connects Sakura Stream once, and has its webhooks come to where the demo runs this time. Whoever names another
    Stripe is left alone."""
    if os.environ.get("STRIPE_URL"):
        return
    partner_id, now, state = Partner.objects.get(slug=SAKURA.slug).pk, system_now(), State.named("demo")
    actor = Actor.system(partner_id)
    with tenant(partner_id):
        is_connected = account_of(partner_id) is not None
    if not is_connected:
        if state.read(ADDRESS) is not None:
            return  # somebody has disconnected it
        connect(KEY, actor=actor, now=now)
    if state.read(ADDRESS) != address_of(partner_id):
        make_endpoint(actor=actor, now=now)
        state.write(ADDRESS, address_of(partner_id))
