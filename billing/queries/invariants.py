"""What must be true of money: nobody is asked twice at once, nobody is forgotten, and the books add up."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from billing.charging.models import PaymentAttempt
from billing.charging.states import OPEN
from billing.collection.models import CollectionCase
from billing.documents.models import Invoice
from billing.documents.states import InvoiceStatus
from billing.queries.sql.books import BALANCES, INVOICES, UNBOOKED, UNCHARGED, Odd, odd
from billing.reconciliation.models import Mismatch
from partnerpanel.invariants.registry import Broken, Invariant, Pace
from partnerpanel.kernel.ids import public
from partnerpanel.kernel.money import Money
from subscriptions.queries.invariants import forgotten, held_for_nothing


def _two_attempts(partner_id: UUID, _now: datetime, limit: int) -> list[Broken]:
    rows = PaymentAttempt.objects.for_partner(partner_id).filter(status__in=OPEN).order_by("subscription_id")
    several = rows.values_list("subscription_id", "customer_id").annotate(many=Count("pk")).filter(many__gt=1)
    return [Broken(public("sub", id_), customer_id, str(many)) for id_, customer_id, many in several[:limit]]


def _forgotten(partner_id: UUID, now: datetime, limit: int) -> list[Broken]:
    attempts = PaymentAttempt.objects.for_partner(partner_id).filter(status__in=OPEN)
    cases = CollectionCase.objects.for_partner(partner_id).filter(closed_at=None)
    under_way = attempts.order_by().values("subscription_id").union(cases.order_by().values("subscription_id"))
    return forgotten(partner_id, now, limit, besides=under_way)


def _held_for_nothing(partner_id: UUID, now: datetime, limit: int) -> list[Broken]:
    invoices = Invoice.objects.for_partner(partner_id).filter(status=InvoiceStatus.OPEN, subscription__isnull=False)
    cases = CollectionCase.objects.for_partner(partner_id).filter(closed_at=None)
    owing = invoices.order_by().values("subscription_id").union(cases.order_by().values("subscription_id"))
    return held_for_nothing(partner_id, now, limit, owing=owing)


def _balances(partner_id: UUID, _now: datetime, limit: int) -> list[Broken]:
    return [_broken("cus", one.customer_id, one) for one in odd(BALANCES, partner_id, limit)]


def _invoices(partner_id: UUID, _now: datetime, limit: int) -> list[Broken]:
    return [_broken("inv", one.id, one) for one in odd(INVOICES, partner_id, limit)]


def _journal(partner_id: UUID, _now: datetime, limit: int) -> list[Broken]:
    booked = [_broken("pay", one.id, one) for one in odd(UNCHARGED, partner_id, limit)]
    taken = [_broken("sbx", one.id, one) for one in odd(UNBOOKED, partner_id, limit - len(booked))]
    return [*booked, *taken]


def _broken(prefix: str, id_: UUID | None, one: Odd) -> Broken:
    if id_ is None:
        raise ValueError("a row of the books has an id")
    stands, counted = Money(int(one.stands), one.currency), Money(int(one.counted), one.currency)
    return Broken(public(prefix, id_), one.customer_id, f"{stands} ≠ {counted}")


def _mismatches(partner_id: UUID, _now: datetime, limit: int) -> list[Broken]:
    rows = Mismatch.objects.for_partner(partner_id).filter(closed_at=None).order_by("at", "pk")[:limit]
    return [
        Broken(row.gateway_id or row.key, row.customer_id, f"{row.difference}: {row.money}; {row.why}") for row in rows
    ]


GATEWAYS_AGREE = Invariant(
    name="gateways_agree",
    sentence=_("What the gateways did is what the books say."),
    remedy=_(
        "Look the charge up at the gateway: give it back there, or record it here as a payment. Then have the operator "
        "close it with “manage.py reconcile --close”."
    ),
    find=_mismatches,
)

INVARIANTS = (
    GATEWAYS_AGREE,
    Invariant(
        name="one_open_attempt_per_subscription",
        sentence=_("A subscription is asked for money once at a time."),
        remedy=_("Stop charging, and look up at the gateway which of the charges took money."),
        find=_two_attempts,
    ),
    Invariant(
        name="no_active_subscription_is_forgotten",
        sentence=_("Who is served is in a period that is paid, or something is under way."),
        remedy=_("Nobody would renew it by itself: open the subscription and charge it, extend it or cancel it."),
        find=_forgotten,
    ),
    Invariant(
        name="nobody_is_held_who_owes_nothing",
        sentence=_("Nobody is suspended for nonpayment who owes nothing."),
        remedy=_("Reactivate the customer; what was owed is paid."),
        find=_held_for_nothing,
    ),
    Invariant(
        name="balances_are_their_ledger",
        sentence=_("A balance is the sum of its movements."),
        remedy=_("Do not use this balance before somebody has compared it with the ledger and the documents."),
        find=_balances,
        pace=Pace.NIGHTLY,
    ),
    Invariant(
        name="invoices_are_paid_by_payments",
        sentence=_("What an invoice says was paid is what payments brought."),
        remedy=_("Compare the invoice with its payments and with the bank; correct it by a payment or a credit note."),
        find=_invoices,
        pace=Pace.NIGHTLY,
    ),
    Invariant(
        name="books_are_the_journal",
        sentence=_("Every charge of the gateway is booked once, and nothing else is."),
        remedy=_("Have the operator run “manage.py reconcile”: it books what is missing and says what needs a person."),
        find=_journal,
        pace=Pace.NIGHTLY,
    ),
)
