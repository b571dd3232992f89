"""A ban: blocked at once, ended with what is paid, and nothing sold until it is lifted; nothing is deleted."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Event, Timer
from uuid import UUID

import pytest

from billing.rules.changes.banning import OpenInvoices
from customers.models import Customer
from customers.queries.banned import hold_tax_ids_of
from notifications.models import Message
from partnerpanel.actions import door
from partnerpanel.actions.ban import Ban, LiftBan
from partnerpanel.actions.cancel import Keep
from partnerpanel.actions.door import FactsMoved, Refused
from partnerpanel.actions.subscribe import Subscribe
from partnerpanel.actions.undo import Undo
from partnerpanel.actions.verb import Target, Verb
from partnerpanel.kernel.errors import Forbidden, NotFound
from partnerpanel.policy.rules.change import When
from partnerpanel.tenancy.scope import tenant
from subscriptions.rules.states import Access, HoldKind, Lifecycle
from tests.actions.carry_out import carry_out, entries, everything, reactivate
from tests.actions.selling import Shop
from tests.people import Person
from tests.services.importing import run
from tests.threads import in_threads
from tests.world import NOW, World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(world: World, owner: Person) -> Shop:
    return Shop(world, owner)


def ban(customer: UUID, invoices: OpenInvoices = OpenInvoices.KEEP) -> Ban:
    return Ban((Target(customer),), invoices, "sends spam")


def lift(customer: UUID) -> LiftBan:
    return LiftBan((Target(customer),), "it was somebody else")


def buys(shop: Shop, customer: UUID) -> Subscribe:
    return Subscribe((Target(customer),), shop.plans["Basic"], "EUR")


def refusal(shop: Shop, verb: Verb) -> str:
    quote = door.preview(verb, actor=shop.person.actor, now=shop.now)
    return quote.refusals[0].code if quote.refusals else ""


def test_who_is_banned_is_blocked_and_ends_with_what_is_paid(shop: Shop, world: World, owner: Person) -> None:
    buyer = shop.buyer()
    buyer.changes("Starter", When.PERIOD_END)
    quote = door.preview(ban(buyer.customer), actor=owner.actor, now=NOW)
    assert [(one.before, one.after) for one in quote.effects] == [("open", "blocked")]
    assert [step.title for step in quote.steps] == ["Disable the login"]
    assert [mail.title for mail in quote.mails] == ["Your account at Eastwind is banned"]
    outcome = carry_out(ban(buyer.customer), owner)
    world.drain()
    row = buyer.row()
    assert (row.access, row.cancel_at_period_end, row.lifecycle) == (Access.BLOCKED, True, Lifecycle.ACTIVE)
    assert world.read_customer(buyer.customer).is_banned
    assert world.open_holds(buyer.customer) == {(HoldKind.BAN, "sends spam", None)}
    told = [entry.id for entry in entries(outcome, world)]
    with tenant(world.id):
        mails = Message.objects.for_partner(world.id).filter(event__in=told)
        assert [mail.kind for mail in mails] == ["account_banned"]
    assert refusal(shop, ban(buyer.customer)) == "already_banned"
    buyer.lives_until(NOW + timedelta(days=40))
    assert (buyer.row().lifecycle, buyer.charged) == (Lifecycle.ENDED, [])
    with pytest.raises(NotFound), tenant(world.id):
        Undo.of(outcome.action_id, partner_id=world.id)


@pytest.mark.parametrize(("invoices", "status"), [(OpenInvoices.KEEP, "uncollectible"), (OpenInvoices.VOID, "void")])
def test_what_is_owed_stays_or_is_void(
    shop: Shop, world: World, owner: Person, invoices: OpenInvoices, status: str
) -> None:
    buyer = shop.buyer(card="sandbox_soft_decline")
    buyer.lives_until(NOW + timedelta(days=20))
    assert [one[0] for one in buyer.invoices] == ["open"]
    carry_out(ban(buyer.customer, invoices), owner, now=shop.now)
    assert (buyer.row().lifecycle, buyer.invoices[0][0]) == (Lifecycle.ENDED, status)


def test_nothing_is_sold_until_it_is_lifted(shop: Shop, world: World, owner: Person) -> None:
    buyer, other = shop.buyer(), shop.buyer()
    with tenant(world.id):
        Customer.objects.for_partner(world.id).update(tax_id="136695976")
    carry_out(ban(buyer.customer), owner)
    world.drain()
    assert refusal(shop, buys(shop, buyer.customer)) == "banned"
    assert refusal(shop, Keep(buyer.target)) == "banned"
    assert refusal(shop, buyer.to("Business")) == "banned"
    assert refusal(shop, buys(shop, other.customer)) == refusal(shop, other.to("Business")) == "banned_tax_id"
    with pytest.raises(Refused):
        carry_out(reactivate(buyer.customer), owner)
    carry_out(lift(buyer.customer), owner)
    world.drain()
    row = buyer.row()
    assert (row.access, row.cancel_at_period_end) == (Access.OPEN, True)
    assert not world.read_customer(buyer.customer).is_banned
    assert refusal(shop, buys(shop, other.customer)) == refusal(shop, Keep(buyer.target)) == ""
    assert refusal(shop, lift(buyer.customer)) == "not_banned"


def test_an_import_sells_nothing_either(shop: Shop, world: World, owner: Person, tmp_path: Path) -> None:
    buyer, other = shop.buyer(), shop.buyer()
    with tenant(world.id):
        Customer.objects.for_partner(world.id).update(tax_id="136695976")
    carry_out(ban(buyer.customer), owner)
    emails = [world.read_customer(id_).email for id_ in (buyer.customer, other.customer)]
    rows = [f"P-{n},Somebody,{email},DE,Gold,9.90,EUR,month,2025-03-31,active," for n, email in enumerate(emails)]
    header = "external_id,name,email,country,plan,price,currency,interval,started_on,status,tags"
    file = tmp_path / "people.csv"
    file.write_text("\n".join([header, *rows]), encoding="utf-8")
    ran = run(world.partner, file)
    assert ran.code == 1
    assert "email belongs to a customer who is banned" in ran.said
    assert "tax_id is that of a customer who is banned" in ran.said


def test_who_may_not_or_is_a_stranger_changes_nothing(
    shop: Shop, world: World, colleague: Person, stranger: Person
) -> None:
    buyer = shop.buyer()
    before = everything(world)
    for verb in (ban(buyer.customer), lift(buyer.customer)):
        with pytest.raises(Forbidden):
            door.preview(verb, actor=colleague.actor, now=NOW)
        with pytest.raises(NotFound):
            door.commit(verb, quote=None, actor=stranger.actor, now=NOW)
    assert everything(world) == before


def test_a_ban_and_a_sale_at_once_leave_nothing_running(shop: Shop, owner: Person) -> None:
    buyer = shop.buyer()
    actor = owner.actor
    verbs: list[Verb] = [ban(buyer.customer), buys(shop, buyer.customer)]
    tokens = [door.preview(verb, actor=actor, now=NOW).token for verb in verbs]
    said: list[str] = []

    def confirms(at: int) -> None:
        try:
            door.commit(verbs[at], quote=tokens[at], actor=actor, now=NOW)
            said.append("done")
        except (FactsMoved, Refused):
            said.append("moved")

    in_threads(lambda: confirms(0), lambda: confirms(1))
    assert sorted(said) == ["done", "moved"]


def test_a_sale_under_the_tax_id_of_somebody_who_is_being_banned_waits_and_is_refused(
    shop: Shop, world: World, owner: Person
) -> None:
    banned, other = world.customer("Anna"), world.customer("Ada Ltd")
    with tenant(world.id):
        Customer.objects.for_partner(world.id).update(tax_id="136695976")
    verb = buys(shop, other)
    token = door.preview(verb, actor=owner.actor, now=NOW).token
    said: list[str] = []
    banning, asked = Event(), Event()

    def bans() -> None:
        with tenant(world.id):
            hold_tax_ids_of(world.id, [banned])
            Customer.objects.for_partner(world.id).filter(pk=banned).update(is_banned=True)
            banning.set()
            asked.wait(5)
            said.append("banned")

    def sells() -> None:
        banning.wait(5)
        Timer(0.5, asked.set).start()
        try:
            door.commit(verb, quote=token, actor=owner.actor, now=NOW)
            said.append("sold")
        except FactsMoved as moved:
            said.extend(one.now for one in moved.differences if one.now == "banned_tax_id")

    in_threads(bans, sells)
    assert said == ["banned", "banned_tax_id"]


def test_bans_and_sales_of_many_under_one_tax_id_never_wait_in_a_circle(
    shop: Shop, world: World, owner: Person
) -> None:
    customers = world.customers(4)
    with tenant(world.id):
        Customer.objects.for_partner(world.id).update(tax_id="136695976")
    verbs: list[Verb] = [ban(customers[0]), *(buys(shop, one) for one in customers), ban(customers[3])]
    tokens = [door.preview(verb, actor=owner.actor, now=NOW).token for verb in verbs]
    said: list[str] = []

    def confirms(at: int) -> None:
        try:
            door.commit(verbs[at], quote=tokens[at], actor=owner.actor, now=NOW)
            said.append("done")
        except (FactsMoved, Refused):
            said.append("moved")

    in_threads(*(partial(confirms, at) for at in range(len(verbs))))
    assert len(said) == len(verbs)
