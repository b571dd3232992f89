"""Where a customer's life takes place: in a partner's test mode or in earnest, and how time passes there."""

from __future__ import annotations

import math
import re
import signal
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import time_machine
from django.core import mail
from playwright.sync_api import Page, expect
from time_machine import escape_hatch

from notifications.models import Message
from partnerpanel.kernel.clock import local_date, start_of_day, system_now
from partnerpanel.queues.advance import advance, settle
from partnerpanel.queues.dues import waiting
from partnerpanel.queues.functions import due_partners
from partnerpanel.queues.registry import all_queues
from partnerpanel.queues.tasks import drain_partner
from partnerpanel.tenancy.clocks import business_now_of
from partnerpanel.tenancy.scope import tenant
from tests.api.program import Program
from tests.at_rest import at_rest
from tests.faults.renewals import LOOKS_EVERY, PATH, is_under_way
from tests.faults.workers import Nursery
from tests.portal.desks import Desk
from tests.portal.guests import code_in, token_in
from tests.world import World

# How long a dead worker's rows stay its own, at most.
LEASED = timedelta(minutes=2)
# Where workers that charge a renewal die, one for each time that one is due: the gateway is not asked yet; it has
# answered and nobody here knows, or the answer is written and not committed. Four are declined; then it has taken the
# money and nobody knows; the payment is written and not committed.
DEATHS = (
    "charges: before charge_many",
    "charges: after charge_many",
    "charges: commit after update paymentattempt",
    "charges: before charge_many",
    "charges: after charge_many",
    "charges: commit after update invoice",
)


@dataclass
class Installation(ABC):
    """A partner's, with the program that speaks for its service, and the desk at which cards are given."""

    world: World
    program: Program
    desk: Desk
    clock: time_machine.Traveller

    @property
    def at(self) -> str:
        """Where its portal begins."""
        return f"/p/{self.world.partner.slug}/"

    @property
    def now(self) -> datetime:
        return business_now_of(self.world.id)

    def until(self, day: str, *, hours: int = 11) -> None:
        """Everything that falls due until then has happened."""
        self._pass(start_of_day(date.fromisoformat(day), self.world.partner.timezone) + timedelta(hours=hours))

    def told(self, kind: str) -> list[Message]:
        """The mails of this kind, oldest first, as they stand in the partner's log."""
        with tenant(self.world.id):
            return list(Message.objects.for_partner(self.world.id).filter(kind=kind).order_by("pk"))

    def diary(self) -> list[tuple[str, str]]:
        """Day and kind of every mail, in their order."""
        zone = self.world.partner.timezone
        with tenant(self.world.id):
            rows = Message.objects.for_partner(self.world.id).order_by("queued_at", "pk")
            return [(local_date(row.queued_at, zone).isoformat(), row.kind) for row in rows]

    def uses(self, allowance: str, amount: int) -> None:
        """The service tells what its one customer has used."""
        [held] = self.program.get("/subscriptions?limit=2").ok()["data"]
        used = {"subscription": held["id"], "allowance": allowance, "amount": amount, "key": f"{allowance} {self.now}"}
        self.program.post("/usage_records", used).ok(201)

    def has_gone_wrong(self) -> bool:
        """Whether all that was to go wrong here has."""
        return True

    @abstractmethod
    def works(self) -> None:
        """What is due at this moment happens."""

    @abstractmethod
    def proves_address(self, page: Page) -> None:
        """From the form of an offer to the order, by what is in the mail."""

    @abstractmethod
    def lets_in(self, page: Page, email: str) -> None:
        """From wherever the browser is to the customer's own pages."""

    @abstractmethod
    def shows_credentials(self, page: Page) -> str:
        """Follows the way to the service that was mailed; what the page says that shows them."""

    @abstractmethod
    def _pass(self, to: datetime) -> None: ...


@dataclass
class TestMode(Installation):
    """The partner's twin: its clock is the one that partners move, and its mails are kept instead of sent."""

    __test__ = False

    def works(self) -> None:
        settle(self.world.id)

    def _pass(self, to: datetime) -> None:
        advance(self.world.id, to=to)

    def proves_address(self, page: Page) -> None:
        """Nobody is mailed, so nobody is asked."""

    def lets_in(self, page: Page, email: str) -> None:
        """The partner's own site hands its customer over."""
        [customer] = self.program.get("/customers?limit=2").ok()["data"]
        page.goto(self.program.post(f"/customers/{customer['id']}/portal_session", {}).ok()["url"])
        page.get_by_role("button", name="Sign in").click()
        at_rest(page)

    def shows_credentials(self, page: Page) -> str:
        """The mail that is kept holds no secret; the customer's own page has it."""
        assert "#…" in self.told("subscription_started")[-1].body
        self.lets_in(page, "")
        page.get_by_role("navigation").get_by_role("link", name="Service", exact=True).click()
        page.get_by_role("link", name="Show the password").click()
        page.get_by_role("button", name="Show the password").click()
        expect(page.get_by_text("It is hidden again after 30 seconds.")).to_be_visible()
        return page.get_by_role("main").inner_text()


@dataclass
class InEarnest(Installation):
    """A live partner: the system's clock moves, beat looks at every queue, workers follow it, and mails go out."""

    def works(self) -> None:
        """Beat looks and workers follow, until nothing is due and no charge is without an outcome."""
        while True:
            while self.desk.tells() or self._look():
                pass
            if not is_under_way(self.world, system_now()):
                return
            self.clock.shift(LOOKS_EVERY)

    def _look(self) -> int:
        due = [one.name for one in all_queues() if self.world.id in due_partners(one.name, now=system_now())]
        return sum(drain_partner(name, self.world.id, seconds=math.inf) for name in due)

    def _pass(self, to: datetime) -> None:
        self.works()
        while (at := waiting(self.world.id, system_now()).next_at) is not None and at <= to:
            self.clock.move_to(at)
            self.works()
        self.clock.move_to(to)
        self.works()

    def proves_address(self, page: Page) -> None:
        expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
        page.get_by_label("Code").fill(code_in(self._mailed()))
        page.get_by_role("button", name="Go on").click()

    def lets_in(self, page: Page, email: str) -> None:
        """By the link of a mail."""
        page.goto(f"{self.at}sign-in/")
        page.get_by_label("E-mail").fill(email)
        page.get_by_role("button", name="Send me the link").click()
        expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
        page.goto(f"{self.at}sign-in/link/#{token_in(self._mailed())}")
        page.get_by_label("Stay signed in").check()
        page.get_by_role("button", name="Sign in").click()
        at_rest(page)

    def shows_credentials(self, page: Page) -> str:
        """By the link that works once."""
        [text] = [str(one.body) for one in mail.outbox if "/credentials/" in one.body]
        [link] = re.findall(r"http\S+/credentials/\S+", text)
        page.goto(link)
        page.get_by_role("button", name="Show my credentials").click()
        at_rest(page)
        shown = page.get_by_role("main").inner_text()
        page.goto("about:blank")
        page.goto(link)
        page.get_by_role("button", name="Show my credentials").click()
        expect(page.get_by_role("heading", name="This link no longer works")).to_be_visible()
        return shown

    def _mailed(self) -> str:
        """The text of what goes out now."""
        before = len(mail.outbox)
        self.works()
        [sent] = mail.outbox[before:]
        return str(sent.body)


@dataclass
class WhereWorkersDie(InEarnest):
    """Whoever works first at what is due dies at the next of `deaths`, if it comes there; then others come."""

    nursery: Nursery = field(kw_only=True)
    deaths: list[str] = field(default_factory=lambda: list(DEATHS))

    def works(self) -> None:
        if self.deaths and self._is_due():
            worker = self.nursery.work(self.world, *PATH, dies_at=self.deaths[0], late=_ahead())
            if worker.ended() == -signal.SIGKILL:
                self.deaths.pop(0)
                self.clock.shift(LEASED)
        super().works()

    def has_gone_wrong(self) -> bool:
        return not self.deaths

    def _is_due(self) -> bool:
        return any(self.world.id in due_partners(queue, now=system_now()) for queue in PATH[:2])


def _ahead() -> float:
    """Seconds by which the clock of this process is ahead of everybody else's."""
    return (system_now() - escape_hatch.datetime.datetime.now(UTC)).total_seconds()
