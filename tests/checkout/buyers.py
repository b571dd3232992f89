"""Somebody who buys at a partner's page, in a browser of their own."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.test import Client

from billing.models import PaymentAttempt
from customers.models import Customer
from partnerpanel.actions.checkout.links import NewLink, create_link
from partnerpanel.actions.checkout.models import Checkout, CheckoutLink
from partnerpanel.kernel.ids import parse
from partnerpanel.tenancy.scope import tenant
from tests.panel.scriptless import text
from tests.people import Person
from tests.portal.guests import code_in, deliver
from tests.world import World

ADDRESS = "anna@bakery.example"


def sells(world: World, person: Person, **offer: Any) -> str:
    """The plan's own page, or with `is_public=False` a link; the last part of its address."""
    whole: dict[str, Any] = {"plan_id": world.plan(), "is_public": True, "key": "basic"} | offer
    if not whole["is_public"]:
        whole["key"] = ""
    made = create_link(NewLink(**whole), actor=person.actor, now=world.now)
    with tenant(world.id):
        return str(CheckoutLink.objects.for_partner(world.id).get(pk=made).key)


@dataclass
class Buyer:
    """Fills in the forms; `page` is what the browser shows."""

    world: World
    key: str
    address: str = ADDRESS
    client: Client = field(default_factory=Client)
    at: str = ""
    page: Any = None

    @property
    def offer(self) -> str:
        return f"/p/{self.world.partner.slug}/buy/{self.key}/"

    def looks(self, **choice: str) -> str:
        """At the offer, with what is chosen."""
        self.page = self.client.post(self.offer, {"do": "update", **choice}) if choice else self.client.get(self.offer)
        return text(self.page)

    def begins(self, **choice: str) -> str:
        """Sends the form of the offer; what the next page says."""
        form = self.client.get(self.offer).content.decode()
        token = re.search(r'name="order" value="([^"]+)"', form)
        data = {"do": "order", "name": "Anna's Bakery", "email": self.address, "country": "DE", "quantity": "1"}
        data |= {"currency": self.world.partner.currency, "order": token[1] if token else ""} | choice
        self.page = self.client.post(self.offer, data)
        if self.page.status_code == 302:
            self.at = self.page.headers["Location"]
            self.page = self.client.get(self.at)
        return text(self.page)

    def proves(self) -> str:
        """Types the code of the mail."""
        mine = [mailed for mailed in deliver(self.world) if mailed.startswith(self.address)]
        return self.types(code_in(mine[-1]))

    def types(self, code: str) -> str:
        return self._follow(self.client.post(f"{self.at}code/", {"code": code}))

    def orders(self, pay: str = "card", **more: str) -> str:
        """Presses the button under what the page shows."""
        shown = re.search(r'name="shown" value="([^"]+)"', self.client.get(self.at).content.decode())
        return self._follow(self.client.post(self.at, {"shown": shown[1] if shown else "", "pay": pay, **more}))

    def pays(self, card: str = "sandbox_ok") -> str:
        """With a card of the sandbox."""
        return self._follow(self.client.post(f"{self.at}card/", {"method": card}))

    def comes_back(self) -> str:
        return self._follow(self.client.get(f"{self.at}back/"))

    def _follow(self, answer: Any) -> str:
        self.page = answer
        while self.page.status_code == 302:
            self.page = self.client.get(self.page.headers["Location"])
        return text(self.page)

    @property
    def id(self) -> UUID:
        return parse("chk", self.at.rstrip("/").rpartition("/")[2])

    @property
    def row(self) -> Checkout:
        with tenant(self.world.id):
            return Checkout.objects.for_partner(self.world.id).select_related("link").get(pk=self.id)


def charges(world: World) -> list[tuple[str, str, int]]:
    """Purpose, status and amount of every attempt, in their order."""
    with tenant(world.id):
        rows = PaymentAttempt.objects.for_partner(world.id).order_by("made_at", "pk")
        return list(rows.values_list("purpose", "status", "amount"))


def customers(world: World, address: str = ADDRESS) -> list[UUID]:
    with tenant(world.id):
        return list(Customer.objects.for_partner(world.id).filter(email=address).values_list("pk", flat=True))
