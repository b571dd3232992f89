"""A telephone company moves in, is cut over, and renews one month here: each customer once, to the cent."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db.models import Count, Sum

from billing.gateway.models import SandboxCharge
from billing.gateway.sandbox.methods import OK, facts_of
from billing.methods.services import NewMethod, add_methods
from billing.models import Invoice, Payment
from customers.models import Customer
from partnerpanel.queues.advance import advance
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.models import Partner
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Subscription
from subscriptions.queries.movements import recurring_by_movements
from subscriptions.queries.overview import monthly_recurring
from tests.services.importing import DATA, NOW, make_partner, run

# Everybody's month, counted from 31 March, ends on 30 April in New York.
ONE_MONTH_ON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Renewed:
    """What one month brought, in minor units of dollars."""

    billed: int
    paid: int
    seconds: float


@pytest.fixture
def partner(transactional_db: None) -> Partner:
    return make_partner("bluemesa")


def move_in_and_renew(partner: Partner, file: Path) -> Renewed:
    """Imports, cuts over, gives everybody a card that works, and moves the clock by a month."""
    run(partner, file, mapping="telco")
    run(partner, cut_over=True)
    actor, facts = Actor.system(partner.pk), facts_of(OK)
    with tenant(partner.pk):
        customers = Customer.objects.values_list("pk", flat=True)
        add_methods([NewMethod(one, "sandbox", OK, facts) for one in customers], actor=actor, now=NOW)
    began = time.monotonic()
    advance(partner.pk, to=ONE_MONTH_ON)
    seconds = time.monotonic() - began
    with tenant(partner.pk):
        billed = Invoice.objects.aggregate(sum=Sum("total_amount"))["sum"]
        return Renewed(billed, Payment.objects.aggregate(sum=Sum("amount"))["sum"], seconds)


def check_each_once(partner: Partner) -> None:
    """One paid invoice per active subscription, one charge per invoice, none for those who had left."""
    with tenant(partner.pk):
        active = set(Subscription.objects.filter(lifecycle="active").values_list("pk", flat=True))
        assert list(Invoice.objects.exclude(status="paid")) == []
        billed = list(Invoice.objects.values_list("subscription_id", flat=True))
        assert len(billed) == len(set(billed))
        assert set(billed) == active
        charged = SandboxCharge.objects.order_by().values("metadata__invoice").annotate(charges=Count("pk"))
        assert set(charged.values_list("charges", flat=True)) == {1}
        assert len(charged) == len(billed) == Payment.objects.count()
        assert recurring_by_movements(partner.pk) == monthly_recurring(partner.pk)


def test_the_sample_bills_what_its_active_customers_pay(partner: Partner) -> None:
    renewed = move_in_and_renew(partner, DATA / "lines.csv")
    assert renewed.billed == renewed.paid == 14_500
    check_each_once(partner)


@pytest.mark.slow
def test_the_real_company_is_billed_316985_75_usd_and_each_customer_once(partner: Partner) -> None:
    folder = os.environ.get("REAL_DATA")
    if not folder:
        pytest.skip("The environment variable REAL_DATA names no folder, so the real file is not imported.")
    renewed = move_in_and_renew(partner, Path(folder) / "telco_customer_churn.csv")
    assert renewed.billed == renewed.paid == 31_698_575
    check_each_once(partner)
    print(f"5,174 renewals in {renewed.seconds:.1f} s")  # noqa: T201 - read with pytest -rP
