"""What there is at all of subscriptions that are loaded, asked in one statement: most have nothing of most."""

from __future__ import annotations

from collections.abc import Collection as Many
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from django.db.models import Exists, QuerySet

from billing.charging.states import OPEN
from billing.collection.switch import Standstill, standing, standing_columns
from billing.documents.states import InvoiceKind, InvoiceStatus
from billing.models import Balance, CollectionCase, Invoice, PaymentAttempt
from billing.tax.queries import registrations
from partnerpanel.policy.queries import any_version
from partnerpanel.tenancy.models import Partner
from partnerpanel.tenancy.reads import Read
from subscriptions.queries.addons import addons_held
from subscriptions.queries.changes import changes_open
from subscriptions.queries.coupons import coupons_held


@dataclass(frozen=True, slots=True)
class Present:
    """Whether any of them has such a row, or for `policies` and `registered` their partner. `charges` are open ones."""

    still: Standstill
    policies: bool
    registered: bool
    balances: bool
    renewals: bool
    charges: bool
    cases: bool
    changes: bool
    addons: bool
    coupons: bool


def present(partner_id: UUID, subscription_ids: Many[UUID], customer_ids: Many[UUID]) -> Present:
    """Of these subscriptions and their customers; in the open scope."""
    [found] = PRESENT(partner_id, subscription_ids, customer_ids)
    there = len(fields(Present)) - 1
    return Present(standing(found[:-there]), *found[-there:])


def open_renewals(partner_id: UUID, subscription_ids: Many[UUID]) -> QuerySet[Invoice]:
    """Renewal invoices that wait for their money."""
    return Invoice.objects.for_partner(partner_id).filter(
        subscription__among=subscription_ids, kind=InvoiceKind.RENEWAL, status=InvoiceStatus.OPEN
    )


def open_attempts(partner_id: UUID, subscription_ids: Many[UUID]) -> QuerySet[PaymentAttempt]:
    """Charges of which it is not known yet how they ended."""
    return PaymentAttempt.objects.for_partner(partner_id).filter(subscription__among=subscription_ids, status__in=OPEN)


def open_cases(partner_id: UUID, subscription_ids: Many[UUID]) -> QuerySet[CollectionCase]:
    """Of renewals that could not be charged."""
    return CollectionCase.objects.for_partner(partner_id).filter(subscription__among=subscription_ids, closed_at=None)


def balances_left(partner_id: UUID, customer_ids: Many[UUID]) -> QuerySet[Balance]:
    """With something on them."""
    return Balance.objects.for_partner(partner_id).filter(customer__among=customer_ids, amount__gt=0)


def _present(partner_id: UUID, subscription_ids: Many[UUID], customer_ids: Many[UUID]) -> QuerySet[Partner, Any]:
    rows = (
        any_version(partner_id),
        registrations(partner_id),
        balances_left(partner_id, customer_ids),
        open_renewals(partner_id, subscription_ids),
        open_attempts(partner_id, subscription_ids),
        open_cases(partner_id, subscription_ids),
        changes_open(partner_id, subscription_ids),
        addons_held(partner_id, subscription_ids),
        coupons_held(partner_id, subscription_ids),
    )
    return Partner.objects.filter(pk=partner_id).values_list(
        *standing_columns(partner_id), *(Exists(one) for one in rows)
    )


PRESENT = Read(_present)
