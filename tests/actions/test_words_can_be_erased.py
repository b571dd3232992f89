"""What people write about a person can be erased: it lies beside events, or in rows that may be changed or deleted.

Only the books keep what they say: payments, refunds and the ledger are kept for the tax office.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model

from billing.ledger.states import CreditReason
from billing.rules.changes.banning import OpenInvoices
from billing.rules.changes.cancelling import CancelReason, CancelWhen
from billing.rules.changes.pausing import PauseWhen
from billing.rules.refunds.refunding import RefundHow
from partnerpanel.actions import credit
from partnerpanel.actions.ban import Ban, LiftBan
from partnerpanel.actions.billing_dates import SkipRenewal
from partnerpanel.actions.cancel import Cancel, Keep
from partnerpanel.actions.credit import Credit
from partnerpanel.actions.extend import Extend
from partnerpanel.actions.invoice_verbs import CreditInvoice
from partnerpanel.actions.pause import Pause, Resume
from partnerpanel.actions.reactivate import Reactivate
from partnerpanel.actions.refund import Refund, RefundReason
from partnerpanel.actions.set_limit import SetLimit
from partnerpanel.actions.suspend import Suspend
from partnerpanel.actions.verb import Target
from partnerpanel.actions.verification import RequireVerification, Verified
from partnerpanel.events.models import Event, EventDetail
from partnerpanel.kernel.ids import uuid7
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.rows import TenantModel
from partnerpanel.tenancy.scope import tenant
from subscriptions.rules.states import HoldKind
from subscriptions.services.access import Evidence
from tests.actions.selling import Shop
from tests.actions.test_refund import payment_of, renewed
from tests.people import Person
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = "Ada Lovelace of Uferstraße 7 told us on the telephone"
BOOKS = {"Refund.note", "Payment.note", "LedgerEntry.note"}


def everything_is_done_and_explained(shop: Shop) -> None:
    """Every verb that takes words, with words about a person."""
    shop.sells("Calls", "100.00", allowances={"calls": 100})
    buyer = renewed(shop, plan="Calls")
    whole = (Target(buyer.customer),)
    buyer.does(Suspend(buyer.target, HoldKind.MANUAL, WORDS, Evidence(WORDS, "", "", b"")))
    buyer.does(Reactivate(buyer.target, frozenset({HoldKind.MANUAL}), WORDS))
    buyer.does(SetLimit(buyer.target, "calls", 5, WORDS))
    buyer.does(SetLimit(buyer.target, "calls", None, WORDS))
    buyer.does(SetLimit(buyer.target, "calls", 7, WORDS))
    buyer.does(RequireVerification(whole, (), WORDS))
    buyer.does(Verified(whole, WORDS))
    buyer.does(Extend(buyer.target, WORDS, days=3))
    buyer.does(SkipRenewal(buyer.target, WORDS))
    buyer.does(Cancel(buyer.target, CancelWhen.PERIOD_END, CancelReason.UNUSED, WORDS))
    buyer.does(Keep(buyer.target))
    buyer.does(CreditInvoice(buyer.target, payment_of(buyer).invoice_id, WORDS, Money(500, "EUR")))
    amount = Money(700, "EUR")
    buyer.does(Refund(buyer.target, payment_of(buyer).pk, RefundHow.AMOUNT, RefundReason.GOODWILL, WORDS, amount))
    actor, now = shop.person.actor, shop.now
    given = credit.add_credit(
        buyer.customer, Credit(amount, CreditReason.GOODWILL, WORDS), key=uuid7(), actor=actor, now=now
    )
    credit.take_back_credit(given, note=WORDS, actor=actor, now=now)
    buyer.does(Pause(buyer.target, PauseWhen.NOW, note=WORDS))
    buyer.does(Resume(buyer.target))
    buyer.does(Ban(whole, OpenInvoices.KEEP, WORDS, Evidence(WORDS, "", "", b"")))
    buyer.does(LiftBan(whole, WORDS))


def columns_with_the_words(world: World) -> dict[str, type[Model]]:
    """Of every table of the partner: which columns hold them, as `Hold.reason`."""
    found: dict[str, type[Model]] = {}
    with tenant(world.id):
        for model in apps.get_models():
            if not issubclass(model, TenantModel) or not model._meta.managed:
                continue
            names = [field.attname for field in model._meta.concrete_fields]
            for row in model.objects.for_partner(world.id).values(*names):
                found |= {f"{model.__name__}.{name}": model for name, value in row.items() if WORDS in str(value)}
    return found


def may_be_erased(model: Any, column: str) -> bool:
    return bool(model.deletable or model.updatable is None or column in model.updatable)


def test_no_words_about_a_person_lie_where_they_cannot_be_erased(world: World, owner: Person) -> None:
    everything_is_done_and_explained(Shop(world, owner))
    found = columns_with_the_words(world)
    assert {"EventDetail.values", "Hold.reason", "AllowanceLimit.reason", "Verification.asks"} <= set(found)
    kept = {name for name, model in found.items() if not may_be_erased(model, name.split(".")[1])}
    assert kept <= BOOKS, f"for ever: {kept - BOOKS}"


def test_events_hold_none_of_them_and_their_side_rows_can_be_deleted(world: World, owner: Person) -> None:
    everything_is_done_and_explained(Shop(world, owner))
    with tenant(world.id):
        events = Event.objects.for_partner(world.id)
        assert not [event.kind for event in events if WORDS in str(event.data)]
        told = {event.kind for event in events.filter(pk__in=EventDetail.objects.values("event_id"))}
        assert {"subscription.limit_set", "subscription.limit_lifted", "customer.verified"} <= told
        count = events.count()
        EventDetail.objects.for_partner(world.id).delete()
        assert events.count() == count
