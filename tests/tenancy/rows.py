"""At least one real row of every tenant model, made the way the product makes it.

A new model makes `test_every_tenant_model_has_a_row_to_attack` fail until it is made here too.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from billing.collection.switch import stop_charging
from billing.detaching.services import detach_later
from billing.disputes.states import DisputeStatus
from billing.documents.states import PaymentSource
from billing.gateway.models import GatewayPace
from billing.gateway.news import News, Topic
from billing.gateway.port import ChargeRequest, DisputeNews, RefundRequest, charge
from billing.gateway.registry import gateway_named
from billing.gateway.stripe import questions
from billing.gateway.stripe.accounts import COLUMN
from billing.gateway.stripe.signing import keep_secret
from billing.gateway.stripe.states import Kind, Mode
from billing.incoming.receive import remember
from billing.methods.services import add_method
from billing.models import Mismatch, Payment, StripeAccount
from billing.rules.opening import BroughtAlong
from billing.services.disputes import record_dispute
from billing.services.openings import NewOpening, put_openings
from billing.services.pay import record_payment
from customers.rules.passkeys import Person as Keeper
from customers.rules.passkeys import Site
from customers.rules.portal_roles import PortalRole
from customers.services import passkeys, portal_sessions
from customers.services.notes import add_note
from customers.services.portal_logins import add_login
from customers.services.tagging import set_tags
from notifications.own_series.models import OwnSeriesMail
from notifications.own_series.rules import SeriesDraft, SeriesMail
from notifications.own_series.services import create as create_series
from notifications.owned.queries import text_by_id
from notifications.series.models import SeriesStep
from notifications.series.rules.steps import Series
from notifications.webhooks.models import WebhookAttempt
from partnerpanel.actions import campaigns, door, marketing, portal_access, tickets
from partnerpanel.actions.brand import set_logo
from partnerpanel.actions.bulk import control
from partnerpanel.actions.change_plan import ChangePlan
from partnerpanel.actions.checkout.desk import Visitor, start
from partnerpanel.actions.checkout.links import NewLink, create_link
from partnerpanel.actions.checkout.models import CheckoutLink
from partnerpanel.actions.checkout.offers import offer_at
from partnerpanel.actions.checkout.quoting import Wanted
from partnerpanel.actions.offer_rules import RuleTerms, create_rule, save_reason
from partnerpanel.actions.refund import Refund, RefundHow, RefundReason
from partnerpanel.actions.set_limit import SetLimit
from partnerpanel.actions.suspend import Suspend
from partnerpanel.actions.templates import create_text
from partnerpanel.actions.verb import Target
from partnerpanel.actions.verification import RequireVerification
from partnerpanel.actions.webhooks import create_endpoint, send_test
from partnerpanel.alerts.models import Alert, AlertRound
from partnerpanel.alerts.rules import Topic as AlertTopic
from partnerpanel.events.models import Event
from partnerpanel.idempotency.services import claim
from partnerpanel.invariants.models import Finding
from partnerpanel.kernel.ids import uuid7
from partnerpanel.kernel.money import Money
from partnerpanel.loyalty.models import LoyaltyBonus
from partnerpanel.offers.queries.offer_rules import rule_line
from partnerpanel.offers.rules.offers import Moment, OfferKind
from partnerpanel.offers.rules.offers import Offer as RuleOffer
from partnerpanel.offers.services.making import answer_survey, make_offer
from partnerpanel.policy.rules.change import Anchor, When
from partnerpanel.policy.rules.scopes import ScopeKind
from partnerpanel.policy.services import set_policy
from partnerpanel.retention.models import RetentionCase
from partnerpanel.story.models import ClockRun
from partnerpanel.support.services import NewTicket
from partnerpanel.tenancy.bulk import insert_rows
from partnerpanel.tenancy.scope import tenant
from partnerpanel.tenancy.secrets import seal
from subscriptions.models import Subscription
from subscriptions.queries.addons import offers
from subscriptions.queries.credentials import login_of, product_addresses
from subscriptions.queries.holders import holder_lines
from subscriptions.rules.addons import AddonKind, HeldAddon
from subscriptions.rules.coupons import Discount, HeldCoupon
from subscriptions.rules.states import HoldKind
from subscriptions.rules.verification import VerificationPreset
from subscriptions.services.access import Evidence
from subscriptions.services.addon_catalogue import AddonTerms, create_addon
from subscriptions.services.addons import add_addons
from subscriptions.services.coupon_catalogue import CouponTerms, create_coupon
from subscriptions.services.coupons import redeem_coupons
from subscriptions.services.credential_links import issue_link
from subscriptions.services.credential_settings import allow_plain_mail, set_service_address
from subscriptions.services.usage import record_usage
from tests.brand.pictures import png
from tests.people import Person
from tests.portal.devices import ORIGIN, Device
from tests.taxing import registers, taxes
from tests.world import World


def one_of_each(world: World, person: Person) -> UUID:
    """Fills every tenant table of the world's partner; returns a customer who has been suspended."""
    customer, waiting = world.customers(2)
    _, unpaid = world.subscriptions([customer, waiting])
    with tenant(world.id):
        add_note(customer, text="Pays by bank transfer.", actor=person.actor, now=world.now)
        set_tags(customer, names=["vip"], actor=person.actor, now=world.now)
        set_policy(
            scope_kind=ScopeKind.CUSTOMER,
            scope_id=customer,
            preset=None,
            document={"grace.days": 10},
            actor=person.actor,
            now=world.now,
        )
    _change_plan(customer, person, world)
    _pay_and_refund(customer, person, world)
    _collect(waiting, unpaid, person, world)
    _give_back(customer, person, world)
    _lose_a_dispute(customer, world)
    _hand_out(unpaid, person, world)
    _suspend(waiting, person, world)
    _sell_an_addon(unpaid, world)
    _limit(waiting, unpaid, person, world)
    _verify(waiting, person, world)
    _redeem_a_coupon(unpaid, world)
    _leave(unpaid, person, world)
    _sell_by_link(world, person)
    world.drain()
    _suspend(customer, person, world)
    _write_own_text(person, world)
    _choose_mails(customer, person, world)
    _welcome(waiting, unpaid, world)
    registers(world, "NZ")
    taxes(world, "15", kind="gst", country="NZ")
    with tenant(world.id):
        Mismatch.objects.create(
            partner_id=world.id,
            gateway="sandbox",
            key="lost",
            difference="unbooked",
            currency="EUR",
            amount=1,
            at=world.now,
            seen_at=world.now,
        )
        account = StripeAccount(
            id=uuid7(), partner_id=world.id, account="acct_1", mode=Mode.TEST, connected_at=world.now
        )
        account.sealed_key = seal("sk_test_12345678", partner_id=world.id, row=account.pk, column=COLUMN)
        account.save(force_insert=True)
        questions.remember_refs(world.id, account.account, {str(customer): "cus_1"})
        questions.put(world.id, Kind.CHARGE, [("charge", "fingerprint", "cus_1")])
        insert_rows(GatewayPace, partner_id=world.id, columns=("gateway", "taken_until"), rows=[("stripe", world.now)])
        brought = BroughtAlong(balance=Money(500, world.partner.currency))
        put_openings([NewOpening(customer, None, 2, brought)], partner_id=world.id)
        keep_secret(world.id, account.account, "whsec_12345678", endpoint="we_1", now=world.now)
        remember(world.id, "stripe", News("evt_1", "payment_intent.succeeded", Topic.CHARGE, "pi_1", "", world.now))
        # Nobody asks Stripe for it in a test.
        detach_later(world.id, [("stripe", "pm_1")], now=world.now + timedelta(days=36_500))
        Finding.objects.create(
            partner_id=world.id, invariant="balances_are_their_ledger", object="cus_1", found_at=world.now
        )
        ClockRun.objects.create(
            partner_id=world.id, from_at=world.now, to_at=world.now, reached_at=world.now, started_at=world.now
        )
    with tenant(world.id):
        RetentionCase.objects.create(
            partner_id=world.id, customer_id=customer, opened_at=world.now, closed_at=world.now, outcome="kept"
        )
    tickets.open_ticket(customer, NewTicket("No sound", "It is silent."), actor=person.actor, now=world.now)
    set_logo(png(), version=0, actor=person.actor, now=world.now)
    _sign_in(customer, world)
    _tell_a_server(world, person)
    _begin_own_series(customer, world, person)
    _alert(customer, world, person)
    claim(world.id, "a key of a program", fingerprint="0" * 64, at=world.now)
    # Its outbox rows stay where they are: they are attacked too.
    control.start(Suspend((), HoldKind.MANUAL, "as agreed"), [customer, waiting], actor=person.actor, now=world.now)
    return customer


def _tell_a_server(world: World, person: Person) -> None:
    """A test message, sent once without an answer."""
    endpoint = create_endpoint(url="https://example.com/partnerpanel", actor=person.actor)
    delivery_id = send_test(endpoint.id, actor=person.actor)
    with tenant(world.id):
        WebhookAttempt.objects.create(
            partner_id=world.id,
            delivery_id=delivery_id,
            sent_at=world.now,
            milliseconds=15_000,
            url="https://example.com",
        )


def _begin_own_series(customer: UUID, world: World, person: Person) -> None:
    """A series of the partner's, with a mail that waits."""
    text = create_text(
        title="A tip",
        language="en",
        subject="A tip",
        body="Hello {{ customer.name }}",
        actor=person.actor,
        now=world.now,
    )
    with tenant(world.id):
        name = text_by_id(world.id, text).name
        draft = SeriesDraft("Tips", "customer.created", (SeriesMail(1, name),))
        series = create_series(draft, actor=person.actor, now=world.now)
        event = Event.objects.for_partner(world.id).filter(customer_id=customer).earliest("pk")
        OwnSeriesMail.objects.create(
            partner_id=world.id,
            series_id=series,
            event=event,
            customer_id=customer,
            position=0,
            template=name,
            due_at=world.now + timedelta(days=1),
        )


def _alert(customer: UUID, world: World, person: Person) -> None:
    """Somebody who is to be told at once of what happened to the customer."""
    with tenant(world.id):
        AlertRound.objects.create(partner_id=world.id, user_id=person.user.pk, due_at=world.now + timedelta(days=1))
        event = Event.objects.for_partner(world.id).filter(customer_id=customer).earliest("pk")
        Alert.objects.create(
            partner_id=world.id, user_id=person.user.pk, event=event, topic=AlertTopic.TICKETS, noted_at=world.now
        )


def _welcome(customer: UUID, subscription: UUID, world: World) -> None:
    """A step that waits, as the start of a subscription leaves three of."""
    with tenant(world.id):
        event = Event.objects.for_partner(world.id).filter(customer_id=customer).earliest("pk")
        SeriesStep.objects.create(
            partner_id=world.id,
            event=event,
            customer_id=customer,
            subscription_id=subscription,
            series=Series.WELCOME,
            step=0,
            due_at=world.now + timedelta(days=1),
        )


def _choose_mails(customer: UUID, person: Person, world: World) -> None:
    """What a customer said of marketing, an address on the list, a campaign, and the partner's rules."""
    by: Any = {"actor": person.actor, "now": world.now}
    marketing.choose(customer, {marketing.Topic.OFFERS: marketing.Answer.YES}, **by)
    marketing.suppress_address("somebody@comes-back.example", note="by telephone", **by)
    audience = campaigns.Audience((customer,))
    campaigns.create_campaign(
        campaigns.CampaignDraft("News", "", audience, subject="News", body="Hello {{ customer.name }}"), **by
    )
    marketing.set_marketing_rules(marketing.WantedRules(False, 0, 0, True, 100), **by)


def _write_own_text(person: Person, world: World) -> None:
    create_text(
        title="Maintenance",
        language="en",
        subject="We are at work on {{ partner.name }}",
        body="Hello {{ customer.name }}",
        actor=person.actor,
        now=world.now,
    )


def _change_plan(customer: UUID, person: Person, world: World) -> None:
    """To a smaller plan at once: what is unused goes to the balance by a credit note."""
    paid = world.subscription(customer=customer, started_at=world.now - timedelta(days=3), paid_elsewhere=True)
    verb = ChangePlan((Target(customer, paid),), world.plan("Small", price="1.00"), When.IMMEDIATE, Anchor.KEEP)
    door.commit(verb, quote=None, actor=person.actor, now=world.now)


def _pay_and_refund(customer: UUID, person: Person, world: World) -> None:
    sandbox, method = gateway_named("sandbox"), "sandbox_ok"
    facts, amount = sandbox.describe_method(world.id, method), Money(1_000, "EUR")
    with tenant(world.id):
        add_method(customer, gateway=sandbox.name, ref=method, facts=facts, actor=person.actor, now=world.now)
    paid = charge(sandbox, world.id, ChargeRequest("charge", amount, method, str(customer)))
    sandbox.refund(world.id, RefundRequest("refund", paid.gateway_id, amount))


def _collect(customer: UUID, subscription: UUID, person: Person, world: World) -> None:
    """A renewal that is declined, then paid by hand and with more than was owed; then charging is stopped."""
    later, method = world.now + timedelta(days=40), "sandbox_soft_decline"
    facts = gateway_named("sandbox").describe_method(world.id, method)
    with tenant(world.id):
        add_method(customer, gateway="sandbox", ref=method, facts=facts, actor=person.actor, now=world.now)
    world.drain("subscriptions", "charges", now=later)
    record_payment(
        subscription,
        amount=Money.parse("100.00", world.partner.currency),
        source=PaymentSource.BANK,
        received_on=later.date(),
        note="Bank statement of today.",
        actor=person.actor,
        now=later,
    )
    with tenant(world.id):
        stop_charging(reason="The bank moves house.", actor=person.actor, now=later)


def _give_back(customer: UUID, person: Person, world: World) -> None:
    """A part of what a card paid, outside of the policy's hours."""
    paid = _charged(customer, world)
    with tenant(world.id):
        subscription = Payment.objects.for_partner(world.id).get(pk=paid.pk).invoice.subscription_id
    part = Money(1, paid.currency)
    verb = Refund(
        (Target(customer, subscription),), paid.pk, RefundHow.AMOUNT, RefundReason.GOODWILL, "late", part, any_time=True
    )
    door.commit(verb, quote=None, actor=person.actor, now=world.now + timedelta(days=40))


def _charged(customer: UUID, world: World) -> Payment:
    with tenant(world.id):
        return Payment.objects.for_partner(world.id).filter(customer=customer).exclude(gateway_id="").earliest("pk")


def _lose_a_dispute(customer: UUID, world: World) -> None:
    """The renewal that was charged is taken back by the bank."""
    later, paid = world.now + timedelta(days=40), _charged(customer, world)
    news = DisputeNews("disputed", paid.gateway_id, DisputeStatus.LOST, paid.money, later, later)
    record_dispute(world.id, "sandbox", news, now=later)


def _hand_out(subscription: UUID, person: Person, world: World) -> None:
    """A one-time link to the credentials, an address beside them, and leave to mail them in plain text."""
    with tenant(world.id):
        login = login_of(world.id, subscription)
        issue_link(world.id, login.account_id)
        allow_plain_mail(actor=person.actor, now=world.now)
        product = product_addresses(world.id)[0].product_id
        address = f"pbx.{world.partner.slug}.example:5061"
        set_service_address(product, address=address, version=0, actor=person.actor, now=world.now)


def _suspend(customer: UUID, person: Person, world: World) -> None:
    evidence = Evidence("They wrote so.", "letter.txt", "text/plain", b"Dear all")
    verb = Suspend((Target(customer),), HoldKind.ABUSE, "sends spam", evidence)
    door.commit(verb, quote=None, actor=person.actor, now=world.now)


def _sell_an_addon(subscription: UUID, world: World) -> None:
    with tenant(world.id):
        row = Subscription.objects.for_partner(world.id).select_related("plan").get(pk=subscription)
        terms = AddonTerms("Extra line", [Money(500, row.currency)], allowances={"lines": 1}, plan_ids=[row.plan_id])
        addon = create_addon(
            product_id=row.plan.product_id,
            kind=AddonKind.RECURRING,
            interval=row.plan.interval,
            terms=terms,
            actor=world.system,
            now=world.now,
        )
        offer = offers(world.id, row.currency, [addon])[0]
        record_usage(
            subscription,
            allowance="lines",
            amount=1,
            key="first",
            used_at=world.now,
            actor=world.system,
            now=world.now,
        )
        add_addons(world.id, [(subscription, HeldAddon(uuid7(), offer, 1, world.now.date()))], now=world.now)


def _sign_in(customer: UUID, world: World) -> None:
    """Somebody with a log-in to the portal is signed in, and asks to be once more."""
    with tenant(world.id):
        login = add_login(
            customer, email="anna@bakery.example", role=PortalRole.OWNER, actor=world.system, now=world.now
        )
        portal_sessions.begin(world.id, login, agent="Firefox/140.0", remember=True, at=world.now)
        site = Site(ORIGIN, "testserver", world.partner.name)
        person = Keeper(login.bytes, "anna@bakery.example", "Anna")
        asked = passkeys.ask_to_make(world.id, login, site=site, person=person, at=world.now)
        passkeys.keep(world.id, login, Device().make(asked), site=site, agent="Firefox/140.0", at=world.now)
    portal_access.ask(world.id, "anna@bakery.example")


def _limit(customer: UUID, subscription: UUID, person: Person, world: World) -> None:
    verb = SetLimit((Target(customer, subscription),), "lines", 0, "shares its login")
    door.commit(verb, quote=None, actor=person.actor, now=world.now)


def _verify(customer: UUID, person: Person, world: World) -> None:
    verb = RequireVerification((Target(customer),), (VerificationPreset.PHOTO_ID,), blocks=False)
    door.commit(verb, quote=None, actor=person.actor, now=world.now)


def _redeem_a_coupon(subscription: UUID, world: World) -> None:
    with tenant(world.id):
        row = Subscription.objects.for_partner(world.id).get(pk=subscription)
        terms = CouponTerms("WELCOME", Discount(percent=10), plan_ids=[row.plan_id])
        coupon = create_coupon(terms, actor=world.system, now=world.now)
        held = HeldCoupon(uuid7(), coupon, "WELCOME", terms.discount, from_term=3)
        redeem_coupons(world.id, [(row.customer_id, subscription, held)], now=world.now)


def _leave(subscription: UUID, person: Person, world: World) -> None:
    save_reason("", {"en": "We moved"}, is_on=True, actor=person.actor, now=world.now)
    terms = RuleTerms(Moment.LEAVING, "A pause", RuleOffer(OfferKind.PAUSE, pause_months=1))
    rule = create_rule(terms, actor=person.actor, now=world.now)
    with tenant(world.id):
        line = holder_lines(world.id, [subscription])[subscription]
        answer_survey(line, "unused", actor=person.actor, now=world.now)
        columns = ("id", "subscription", "after_months", "months", "given_at")
        insert_rows(
            LoyaltyBonus, partner_id=world.id, columns=columns, rows=[(uuid7(), subscription, 12, 1, world.now)]
        )
        make_offer(rule_line(world.id, rule).rule, line, reason="unused", actor=person.actor, now=world.now)


def _sell_by_link(world: World, person: Person) -> None:
    """A page on which a plan is sold, and somebody who has begun to buy there."""
    link = create_link(NewLink(world.plan(), True, "basic"), actor=person.actor, now=world.now)
    with tenant(world.id):
        key = CheckoutLink.objects.for_partner(world.id).get(pk=link).key
        offer, currency = offer_at(world.id, key, currency=world.partner.currency, now=world.now)
        start(
            world.id,
            uuid7(),
            offer,
            Wanted(currency, country="DE"),
            name="Bo",
            email="bo@bakery.example",
            customer_id=None,
            visitor=Visitor("192.0.2.7", "Firefox/140.0"),
            now=world.now,
        )
