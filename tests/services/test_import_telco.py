"""The shipped mapping of a telephone company: on a sample of our own, and on the real file where it is there."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from django.db.models import Sum

from customers.models import Customer
from partnerpanel.tenancy.models import Partner
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Subscription
from tests.services.importing import DATA, contents, kinds, make_partner, rows_of, run


@pytest.fixture
def partner(transactional_db: None) -> Partner:
    return make_partner("northwind")


def test_the_sample_makes_names_addresses_dates_and_plans(partner: Partner) -> None:
    ran = run(partner, DATA / "lines.csv", mapping="telco")
    assert ran.code == 1
    assert "8 rows read, 4 rejected" in ran.said
    rows = contents(partner)
    first, left = rows[0], rows[3]
    assert first[:5] == ("0001-AAAAA", "Customer 0001-AAAAA", "0001-aaaaa@telco.example", "US", "America/New_York")
    assert first[-2] == ["Electronic check", "Paperless billing"]
    assert first[-1][:5] == ("Telephone & DSL", "Month-to-month", 4510, "USD", "active")
    assert str(first[-1][5]) == "2026-02-28"  # one month before 31 March
    assert (left[-1][0], left[-1][4], left[-1][-1]) == ("DSL", "ended", "blocked")
    assert "Active subscriptions in the file: 3, 145.00 USD a month" in ran.said


def test_the_sample_names_what_to_repair(partner: Partner) -> None:
    said = run(partner, DATA / "lines.csv", mapping="telco", dry_run=True).said
    assert "row 6, Monthly_Charges: found nothing, expected a value for price" in said
    assert "row 7, tenure: found “a year”, expected a whole number from 0 to 1,200" in said
    assert "row 8, Internet_Service: found “Satellite”, expected one of “No”, “DSL”, “Fiber optic”" in said
    assert "row 9, customer_ID: found “0001-AAAAA”, expected a value of its own; row 2 has this one" in said
    assert "1 row: Internet_Service has a value that the mapping does not know" in said


@pytest.mark.slow
def test_the_real_file_brings_7043_customers_and_316985_75_usd_a_month(partner: Partner) -> None:
    folder = os.environ.get("REAL_DATA")
    if not folder:
        pytest.skip("The environment variable REAL_DATA names no folder, so the real file is not imported.")
    file = Path(folder) / "telco_customer_churn.csv"
    dry = run(partner, file, mapping="telco", dry_run=True)
    assert sum(rows_of(partner).values()) == 0
    began = time.monotonic()
    ran = run(partner, file, mapping="telco")
    seconds = time.monotonic() - began
    assert (dry.code, ran.code) == (0, 0), ran.said
    assert dry.said.splitlines()[1] == ran.said.splitlines()[0] == "7,043 rows read, 0 rejected"
    assert "Active subscriptions in the file: 5,174, 316,985.75 USD a month" in ran.said
    assert seconds < 60
    with tenant(partner.pk):
        active = Subscription.objects.filter(lifecycle="active", plan__interval_unit="month", currency="USD")
        assert Customer.objects.count() == 7_043
        assert Customer.objects.filter(is_active=True, is_paused=True).count() == active.count() == 5_174
        assert active.aggregate(sum=Sum("price_amount"))["sum"] == 31_698_575
    before = rows_of(partner)
    assert "0 created, 0 updated, 7,043 unchanged" in run(partner, file, mapping="telco").said
    assert rows_of(partner) == before
    cut = run(partner, cut_over=True).said
    assert "7,043 subscriptions wait; 5,174 of them will be billed, 316,985.75 USD a month." in cut
    assert kinds(partner)["subscription.cut_over"] == 7_043
