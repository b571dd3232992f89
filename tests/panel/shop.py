"""A partner as the panel's tests meet it: a team that can sign in, and customers in the states that pages show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from billing.queries.invoice_list import InvoiceTab, invoice_page
from partnerpanel.actions import campaigns, marketing
from partnerpanel.actions.bulk import control
from partnerpanel.actions.suspend import Suspend
from partnerpanel.actions.verb import Target
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import public
from partnerpanel.queues.tasks import drain_partner
from partnerpanel.tenancy.models import User
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.catalogue import plan_line
from subscriptions.rules.states import HoldKind
from tests.actions.carry_out import carry_out
from tests.people import PASSWORD, Team
from tests.world import World

LONG_NAME = "Backstube Zum Goldenen Brezel, Inhaberin Friederike Wagenknecht-Schlottermüller"
LONG_ADDRESS = "friederike.wagenknecht-schlottermueller@zum-goldenen-brezel-backstube.example"
FORMULA = '=HYPERLINK("http://evil.example","Click")'


@dataclass(frozen=True)
class Shop:
    """`anna` is active, `bruno` suspended with his whole account, `frieda` has long names and two subscriptions."""

    team: Team
    world: World
    anna: UUID
    bruno: UUID
    frieda: UUID

    @property
    def now(self) -> datetime:
        return self.world.now

    @property
    def owner(self) -> User:
        return self.team.owner.user

    @property
    def reader(self) -> User:
        return self.team.read_only.user

    def url(self, path: str = "") -> str:
        """An address of this partner's panel."""
        return f"/panel/{self.team.partner.slug}/{path}"

    def customer_url(self, customer: UUID, rest: str = "") -> str:
        return self.url(f"customers/{public('cus', customer)}/{rest}")

    def ids(self) -> dict[str, str]:
        """What the words in braces of `pages.PANEL` stand for; the names of the first are the longest."""
        active, suspended = public("cus", self.frieda), public("cus", self.bruno)
        with tenant(self.world.id):
            plan = plan_line(self.world.id, self.world.plan("Enterprise Telephony Unlimited Plus", price="1299.00"))
        return {
            "active": active,
            "suspended": suspended,
            "product": public("prod", plan.product_id),
            "plan": public("plan", plan.id),
            "job": self.job(self.frieda, self.bruno),
            "draft": self.campaign(),
            "campaign": self.campaign(is_confirmed=True),
            **self.unpaid(),
        }

    def unpaid(self) -> dict[str, str]:
        """One more whose renewal is open: the subscription and its invoice."""
        world = World(self.team.partner, now=self.now - timedelta(days=40))
        customer = world.customer("Olaf Offen", email="olaf@offen.example")
        begun = self.now - timedelta(days=45)
        subscription = world.subscription(customer=customer, plan_id=self.world.plan(), started_at=begun)
        world.drain("subscriptions", now=self.now)
        with tenant(world.id):
            invoice = invoice_page(world.id, tab=InvoiceTab.OPEN, search="", cursor=None, limit=1).rows[0].id
        return {"subscription": public("sub", subscription), "invoice": public("inv", invoice)}

    def new_customer(self) -> UUID:
        """One more who is active."""
        customer = self.world.customer()
        self.world.subscription(customer=customer)
        self.work()
        return customer

    def work(self) -> None:
        """Everything that is due is done, as workers would."""
        for queue in ("outbox", "provisioning", "mail", "bulk"):
            drain_partner(queue, self.world.id, seconds=20)

    def suspend(self, customer: UUID, reason: str = "as agreed by telephone") -> UUID:
        """Suspends the account as its owner; the action's id."""
        verb = Suspend((Target(customer),), HoldKind.MANUAL, reason)
        return carry_out(verb, self.team.owner, now=self.now).action_id

    def campaign(self, *, is_confirmed: bool = False) -> str:
        """The public id of a campaign to two, one of whom wants none; and her address is on the list."""
        by: Any = {"actor": self.team.owner.actor, "now": self.now}
        marketing.choose(self.frieda, {marketing.Topic.OFFERS: marketing.Answer.NO}, **by)
        marketing.suppress_address(LONG_ADDRESS, note="Asked by telephone", **by)
        audience = campaigns.Audience((self.anna, self.frieda))
        said = {"subject": "Half price for {{ customer.name }}", "body": "**Half** price, {{ customer.name }}."}
        id_ = campaigns.create_campaign(campaigns.CampaignDraft(LONG_NAME[:80], "offers", audience, **said), **by)
        if is_confirmed:
            campaigns.confirm_campaign(id_, recipients=1, **by)
        return public("cmp", id_)

    def job(self, *customers: UUID, state: str = "ready") -> str:
        """The public id of a bulk job that suspends them, brought into a state of its life."""
        verb = Suspend((), HoldKind.MANUAL, "Maintenance over the weekend")
        job = control.start(verb, customers, actor=self.team.owner.actor, now=self.now)
        if state != "previewing":
            drain_partner("bulk", self.world.id, seconds=20)
        if state in ("running", "paused", "done"):
            control.confirm(job, typed=str(len(customers)), actor=self.team.owner.actor, now=self.now)
        if state == "paused":
            control.pause(job, actor=self.team.owner.actor)
        if state == "done":
            drain_partner("bulk", self.world.id, seconds=20)
        if state == "cancelled":
            control.cancel(job, actor=self.team.owner.actor, now=self.now)
        return public("job", job)


def open_shop(team: Team) -> Shop:
    """The owner and the read-only colleague can sign in with PASSWORD."""
    for user in (team.owner.user, team.read_only.user):
        user.set_password(PASSWORD)
        user.save()
    world = World(team.partner, now=system_now())
    anna = world.customer("Anna Alder", email="anna@alder.example", country="AT", external_id="K-1001")
    bruno = world.customer("Bruno Birke", email="bruno@birke.example", locale="de")
    frieda = world.customer(LONG_NAME, email=LONG_ADDRESS, locale="de", external_id="KUNDE-2019-000000000017")
    for customer in (anna, bruno, frieda):
        world.subscription(customer=customer)
    world.subscription(customer=frieda, plan_id=world.plan("Enterprise Telephony Unlimited Plus", price="1299.00"))
    shop = Shop(team, world, anna, bruno, frieda)
    shop.suspend(bruno)
    shop.work()
    return shop
