"""What must hold after any fault: nobody charged twice, no renewal lost, the books equal to the gateway's journal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F

from billing.models import Invoice, Payment, PaymentAttempt, SandboxCharge
from notifications.models import Message
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Subscription, Term
from tests.world import World


@dataclass(frozen=True)
class Findings:
    """Empty lists, if all is well."""

    double_charged: Sequence[object]
    lost: Sequence[object]
    unbooked: Sequence[object]
    in_doubt: Sequence[object]
    told_twice: Sequence[object]

    def __bool__(self) -> bool:
        return any((self.double_charged, self.lost, self.unbooked, self.in_doubt, self.told_twice))


def examine(world: World, *, term_number: int) -> Findings:
    """Every subscription of the world should have come to this term, paid once."""
    with tenant(world.id):
        taken = SandboxCharge.objects.filter(status="succeeded")
        per_term: Counter[tuple[str, object]] = Counter()
        invoices = {str(row.pk): row for row in Invoice.objects.all()}
        for charge in taken:
            invoice = invoices[charge.metadata["invoice"]]
            per_term[str(invoice.subscription_id), invoice.term_number] += 1
        newest = dict(Term.objects.order_by("number").values_list("subscription_id", "number"))
        lost = [id_ for id_ in Subscription.objects.values_list("pk", flat=True) if newest.get(id_, 0) != term_number]
        journal = Counter(taken.values_list("key", "amount"))
        books = Counter((str(p.attempt_id), p.amount) for p in Payment.objects.filter(attempt_id__isnull=False))
        half = Invoice.objects.filter(status="paid").exclude(total_amount=F("credit_amount") + F("paid_amount"))
        doubt = PaymentAttempt.objects.exclude(status__in=["succeeded", "declined"])
        mails = Counter(Message.objects.values_list("customer_id", "kind", "queued_at__date"))
        return Findings(
            double_charged=[term for term, times in per_term.items() if times > 1],
            lost=lost,
            unbooked=[*(journal - books), *(books - journal), *half],
            in_doubt=list(doubt.values_list("pk", flat=True)),
            told_twice=[what for what, times in mails.items() if times > 1],
        )
