"""Where a customer in a browser gives a card: on a page of the sandbox's, or on Stripe's own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Page, expect

from billing.gateway.stripe.endpoints import make_endpoint
from partnerpanel.embedded.stripe.post import Post
from tests.billing.gateway.stripe_worlds import put
from tests.faults.gateways import SANDBOX, STRIPE, Tried
from tests.faults.stripe_double import FAULTY, KEY
from tests.world import World


class Desk(ABC):
    """`gateway` is who charges; `good` and `poor` are its cards, the second without enough money on it."""

    gateway: Tried
    good: str
    poor: str

    @abstractmethod
    def takes(self, page: Page, card: str) -> None:
        """From a page of ours that asks for a card, and back to ours."""

    def tells(self) -> int:
        """What happened at the gateway is told to us; how much that was."""
        return 0


class Sandbox(Desk):
    """Cards are chosen by what they do."""

    gateway = SANDBOX
    good = "A card that works"
    poor = "A card without enough money on it"

    def takes(self, page: Page, card: str) -> None:
        page.get_by_label(card, exact=True).check()
        page.get_by_role("button", name="Use this card").click()


@dataclass
class Stripe(Desk):
    """Stripe's page is its double's. Each webhook comes `times` times, in any order where it `shuffles`."""

    gateway = STRIPE
    good = STRIPE.pays
    poor = STRIPE.declines
    times: int = 1
    shuffles: bool = False
    post: Post = field(init=False)

    def __post_init__(self) -> None:
        self.post = Post(put, times=self.times, shuffles=self.shuffles, seed=7)

    def takes(self, page: Page, card: str) -> None:
        page.get_by_role("button", name="Go on to enter a card").click()
        expect(page.get_by_role("heading", name="Enter a card")).to_be_visible()
        page.get_by_label("Card").select_option(card)
        page.get_by_role("button", name="Save card").click()

    def tells(self) -> int:
        assert FAULTY.double is not None
        told = self.post.deliver(FAULTY.double.account(KEY))
        assert self.post.refused == []
        return told


@contextmanager
def serving(desk: Desk, world: World) -> Iterator[Desk]:
    """The partner is connected to it."""
    with desk.gateway.serving():
        desk.gateway.connect(world)
        if isinstance(desk, Stripe):
            make_endpoint(actor=world.system, now=world.now)
        yield desk
