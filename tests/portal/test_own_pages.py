"""A customer looks at what it has, changes it and pays for it, without a script."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.cache import cache
from django.test import Client

from billing.gateway.registry import gateway_named
from billing.methods.services import add_method
from billing.queries.papers import confirmations_of
from customers.rules.portal_roles import PortalRole
from notifications.models import Message
from partnerpanel.actions.offer_rules import RuleTerms, create_rule
from partnerpanel.actions.tickets import reply
from partnerpanel.kernel.ids import parse, public
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Interval, Unit
from partnerpanel.offers.rules.offers import Conditions, Moment, Offer, OfferKind
from partnerpanel.tenancy.scope import tenant
from subscriptions.services.catalogue import create_plan
from tests.people import Team
from tests.portal.guests import Guest, guest
from tests.taxing import charges_tax
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_was_here() -> None:
    cache.clear()


@pytest.fixture(autouse=True)
def today(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages' clock is the world's."""
    monkeypatch.setattr("partnerpanel.portal.page.business_now", lambda _partner: world.now)


@pytest.fixture
def basic(world: World) -> UUID:
    return world.plan("Basic", price="30.00", rank=1)


@pytest.fixture
def plus(world: World, basic: UUID) -> UUID:
    """Of the same product, and more."""
    from subscriptions.models import Plan

    with tenant(world.id):
        product = Plan.objects.for_partner(world.id).get(pk=basic).product_id
        return create_plan(
            product_id=product,
            name="Plus",
            interval=Interval(Unit.MONTH),
            prices=[Money.parse("60.00", world.partner.currency)],
            rank=2,
            actor=world.system,
            now=world.now,
        )


@pytest.fixture
def owner(world: World, basic: UUID) -> Guest:
    return guest(world, world.customer("Anna's Bakery"))


@pytest.fixture
def subscription(world: World, owner: Guest, basic: UUID) -> UUID:
    """Paid elsewhere ten days ago."""
    return world.subscription(
        customer=owner.customer, plan_id=basic, started_at=world.now - timedelta(days=10), paid_elsewhere=True
    )


def card(world: World, customer: UUID, method: str = "sandbox_ok") -> None:
    facts = gateway_named("sandbox").describe_method(world.id, method)
    with tenant(world.id):
        add_method(customer, gateway="sandbox", ref=method, facts=facts, actor=world.system, now=world.now)


def read(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return str(answer.content.decode()).replace("&#x27;", "'").replace("\N{NO-BREAK SPACE}", " ")


def sent(client: Client, path: str, data: dict[str, str]) -> str:
    answer = client.post(path, data)
    assert answer.status_code == 200, (path, answer.status_code)
    return str(answer.content.decode()).replace("&#x27;", "'").replace("\N{NO-BREAK SPACE}", " ")


def hidden(text: str) -> dict[str, str]:
    """What the page's form with a quote carries."""
    form = next(one for one in re.findall(r"<form.*?</form>", text, re.DOTALL) if 'name="quote"' in one)
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))


def test_the_overview_says_what_one_has_and_what_comes_next(world: World, owner: Guest, subscription: UUID) -> None:
    card(world, owner.customer)
    text = read(owner.client(), owner.at)
    assert "Anna's Bakery" in text
    assert "Basic" in text
    assert "€30.00" in text
    assert "Apr 5, 2026" in text
    assert "0001" in text


def test_an_upgrade_is_shown_first_and_charged_as_shown(
    world: World, owner: Guest, subscription: UUID, plus: UUID
) -> None:
    card(world, owner.customer)
    client, at = owner.client(), f"{owner.at}plan/{public('sub', subscription)}/change/"
    assert "Upgrade: Plus" in read(client, at)
    text = read(client, f"{at}?plan={public('plan', plus)}")
    assert "Due now" in text
    answer = client.post(at, hidden(text))
    assert answer.headers["Location"] == f"{owner.at}plan/?said=plan-changed"
    assert world.read_subscription(subscription).plan_id == plus
    again = client.post(at, hidden(text))
    assert again.status_code == 422 or again.status_code == 409 or again.status_code == 404


def test_a_declined_upgrade_changes_nothing(world: World, owner: Guest, subscription: UUID, plus: UUID) -> None:
    card(world, owner.customer, "sandbox_soft_decline")
    client, at = owner.client(), f"{owner.at}plan/{public('sub', subscription)}/change/"
    answer = client.post(at, hidden(read(client, f"{at}?plan={public('plan', plus)}")))
    assert answer.headers["Location"].endswith("?said=declined")
    assert "No money moved" in read(client, answer.headers["Location"])
    assert world.read_subscription(subscription).plan_id != plus


def test_a_downgrade_waits_for_the_period_and_can_be_undone(
    world: World, owner: Guest, basic: UUID, plus: UUID
) -> None:
    held = world.subscription(
        customer=owner.customer, plan_id=plus, started_at=world.now - timedelta(days=10), paid_elsewhere=True
    )
    client, at = owner.client(), f"{owner.at}plan/{public('sub', held)}/"
    client.post(f"{at}change/", hidden(read(client, f"{at}change/?plan={public('plan', basic)}")))
    assert world.read_subscription(held).plan_id == plus
    assert "From Apr 5, 2026 on: Basic" in read(client, f"{owner.at}plan/")
    client.post(f"{at}drop-change/", hidden(read(client, f"{at}drop-change/")))
    assert "From Apr 5" not in read(client, f"{owner.at}plan/")


def test_what_moved_since_is_said_and_nothing_is_done(
    world: World, owner: Guest, subscription: UUID, plus: UUID
) -> None:
    card(world, owner.customer)
    client, at = owner.client(), f"{owner.at}plan/{public('sub', subscription)}/change/"
    shown = hidden(read(client, f"{at}?plan={public('plan', plus)}"))
    world.now += timedelta(days=3)
    answer = client.post(at, shown)
    assert answer.status_code == 409
    assert "This has changed since you opened it" in answer.content.decode()
    assert world.read_subscription(subscription).plan_id != plus


def test_a_plan_of_another_product_is_not_offered(world: World, owner: Guest, subscription: UUID) -> None:
    other = world.plan("Telephone", price="5.00")
    client, at = owner.client(), f"{owner.at}plan/{public('sub', subscription)}/change/"
    assert "Telephone" not in read(client, at)
    assert client.get(f"{at}?plan={public('plan', other)}").status_code == 404


def test_leaving_takes_two_screens_and_can_be_taken_back_until_the_end(
    world: World, owner: Guest, subscription: UUID
) -> None:
    client, at = owner.client(), f"{owner.at}plan/{public('sub', subscription)}/"
    assert f"{at}cancel/" in read(client, f"{owner.at}plan/")
    assert "Why do you want to leave?" in read(client, f"{at}cancel/")
    text = sent(client, f"{at}cancel/", {"why": "skip", "note": "Because."})
    assert not world.read_subscription(subscription).cancel_at_period_end
    assert "It ends on Apr 5, 2026" in text
    assert client.post(f"{at}cancel/", hidden(text)).headers["Location"].endswith("said=cancelled")
    assert world.read_subscription(subscription).cancel_at_period_end
    client.post(f"{at}keep/", hidden(read(client, f"{at}keep/")))
    assert not world.read_subscription(subscription).cancel_at_period_end


def test_an_offer_is_one_screen_more_and_taken_or_not(
    world: World, owner: Guest, subscription: UUID, team: Team
) -> None:
    terms = RuleTerms(Moment.LEAVING, "A rest", Offer(OfferKind.PAUSE, pause_months=1), Conditions(reasons=("unused",)))
    create_rule(terms, actor=team.owner.actor, now=world.now)
    client, at = owner.client(), f"{owner.at}plan/{public('sub', subscription)}/"
    assert "Cancel anyway" not in sent(client, f"{at}cancel/", {"why": "too_complex"})
    text = sent(client, f"{at}cancel/", {"why": "unused", "note": "Because."})
    assert "Pause for 1 month: nothing is charged, and your plan goes on by itself on May 5, 2026." in text
    assert "Cancel anyway" in text
    anyway = sent(client, f"{at}cancel/", {"why": "unused", "note": "Because.", "anyway": "1"})
    assert "Yes, Cancel" in anyway
    assert hidden(anyway)["note"] == "Because."
    assert client.post(f"{at}offer/", hidden(text)).headers["Location"].endswith("said=offer-taken")
    row = world.read_subscription(subscription)
    assert (row.paused_from is None, row.cancel_at_period_end) == (False, False)
    assert client.post(f"{at}offer/", hidden(text)).status_code in (409, 422, 400)


def test_only_who_may_cancel_is_asked_and_offered(world: World, owner: Guest, subscription: UUID) -> None:
    at = f"plan/{public('sub', subscription)}/"
    billing = guest(world, owner.customer, PortalRole.BILLING)
    assert billing.client().post(f"{owner.at}{at}cancel/", {"why": "unused"}).status_code == 403
    neighbour = guest(world, world.customer("Next Door"))
    assert neighbour.client().post(f"{owner.at}{at}cancel/", {"why": "unused"}).status_code == 404


@pytest.fixture
def unpaid(world: World, owner: Guest, basic: UUID) -> UUID:
    """A renewal was declined; the case is open."""
    held = world.subscription(customer=owner.customer, plan_id=basic)
    card(world, owner.customer, "sandbox_soft_decline")
    world.drain()
    world.now += timedelta(days=26)
    world.drain("subscriptions", "charges", "outbox")
    return held


def test_an_unpaid_renewal_is_explained_and_a_new_card_pays_it_at_once(
    world: World, owner: Guest, unpaid: UUID
) -> None:
    client = owner.client()
    text = read(client, owner.at)
    assert "Pay now" in text
    assert "We try again on" in text
    assert "full access" in text.lower()
    page = read(client, f"{owner.at}payment/card/")
    assert "€30.00" in page
    answer = client.post(f"{owner.at}payment/card/", {"method": "sandbox_ok"})
    assert answer.headers["Location"].endswith("said=paid")
    assert world.read_subscription(unpaid).collection == "current"


def test_a_charge_that_the_bank_asks_about_is_confirmed_from_here(world: World, owner: Guest, unpaid: UUID) -> None:
    card(world, owner.customer, "sandbox_authentication")
    world.now += timedelta(days=1)
    world.drain("subscriptions", "charges", "outbox")
    text = read(owner.client(), owner.at)
    assert "Your bank asks you to confirm the payment." in text
    assert "Nothing before you have confirmed the payment that waits." in text
    assert "We try again on" not in text
    another = world.subscription()
    with tenant(world.id):
        [link] = confirmations_of(world.id, [unpaid]).values()
        assert confirmations_of(world.id, [another]) == {}
    assert f'href="{link}"' in text


def test_what_is_owed_is_paid_once_however_often_the_button_is_pressed(
    world: World, owner: Guest, unpaid: UUID
) -> None:
    card(world, owner.customer)
    client, at = owner.client(), f"{owner.at}payment/{public('sub', unpaid)}/pay/"
    text = read(client, at)
    term = re.search(r'name="term" value="(\d+)"', text)
    assert term is not None
    first, second = (client.post(at, {"term": term[1]}) for _ in range(2))
    assert first.headers["Location"].endswith("said=paid")
    assert second.status_code in (409, 422)
    assert "paid" in second.content.decode()


def test_invoices_say_how_their_amounts_came_about_and_come_as_pdf_and_by_mail(
    world: World, owner: Guest, unpaid: UUID
) -> None:
    client = owner.client()
    text = read(client, f"{owner.at}invoices/")
    found = re.search(r"invoices/(inv_\w+)/", text)
    assert found is not None
    at = f"{owner.at}invoices/{found[1]}/"
    assert "€30.00" in read(client, at)
    assert client.get(f"{at}invoice.pdf").content.startswith(b"%PDF")
    assert client.post(f"{at}mail/").headers["Location"] == f"{at}?said=mailed"


def test_billing_details_are_kept_for_the_next_invoice_and_a_wrong_tax_id_is_refused(
    world: World, owner: Guest
) -> None:
    client, at = owner.client(), f"{owner.at}invoices/details/"
    wrong = client.post(at, {"name": "Bakery GmbH", "country": "de", "tax_id": "DE123"})
    assert wrong.status_code == 422
    assert "Tax id" in wrong.content.decode()
    assert client.post(at, {"name": "Bakery GmbH", "country": "de", "tax_id": "DE136695976"}).status_code == 302
    kept = world.read_customer(owner.customer)
    assert (kept.name, kept.country, kept.tax_id) == ("Bakery GmbH", "DE", "136695976")


def paid_invoice(world: World, owner: Guest, unpaid: UUID) -> str:
    """The address of the renewal's invoice, which a new card has paid."""
    card(world, owner.customer)
    client, pay = owner.client(), f"{owner.at}payment/{public('sub', unpaid)}/pay/"
    term = re.search(r'name="term" value="(\d+)"', read(client, pay))
    assert term is not None
    client.post(pay, {"term": term[1]})
    found = re.search(r"invoices/(inv_\w+)/", read(client, f"{owner.at}invoices/"))
    assert found is not None
    return f"{owner.at}invoices/{found[1]}/"


def test_a_paid_invoice_is_corrected_by_its_customer_once_the_details_are_changed(
    world: World, owner: Guest, unpaid: UUID
) -> None:
    client, at = owner.client(), paid_invoice(world, owner, unpaid)
    assert "Change them first" in read(client, f"{at}correct/"), "it has the details that it should have"
    client.post(f"{owner.at}invoices/details/", {"name": "Bakery GmbH", "country": "DE", "tax_id": ""})
    text = read(client, f"{at}correct/")
    assert "Bakery GmbH" in text
    token = re.search(r'name="quote" value="([^"]+)"', text)
    assert token is not None
    first, second = (client.post(f"{at}correct/", {"quote": token[1]}) for _ in range(2))
    assert first.headers["Location"].endswith("said=corrected")
    assert (second.status_code, "Look at that one" in second.content.decode()) == (409, True)
    text = read(client, f"{owner.at}invoices/")
    assert ("Corrected" in text, len(set(re.findall(r"invoices/(inv_\w+)/", text)))) == (True, 2)
    assert "has taken its place" in read(client, at)
    note = re.search(r"credit-notes/cn_\w+/credit-note.pdf", text)
    assert note is not None
    assert client.get(f"{owner.at}{note[0]}").content.startswith(b"%PDF")
    world.drain()
    with tenant(world.id):
        mail = Message.objects.for_partner(world.id).get(kind="invoice_corrected")
    assert mail.customer_id == owner.customer


def test_another_tax_on_a_paid_invoice_is_for_the_partner_to_decide(world: World, owner: Guest, unpaid: UUID) -> None:
    client, at = owner.client(), paid_invoice(world, owner, unpaid)
    charges_tax(world, "19")
    text = read(client, f"{at}correct/")
    assert "another tax applies" in text
    assert 'name="quote"' not in text


def test_a_password_is_shown_after_a_press_and_the_look_is_recorded(
    world: World, owner: Guest, subscription: UUID
) -> None:
    world.drain()
    technical = guest(world, owner.customer, PortalRole.TECHNICAL)
    client, at = technical.client(), f"{owner.at}service/{public('sub', subscription)}/"
    assert "data-hide-after" not in read(client, f"{at}show/")
    shown = client.post(f"{at}show/").content.decode()
    assert "data-hide-after" in shown
    number = re.search(r'name="number" value="(\d+)"', read(client, f"{at}reset/"))
    assert number is not None
    assert client.post(f"{at}reset/", {"number": number[1]}).status_code == 302
    assert client.post(f"{at}reset/", {"number": number[1]}).status_code == 409
    billing = guest(world, owner.customer, PortalRole.BILLING)
    assert billing.client().post(f"{at}show/").status_code == 403


def test_every_page_reads_a_bounded_number_of_rows(
    world: World, owner: Guest, subscription: UUID, django_assert_max_num_queries: object
) -> None:
    client = owner.client()
    for path in ("", "plan/", "payment/", "invoices/", "service/", "account/"):
        with django_assert_max_num_queries(40):  # type: ignore[operator]
            assert client.get(owner.at + path).status_code == 200


def test_a_customer_asks_reads_the_answer_and_takes_its_data_along(world: World, owner: Guest, team: Team) -> None:
    client = owner.client()
    wanted = {"subject": "No mail", "text": "Nothing arrives.", "topic": "technical"}
    answer = client.post(f"{owner.at}support/", wanted)
    at = answer.headers["Location"].partition("?")[0]
    reply(parse("tic", at.split("/")[-2]), "It does now.", actor=team.owner.actor, now=world.now)
    assert "It does now." in read(client, at)
    assert client.post(at, {"text": ""}).status_code == 422
    assert client.post(f"{at}close/").status_code == 302
    assert client.post(f"{at}close/").status_code == 409
    kept = client.post(f"{owner.at}account/data/json/").json()
    assert kept["tables"]
    assert client.post(f"{owner.at}account/data/zip/").content.startswith(b"PK")
    technical = guest(world, owner.customer, PortalRole.TECHNICAL)
    assert technical.client().post(f"{owner.at}account/data/json/").status_code == 403
