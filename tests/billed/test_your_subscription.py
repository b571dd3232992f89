"""*Your subscription*: what a partner sees and does itself as the platform's customer."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core import mail
from django.test import Client

from notifications.models import Message
from partnerpanel.actions import door, own_subscription, payments
from partnerpanel.actions.cancel import Cancel, CancelReason, CancelWhen
from partnerpanel.actions.extend import Extend
from partnerpanel.actions.own_subscription import ChargeDeclined, as_customer
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.rollback_plan import RollbackPlan
from partnerpanel.actions.verb import Target, Verb
from partnerpanel.events.models import Event
from partnerpanel.kernel.clock import start_of_day, system_now
from partnerpanel.kernel.errors import DomainError, Forbidden, NotFound
from partnerpanel.kernel.ids import public, uuid7
from partnerpanel.tenancy.actor import Actor, ActorKind
from partnerpanel.tenancy.models import Partner, Role
from partnerpanel.tenancy.scope import tenant
from tests.billed.billing_platform import PLANS, ZONE, Platform
from tests.people import Person, Team

pytestmark = pytest.mark.django_db


def there(person: Person) -> Actor:
    return as_customer(person.actor)[1]


@pytest.fixture
def today(team: Team) -> Platform:
    """The partner's trial ended today, by the real clock that pages are read by, and its card declined."""
    return ended_trial(team, days_ago=0)


def ended_trial(team: Team, *, days_ago: int) -> Platform:
    platform = Platform.founded(system_now() - timedelta(days=14 + days_ago))
    platform.enrols(team.partner, card="declines")
    for ago in range(days_ago, -1, -1):
        platform.world.now = system_now() - timedelta(days=ago)
        platform.settles()
    return platform


def page(client: Client, team: Team, path: str = "") -> str:
    answer = client.get(f"/panel/{team.partner.slug}/your-subscription/{path}")
    assert answer.status_code == 200
    return answer.content.decode()


def kinds_by(platform: Platform, person: Person) -> dict[str, str]:
    with tenant(platform.world.id):
        return dict(Event.objects.filter(actor_id=person.user.pk).values_list("kind", "actor_kind"))


def plan(platform: Platform, name: str) -> str:
    price, rank = PLANS[name]
    return public("plan", platform.world.plan(name, price=price, rank=rank))


@pytest.mark.parametrize("role", Role)
def test_everybody_reads_it_and_owner_admin_and_billing_act(today: Platform, team: Team, role: Role) -> None:
    seen = page(team[role].client(), team)
    for words in ("Starter", "€49.00", "PartnerPanel", "INV-000001", "You have full access until", "We try again on"):
        assert words in seen
    acts = role in (Role.OWNER, Role.ADMIN, Role.BILLING)
    for words in ("Pay now", "Replace card", "Change plan", "Mail INV-000001 to me"):
        assert (words in seen) is acts, words


def test_the_banner_stands_on_every_page_while_it_is_unpaid_and_no_longer(
    today: Platform, team: Team, colleague: Person
) -> None:
    home = f"/panel/{team.partner.slug}/"
    assert "Your subscription is unpaid" in colleague.client().get(home).content.decode()
    today.pays_with("ok")
    assert "Your subscription is unpaid" not in colleague.client().get(home).content.decode()


def test_a_new_card_pays_at_once_and_opens_what_was_frozen(team: Team, owner: Person) -> None:
    platform = ended_trial(team, days_ago=16)
    assert team.partner.frozen_since is not None
    client, path = owner.client(), f"/panel/{team.partner.slug}/your-subscription/card/"
    assert "Frozen until your subscription is paid" in page(client, team)
    answer = client.post(path, {"method": "sandbox_ok"}, follow=True)
    assert "Paid. Thank you" in answer.content.decode()
    # No worker has run since: the answer came with the request.
    now_open = Partner.objects.get(pk=team.partner.pk)
    assert now_open.frozen_since is None
    assert now_open.standing == {}
    assert len(platform.paid()) == 1
    assert client.get(f"/panel/{team.partner.slug}/").status_code == 200
    assert kinds_by(platform, owner)["payment_method.added"] == ActorKind.CUSTOMER


def test_a_declined_card_is_said_and_nothing_moves(today: Platform, team: Team, owner: Person) -> None:
    with pytest.raises(ChargeDeclined, match="No money moved"):
        own_subscription.pay(today.subscription.pk, term_number=None, actor=there(owner), now=system_now())
    assert today.paid() == []
    seen = owner.client().post(f"/panel/{team.partner.slug}/your-subscription/pay/", {}).content.decode()
    assert "The card was declined" in seen


def test_an_upgrade_begins_at_once_and_a_downgrade_with_the_next_billing(
    platform: Platform, team: Team, owner: Person
) -> None:
    platform.world.now = system_now() - timedelta(days=15)
    platform.enrols(team.partner, plan="Growth")
    platform.world.now = system_now()
    platform.settles()
    client, path = owner.client(), f"/panel/{team.partner.slug}/your-subscription/plan/"
    change(client, path, plan(platform, "Scale"))
    assert platform.subscription.plan.name == "Scale"
    change(client, path, plan(platform, "Starter"))
    assert platform.subscription.plan.name == "Scale"
    assert "Starter · €49.00 per month instead of Scale" in page(client, team)
    done = kinds_by(platform, owner)
    assert done["subscription.change_awaits_payment"] == done["subscription.change_scheduled"] == ActorKind.CUSTOMER


def change(client: Client, path: str, plan_id: str) -> None:
    shown = client.post(path + "?preview", {"plan": plan_id}).content.decode()
    token = shown.split('name="quote" value="')[1].split('"')[0]
    assert client.post(path, {"plan": plan_id, "quote": token}).status_code == 302


def test_an_invoice_is_mailed_with_its_lines_as_often_as_asked(today: Platform, team: Team, owner: Person) -> None:
    [invoice] = today.invoices()
    path = f"/panel/{team.partner.slug}/your-subscription/invoices/{public('inv', invoice.pk)}/"
    assert "Starter" in page(owner.client(), team, f"invoices/{public('inv', invoice.pk)}/")
    for times in (1, 2):
        said = owner.client().post(path + "mail/", follow=True).content.decode()
        assert "INV-000001 is on its way to bills@eastwind.example" in said
        today.world.now = system_now()
        today.settles()
        with tenant(today.world.id):
            mails = list(Message.objects.for_partner(today.world.id).filter(kind="invoice_copy"))
        assert len(mails) == times
    assert mails[0].subject == "Invoice INV-000001 from PartnerPanel"
    for words in ("Starter, ", ": €49.00", "Total: €49.00", "Still to pay: €49.00"):
        assert words in mails[0].body
    attached = mail.outbox[-1].attachments
    assert [(file.filename, file.mimetype) for file in attached] == [("INV-000001.pdf", "application/pdf")]
    assert attached[0].content == owner.client().get(path + "invoice.pdf").content
    assert attached[0].content.startswith(b"%PDF")


def test_a_customer_acts_for_itself_alone_and_by_its_own_verbs(today: Platform, owner: Person) -> None:
    actor, now = there(owner), system_now()
    mine = Target(today.customer, today.subscription.pk)
    price, rank = PLANS["Growth"]
    other = today.world.subscription(plan_id=today.world.plan("Growth", price=price, rank=rank))
    theirs = Target(today.world.read_subscription(other).customer_id, other)
    refused: list[tuple[Verb, type[DomainError]]] = [
        (Cancel((theirs,), CancelWhen.PERIOD_END, CancelReason.UNUSED), NotFound),
        (Extend((mine,), "as a present", months=12), Forbidden),
        (RollbackPlan((mine,)), Forbidden),
    ]
    for verb, error in refused:
        with pytest.raises(error):
            door.preview(verb, actor=actor, now=now)
        with pytest.raises(error):
            door.commit(verb, quote=None, actor=actor, now=now)
    with pytest.raises(NotFound):
        payments.charge_now(other, term_number=None, actor=actor, now=now)
    with pytest.raises(NotFound):
        payments.preview_payment(other, permission=Permission.CHARGE, actor=actor, now=now)
    with pytest.raises(NotFound):
        payments.replace_card(theirs.customer_id, method="sandbox_ok", actor=actor, now=now)


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.READ_ONLY])
def test_who_may_not_act_at_home_may_not_act_there(today: Platform, team: Team, role: Role) -> None:
    actor, [invoice] = there(team[role]), today.invoices()
    with pytest.raises(Forbidden):
        payments.replace_card(today.customer, method="sandbox_ok", actor=actor, now=system_now())
    with pytest.raises(Forbidden):
        own_subscription.mail_invoice(invoice.pk, key=uuid7(), actor=actor, now=system_now())


def test_staff_of_the_platform_read_who_acted(today: Platform, owner: Person) -> None:
    own_subscription.replace_card(today.customer, method="sandbox_ok", actor=there(owner), now=system_now())
    address = f"/panel/platform/customers/{public('cus', today.customer)}/"
    assert "Owner of Eastwind, as the customer" in today.staff().client().get(address).content.decode()


def test_who_is_billed_by_nobody_reads_that(team: Team, owner: Person) -> None:
    assert "Nothing to pay here" in page(owner.client(), team)
    for path in ("plan", "pay", "card", "cancel"):
        answer = owner.client().get(f"/panel/{team.partner.slug}/your-subscription/{path}/")
        assert answer.status_code == 409


def test_what_was_cancelled_ends_with_its_period_and_leaves_the_page_alone(
    billed: Platform, team: Team, owner: Person
) -> None:
    cancel = Cancel((Target(billed.customer, billed.subscription.pk),), CancelWhen.PERIOD_END, CancelReason.UNUSED)
    door.commit(cancel, quote=None, actor=there(owner), now=billed.now)
    billed.on("2026-01-15")
    assert billed.subscription.lifecycle == "ended"
    assert team.partner.frozen_since == start_of_day(date(2026, 1, 15), ZONE)
    assert "Your subscription has ended" in page(owner.client(), team)
