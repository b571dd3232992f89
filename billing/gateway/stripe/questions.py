"""Our own rows about what is asked, in the open scope: who is who at Stripe, and what stands under which key."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from hashlib import sha256
from json import dumps
from uuid import UUID

from billing.gateway.port import ChargeRequest, RefundRequest
from billing.gateway.stripe.models import StripeCustomer, StripeQuestion
from billing.gateway.stripe.states import Kind
from partnerpanel.kernel.clock import system_now
from partnerpanel.tenancy.bulk import insert_rows

COLUMNS = ("kind", "key", "fingerprint", "about", "asked_at")


def refs_of(partner_id: UUID, account: str, customers: Collection[str]) -> dict[str, str]:
    """Stripe's ids of those customers that it knows."""
    rows = StripeCustomer.objects.for_partner(partner_id).filter(account=account, customer__in=customers)
    return dict(rows.values_list("customer", "ref"))


def remember_refs(partner_id: UUID, account: str, refs: Mapping[str, str]) -> None:
    """Who came first stays."""
    rows = [(account, customer, ref) for customer, ref in sorted(refs.items())]
    columns = ("account", "customer", "ref")
    insert_rows(StripeCustomer, partner_id=partner_id, columns=columns, rows=rows, ignore_conflicts=True)


def put(partner_id: UUID, kind: Kind, asked: Sequence[tuple[str, str, str]]) -> dict[str, str]:
    """Writes questions as (key, fingerprint, about); the fingerprint that stands under each key, by key."""
    now = system_now()
    rows = [(kind, *one, now) for one in sorted(set(asked))]
    insert_rows(StripeQuestion, partner_id=partner_id, columns=COLUMNS, rows=rows, ignore_conflicts=True)
    found = StripeQuestion.objects.for_partner(partner_id).filter(kind=kind, key__in={key for key, *_ in asked})
    return dict(found.values_list("key", "fingerprint"))


def read(partner_id: UUID, kind: Kind, keys: Collection[str]) -> list[StripeQuestion]:
    """Those that were asked, oldest first."""
    rows = StripeQuestion.objects.for_partner(partner_id).filter(kind=kind, key__in=keys)
    return list(rows.order_by("asked_at", "pk"))


def charge_fingerprint(account: str, request: ChargeRequest) -> str:
    """Of the question and of who is asked: put to another account it would be another charge."""
    asked = [request.amount.amount, request.amount.currency, request.method, request.customer, request.off_session]
    return _hash([account, *asked, sorted(request.metadata.items())])


def refund_fingerprint(account: str, request: RefundRequest) -> str:
    asked = [request.amount.amount, request.amount.currency, request.charge]
    return _hash([account, *asked, sorted(request.metadata.items())])


def _hash(asked: Sequence[object]) -> str:
    return sha256(dumps(asked).encode()).hexdigest()
