"""What must hold after any fault: nobody charged twice, no renewal lost, the books equal to the gateway's journal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from uuid import UUID

from django.db.models import F, Q

from billing.charging.states import OPEN, AttemptStatus
from billing.documents.states import InvoiceStatus
from billing.models import CollectionCase, Invoice, Payment, PaymentAttempt
from notifications.models import Message
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Subscription, Term
from subscriptions.rules.states import Lifecycle
from tests.faults.gateways import Taken, Tried
from tests.scenarios.promises import money_is_right
from tests.world import World


@dataclass(frozen=True)
class Findings:
    """What is wrong; every list is empty if all is well."""

    double_charged: Sequence[object] = ()
    lost: Sequence[object] = ()
    unbooked: Sequence[object] = ()
    in_doubt: Sequence[object] = ()
    told_twice: Sequence[object] = ()
    broken: Sequence[object] = ()

    def __bool__(self) -> bool:
        return any(getattr(self, one.name) for one in fields(self))


def examine(world: World, gateway: Tried, *, term_number: int = 2) -> Findings:
    """Every subscription should have come to this term, or stand where somebody can see why it has not."""
    taken = gateway.taken(world.id)
    with tenant(world.id):
        return Findings(
            double_charged=_double_charged(world.id, taken),
            lost=_lost(world.id, term_number),
            unbooked=_unbooked(world.id, taken),
            in_doubt=list(in_doubt(world.id)),
            told_twice=_told_twice(world.id),
            broken=_broken(world.id),
        )


def in_doubt(partner_id: UUID) -> Collection[UUID]:
    """Attempts that neither have an outcome nor wait for a customer or a person; in the open scope."""
    waiting = PaymentAttempt.objects.for_partner(partner_id).filter(status__in=OPEN, parked_at=None)
    return waiting.exclude(status=AttemptStatus.ACTION_REQUIRED).values_list("pk", flat=True)


def renewed(world: World, *, term_number: int = 2) -> int:
    """How many subscriptions have this term."""
    with tenant(world.id):
        return Term.objects.for_partner(world.id).filter(number=term_number).count()


def _double_charged(partner_id: UUID, taken: Sequence[Taken]) -> list[object]:
    rows = Invoice.objects.for_partner(partner_id).values_list("pk", "subscription_id", "term_number")
    terms = {id_: (subscription, number) for id_, subscription, number in rows}
    per_term = Counter(terms[charge.invoice] for charge in taken)
    return [term for term, times in per_term.items() if times > 1]


def _lost(partner_id: UUID, term_number: int) -> list[object]:
    """Neither renewed nor in a state that has a name: unpaid and collected, waiting for a customer or a person, held,
    ended."""
    newest = dict(Term.objects.for_partner(partner_id).order_by("number").values_list("subscription_id", "number"))
    cases = CollectionCase.objects.for_partner(partner_id).filter(closed_at=None)
    attempts = PaymentAttempt.objects.for_partner(partner_id).filter(status__in=OPEN)
    explained = {
        *cases.values_list("subscription_id", flat=True),
        *attempts.filter(Q(parked_at__isnull=False) | Q(status=AttemptStatus.ACTION_REQUIRED)).values_list(
            "subscription_id", flat=True
        ),
    }
    rows = Subscription.objects.for_partner(partner_id).filter(parked_at=None, renewal_waits=False)
    served = rows.exclude(lifecycle=Lifecycle.ENDED).values_list("pk", flat=True)
    return [id_ for id_ in served if newest.get(id_, 0) < term_number and id_ not in explained]


def _unbooked(partner_id: UUID, taken: Sequence[Taken]) -> list[object]:
    """Charges that are neither in the books nor before a person, payments of which the gateway knows nothing, invoices
    paid by half."""
    parked = PaymentAttempt.objects.for_partner(partner_id).filter(status__in=OPEN, parked_at__isnull=False)
    shown = set(map(str, parked.values_list("pk", flat=True)))
    journal = Counter((charge.key, charge.amount) for charge in taken if charge.key not in shown)
    payments = Payment.objects.for_partner(partner_id).filter(attempt_id__isnull=False)
    books = Counter((str(attempt), amount) for attempt, amount in payments.values_list("attempt_id", "amount"))
    paid = Invoice.objects.for_partner(partner_id).filter(status=InvoiceStatus.PAID)
    half = paid.exclude(total_amount=F("credit_amount") + F("paid_amount"))
    return [*(journal - books), *(books - journal), *half.values_list("pk", flat=True)]


def _told_twice(partner_id: UUID) -> list[object]:
    rows = Message.objects.for_partner(partner_id).values_list("customer_id", "kind", "queued_at__date")
    return [what for what, times in Counter(rows).items() if times > 1]


def _broken(partner_id: UUID) -> list[object]:
    """Terms without a gap, numbers in a row, documents that are their lines, balances that are their ledger, recurring
    revenue that is its movements."""
    try:
        money_is_right(partner_id)
    except AssertionError as error:
        return [str(error)]
    return []
