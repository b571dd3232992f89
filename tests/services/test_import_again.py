"""Imports that are repeated, killed, and cut over."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from partnerpanel.imports.services import chunks, cut_over
from partnerpanel.imports.services import run as import_run
from partnerpanel.tenancy.models import Partner
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Subscription, Term
from tests.services.importing import DATA, contents, kinds, make_partner, rows_of, run, set_clock, write

PEOPLE, LINES = DATA / "people.csv", DATA / "lines.csv"
HEADER = "name,email,country,plan,price,currency,interval,started_on,status,external_id,tags"
ANNA = "Anna,anna@people.example,DE,Basic,9.90,EUR,month,2025-03-31,active,P-1,vip"


@pytest.fixture
def partner(transactional_db: None) -> Partner:
    return make_partner("northwind")


def anna(path: Path, **changes: str) -> Path:
    cells = dict(zip(HEADER.split(","), ANNA.split(","), strict=True)) | changes
    return write(path / "anna.csv", HEADER, ",".join(cells.values()))


def test_a_second_run_changes_nothing_and_writes_no_event(partner: Partner) -> None:
    run(partner, PEOPLE)
    before, rows = contents(partner), rows_of(partner)
    ran = run(partner, PEOPLE)
    assert "Customers: 0 created, 0 updated, 5 unchanged" in ran.said
    assert "Subscriptions: 0 created, 0 updated, 4 unchanged" in ran.said
    assert (contents(partner), rows_of(partner)) == (before, rows)


def test_dates_counted_back_from_now_stay_those_of_the_first_run(partner: Partner) -> None:
    run(partner, LINES, mapping="telco")
    before = contents(partner)
    set_clock(partner, datetime(2026, 5, 20, 12, tzinfo=UTC))
    run(partner, LINES, mapping="telco")
    assert contents(partner) == before


def test_a_changed_name_updates_and_a_new_tag_is_added(partner: Partner, tmp_path: Path) -> None:
    run(partner, anna(tmp_path))
    ran = run(partner, anna(tmp_path, name="Anna Ahrens", tags="early"))
    assert "Customers: 0 created, 1 updated, 0 unchanged" in ran.said
    [row] = contents(partner)
    assert (row[1], row[-2]) == ("Anna Ahrens", ["early", "vip"])
    assert kinds(partner)["customer.updated"] == kinds(partner)["customer.tagged"] == 1


def test_a_customer_is_found_by_address_and_takes_the_number(partner: Partner, tmp_path: Path) -> None:
    customer_only = {"plan": "", "price": "", "external_id": ""}
    run(partner, anna(tmp_path, **customer_only))
    run(partner, anna(tmp_path, email="ANNA@people.example"))
    [row] = contents(partner)
    assert row[0] == "P-1"


def test_blank_cells_keep_what_the_customer_has(partner: Partner, tmp_path: Path) -> None:
    run(partner, anna(tmp_path, country="NL"))
    run(partner, anna(tmp_path, country=""))
    assert contents(partner)[0][3] == "NL"


def test_a_waiting_subscription_takes_a_new_price_with_an_event(partner: Partner, tmp_path: Path) -> None:
    run(partner, anna(tmp_path))
    ran = run(partner, anna(tmp_path, price="11.50"))
    assert "Subscriptions: 0 created, 1 updated, 0 unchanged" in ran.said
    assert contents(partner)[0][-1][2] == 1150
    assert kinds(partner)["subscription.updated"] == 1


def test_a_waiting_subscription_can_end_and_does_not_wake_again(partner: Partner, tmp_path: Path) -> None:
    header = f"{HEADER},ended_on"
    run(partner, anna(tmp_path))
    ended = ANNA.replace("active", "ended") + ",2026-01-31"
    run(partner, write(tmp_path / "b.csv", header, ended))
    row = contents(partner)[0]
    assert (row[6], row[-1][4], row[-1][-1]) == (False, "ended", "blocked")
    ran = run(partner, anna(tmp_path))
    assert "status wakes a subscription that has ended here" in ran.said


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"started_on": "2025-03-30"}, "started_on differs from the start taken over before"),
        ({"interval": "year", "plan": "Yearly"}, "interval differs from the interval taken over before"),
    ],
)
def test_start_and_interval_stay(partner: Partner, tmp_path: Path, changes: dict[str, str], sentence: str) -> None:
    run(partner, anna(tmp_path))
    before = contents(partner)
    ran = run(partner, anna(tmp_path, **changes))
    assert (ran.code, sentence in ran.said) == (1, True)
    assert (contents(partner), rows_of(partner)["Plan"]) == (before, 1)


def test_an_own_number_of_somebody_elses_subscription_is_an_error(partner: Partner, tmp_path: Path) -> None:
    mapping = write(
        tmp_path / "own.yaml",
        "customer: {name: {column: name}, email: {column: email}}",
        "subscription: {external_id: {column: external_id}, product: {constant: P}, plan: {column: plan},",
        "  price: {column: price}, currency: {column: currency}, interval: {column: interval},",
        "  started_on: {column: started_on}}",
    )
    run(partner, anna(tmp_path), mapping=str(mapping))
    ran = run(partner, anna(tmp_path, email="bea@people.example"), mapping=str(mapping))
    assert "external_id belongs to another customer's subscription" in ran.said
    assert len(contents(partner)) == 1


def test_a_killed_import_is_finished_by_the_next(
    partner: Partner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    whole = make_partner("whole")
    run(whole, PEOPLE)
    monkeypatch.setattr(import_run, "CHUNK", 2)
    calls: list[int] = []
    apply = chunks.apply

    def killed(*args: object, **kwargs: object) -> None:
        apply(*args, **kwargs)  # type: ignore[arg-type]
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(import_run, "apply", killed)
    rejects = tmp_path / "rejects.csv"
    with pytest.raises(KeyboardInterrupt):
        run(partner, PEOPLE, rejects=rejects)
    assert [row[0] for row in contents(partner)] == ["P-1", "P-2"]
    assert list(tmp_path.iterdir()) == []
    run(partner, PEOPLE, rejects=rejects)
    assert contents(partner) == contents(whole)
    assert rows_of(partner) == rows_of(whole)


def test_another_partner_sees_nothing(partner: Partner) -> None:
    other = make_partner("fabrikam")
    run(partner, PEOPLE)
    assert sum(rows_of(other).values()) == 0
    run(other, PEOPLE)
    assert contents(other) == contents(partner)


def test_nobody_is_billed_before_the_cut_over_which_flips_once(
    partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cut_over, "CHUNK", 3)
    run(partner, PEOPLE)
    served = [row for row in contents(partner) if row[-1]]
    assert all(row[7] and row[-1][6] for row in served)  # paused, waiting
    assert rows_of(partner)["ServiceAccount"] == 0
    before = rows_of(partner)
    ran = run(partner, cut_over=True, dry_run=True)
    assert "4 subscriptions wait; 4 of them will be billed, 39.90 EUR a month." in ran.said
    assert rows_of(partner) == before
    assert "4 subscriptions cut over." in run(partner, cut_over=True).said
    assert not any(row[7] or row[-1][6] for row in contents(partner) if row[-1])
    assert "0 subscriptions cut over." in run(partner, cut_over=True).said
    assert kinds(partner)["subscription.cut_over"] == 4


def test_periods_that_passed_while_waiting_become_terms_and_are_not_billed_again(
    partner: Partner, tmp_path: Path
) -> None:
    run(partner, anna(tmp_path))  # anchored on 31 March 2025, taken over a year later
    set_clock(partner, datetime(2026, 6, 15, 12, tzinfo=UTC))
    run(partner, cut_over=True)
    with tenant(partner.pk):
        terms = list(Term.objects.order_by("number").values_list("number", "starts_on", "ends_on"))
    assert terms == [
        (13, date(2026, 3, 31), date(2026, 4, 30)),
        (14, date(2026, 4, 30), date(2026, 5, 31)),
        (15, date(2026, 5, 31), date(2026, 6, 30)),
    ]


def test_what_was_cut_over_is_left_alone(partner: Partner, tmp_path: Path) -> None:
    run(partner, anna(tmp_path))
    run(partner, cut_over=True)
    ran = run(partner, anna(tmp_path, name="Anna A.", price="99.00", plan="Gold"))
    assert "1 left alone (cut over already)" in ran.said
    [row] = contents(partner)
    assert (row[1], row[-1][1], row[-1][2]) == ("Anna A.", "Basic", 990)
    assert rows_of(partner)["Plan"] == 1
    with tenant(partner.pk):
        assert Subscription.objects.get().version == 2


def test_a_cut_over_takes_no_file(partner: Partner) -> None:
    assert run(partner, PEOPLE, cut_over=True).code == 2
    assert run(partner).code == 2
