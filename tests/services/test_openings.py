"""Balances, open invoices and cards move in with their customers: noted again and again, opened once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from billing.models import Balance, CollectionCase, Invoice, InvoiceLine, LedgerEntry, Opening, PaymentAttempt
from billing.services.openings import open_brought
from customers.models import Customer
from partnerpanel.imports import mapping_files
from partnerpanel.imports.services import cut_over
from partnerpanel.queues.advance import advance
from partnerpanel.tenancy.models import Partner
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Hold, Subscription
from tests.services.importing import NOW, make_partner, run, write

ANNA = {
    "name": "Anna",
    "email": "anna@people.example",
    "country": "DE",
    "plan": "Basic",
    "price": "9.90",
    "currency": "EUR",
    "interval": "month",
    "started_on": "2025-03-20",
    "status": "active",
    "external_id": "P-1",
    "tags": "",
    "balance": "",
    "open_invoice": "",
    "open_amount": "",
    "open_invoice_on": "",
    "open_due_on": "",
    "stripe_customer": "",
    "payment_method": "",
}
OWES = {"open_invoice": "R-17", "open_amount": "11.78", "open_invoice_on": "2026-03-20", "open_due_on": "2026-03-27"}
BEN = {"name": "Ben", "email": "ben@people.example", "external_id": "P-2"}
ALONE = {"plan": "", "price": "", "started_on": "", "status": ""}


@pytest.fixture
def partner(transactional_db: None) -> Partner:
    return make_partner("northwind")


def people(path: Path, *rows: Mapping[str, str]) -> Path:
    lines = [",".join((ANNA | dict(row)).values()) for row in rows]
    return write(path / "people.csv", ",".join(ANNA), *lines)


def noted(partner: Partner) -> list[tuple[int, str, int]]:
    with tenant(partner.pk):
        rows = Opening.objects.for_partner(partner.pk).order_by("row")
        return list(rows.values_list("balance_amount", "invoice_number", "invoice_amount"))


def invoices(partner: Partner) -> list[tuple[str, int, int, str]]:
    with tenant(partner.pk):
        rows = Invoice.objects.for_partner(partner.pk).order_by("number")
        return list(rows.values_list("kind", "total_amount", "tax_amount", "status"))


def test_a_file_is_imported_again_and_again_and_the_newest_holds(partner: Partner, tmp_path: Path) -> None:
    ran = run(partner, people(tmp_path, OWES, BEN | {"balance": "5.00"}), dry_run=True)
    assert "Open invoices in the file: 11.78 EUR" in ran.said
    assert "Balances in the file: 5.00 EUR" in ran.said
    assert noted(partner) == []
    run(partner, people(tmp_path, OWES, BEN | {"balance": "5.00"}))
    assert noted(partner) == [(0, "R-17", 1178), (500, "", 0)]
    ran = run(partner, people(tmp_path, OWES, BEN | {"balance": "5.00"}))
    assert "Balances, open invoices and cards: 0 created, 0 updated, 2 unchanged" in ran.said
    run(partner, people(tmp_path, OWES | {"open_amount": "6.00"}, BEN))
    assert noted(partner) == [(0, "R-17", 600), (0, "", 0)]
    assert invoices(partner) == []


def test_a_file_without_the_columns_says_nothing_about_them(partner: Partner, tmp_path: Path) -> None:
    run(partner, people(tmp_path, OWES))
    bare = {name: value for name, value in ANNA.items() if name not in OWES and name != "balance"}
    bare = {name: value for name, value in bare.items() if not name.startswith(("stripe", "payment"))}
    run(partner, write(tmp_path / "bare.csv", ",".join(bare), ",".join(bare.values())))
    assert noted(partner) == [(0, "R-17", 1178)]


def test_a_second_open_invoice_of_a_customer_is_refused_with_the_row_to_add_it_to(
    partner: Partner, tmp_path: Path
) -> None:
    ran = run(partner, people(tmp_path, OWES, OWES | {"open_invoice": "R-18"}), rejects=tmp_path / "rejects.csv")
    assert "open_invoice is another open invoice of the same customer" in ran.said
    assert "one open invoice for a customer: add it up with that of row 2" in ran.said
    assert "R-18" in (tmp_path / "rejects.csv").read_text()
    assert noted(partner) == [(0, "R-17", 1178)]
    run(partner, people(tmp_path, OWES | {"open_invoice": '"R-17, R-18"', "open_amount": "23.56"}))
    assert noted(partner) == [(0, "R-17, R-18", 2356)]


def test_the_cut_over_collects_an_open_invoice_once_and_bills_the_running_period_no_second_time(
    partner: Partner, tmp_path: Path
) -> None:
    run(partner, people(tmp_path, OWES))
    ran = run(partner, cut_over=True, dry_run=True)
    assert "1 open invoices will be collected: 11.78 EUR." in ran.said
    assert invoices(partner) == []
    for _ in range(2):
        run(partner, cut_over=True)
        assert invoices(partner) == [("moved_in", 1178, 0, "open")]
    with tenant(partner.pk):
        case = CollectionCase.objects.for_partner(partner.pk).get()
        line = InvoiceLine.objects.for_partner(partner.pk).get()
        assert Subscription.objects.for_partner(partner.pk).get().collection == "retrying"
    assert (case.first_on, case.attempts) == (date(2026, 3, 31), 0)
    assert (line.kind, line.text, line.taxes) == ("moved_in", "R-17", [])
    ran = run(partner, people(tmp_path, OWES | {"open_amount": "99.00"}))
    assert "1 left alone" in ran.said
    assert invoices(partner) == [("moved_in", 1178, 0, "open")]


def test_who_does_not_pay_it_is_suspended_and_owes_it_still(partner: Partner, tmp_path: Path) -> None:
    run(partner, people(tmp_path, OWES))
    run(partner, cut_over=True)
    advance(partner.pk, to=NOW + timedelta(days=8))
    with tenant(partner.pk):
        assert list(Hold.objects.for_partner(partner.pk).values_list("kind", flat=True)) == ["nonpayment"]
    assert invoices(partner) == [("moved_in", 1178, 0, "open")]


def test_one_that_is_not_due_yet_is_not_in_grace_before_it_is(partner: Partner, tmp_path: Path) -> None:
    run(partner, people(tmp_path, OWES | {"open_due_on": "2026-04-10"}))
    run(partner, cut_over=True)
    for day, collection in ((9, "retrying"), (10, "grace"), (18, "delinquent")):
        advance(partner.pk, to=datetime(2026, 4, day, 12, tzinfo=UTC))
        with tenant(partner.pk):
            assert Subscription.objects.for_partner(partner.pk).get().collection == collection, day


def test_a_balance_is_added_once_and_the_next_invoice_takes_it(partner: Partner, tmp_path: Path) -> None:
    run(partner, people(tmp_path, {"balance": "5.00"}, BEN | ALONE | {"balance": "7.00"}))
    for _ in range(2):
        run(partner, cut_over=True)
    with tenant(partner.pk):
        entries = LedgerEntry.objects.for_partner(partner.pk).order_by("amount").values_list("amount", "currency")
        assert list(entries) == [(500, "EUR"), (700, "EUR")]
    advance(partner.pk, to=datetime(2026, 4, 20, 12, tzinfo=UTC))
    with tenant(partner.pk):
        invoice = Invoice.objects.for_partner(partner.pk).get()
        assert (invoice.credit_amount, invoice.due.amount) == (500, 490)
        assert set(Balance.objects.for_partner(partner.pk).values_list("amount", flat=True)) == {0, 700}


def test_a_cut_over_that_breaks_off_opens_the_rest_when_it_is_run_again(
    partner: Partner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = BEN | OWES | {"open_invoice": "R-18", "open_amount": "3.00"}
    third = ALONE | {"email": "c@people.example", "balance": "1.00", "external_id": "P-3"}
    run(partner, people(tmp_path, OWES, second, third))
    monkeypatch.setattr(cut_over, "CHUNK", 1)
    opened = []

    def breaks(*args: object, **how: object) -> None:
        opened.append(args)
        if len(opened) == 2:
            raise ConnectionError
        open_brought(*args, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(cut_over, "open_brought", breaks)
    with pytest.raises(ConnectionError):
        run(partner, cut_over=True)
    assert len(invoices(partner)) == 1
    run(partner, cut_over=True)
    assert sorted(amount for _, amount, *_ in invoices(partner)) == [300, 1178]
    with tenant(partner.pk):
        assert not Opening.objects.for_partner(partner.pk).filter(opened_at=None).exists()
        assert LedgerEntry.objects.for_partner(partner.pk).count() == 1
        assert PaymentAttempt.objects.for_partner(partner.pk).count() == 0


def test_what_is_wrong_names_row_and_column(partner: Partner, tmp_path: Path) -> None:
    bad = [
        {"balance": "-5"},
        {"balance": "5.00", **OWES},
        {"balance": "100000001.00"},
        OWES | {"open_amount": "0"},
        OWES | {"open_amount": "abc"},
        OWES | {"open_amount": ""},
        OWES | {"open_invoice": ""},
        OWES | {"open_invoice_on": "2026-02-30"},
        OWES | {"open_due_on": "2026-03-01"},
        OWES | {"status": "cancelling"},
        OWES | ALONE,
        {"stripe_customer": "cus_1"},
        {"stripe_customer": "pm_1", "payment_method": "pm_1"},
        {"stripe_customer": "cus_1", "payment_method": "4242"},
        ALONE | {"balance": "5.00", "currency": ""},
    ]
    expected = [
        "balance is no amount such as 29.85",
        "balance stands beside an open invoice",
        "balance is too large for a balance",
        "open_amount is nothing to pay",
        "open_amount is no amount such as 29.85",
        "open_amount is blank beside an open invoice",
        "open_invoice is blank beside an open invoice",
        "open_invoice_on is no date such as 2024-01-31",
        "open_due_on lies before the invoice",
        "open_invoice is owed for no active subscription",
        "open_invoice is owed for no active subscription",
        "payment_method is blank beside the other",
        "stripe_customer is no id of a customer at Stripe",
        "payment_method is no id of a payment method at Stripe",
        "currency is blank",
    ]
    rows = [{"external_id": f"X-{n}", "email": f"x{n}@people.example", **row} for n, row in enumerate(bad)]
    ran = run(partner, people(tmp_path, *rows))
    assert ran.code == 1
    for number, what in enumerate(expected, start=2):
        column = what.partition(" ")[0]
        assert what in ran.said
        assert f"row {number}, {column}: found" in ran.said, (number, what)
    with tenant(partner.pk):
        assert not Customer.objects.for_partner(partner.pk).exists()
    assert noted(partner) == []


def test_two_subscriptions_of_one_customer_do_not_both_bring_it(partner: Partner, tmp_path: Path) -> None:
    generic = (mapping_files.SHIPPED / "generic.yaml").read_text()
    mapping = tmp_path / "by_address.yaml"
    mapping.write_text(generic.replace("customer:\n  external_id: {column: external_id}\n", "customer:\n"))
    run(partner, people(tmp_path, OWES), mapping=str(mapping))
    second = {"external_id": "P-2", "open_invoice": "R-18"}
    ran = run(partner, people(tmp_path, OWES | second), mapping=str(mapping))
    assert "email names a customer who brings balance and invoice along with another subscription" in ran.said
    assert noted(partner) == [(0, "R-17", 1178)]
