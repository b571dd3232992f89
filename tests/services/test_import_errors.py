"""What an import says of rows, files and mappings that it cannot take."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from partnerpanel.tenancy.models import Partner
from tests.services.importing import DATA, contents, make_partner, rows_of, run, write

PEOPLE = DATA / "people.csv"
HEADER = "name,email,country,plan,price,currency,interval,started_on,status,external_id,tags"
GOOD = "Anna,anna@people.example,DE,Basic,9.90,EUR,month,2025-03-31,active,P-1,"


@pytest.fixture
def partner(transactional_db: None) -> Partner:
    return make_partner("northwind")


def test_errors_are_grouped_with_row_column_found_and_expected(partner: Partner) -> None:
    ran = run(partner, PEOPLE, dry_run=True)
    assert ran.code == 1
    assert "12 rows read, 7 rejected" in ran.said
    assert "3 rows: price is no amount such as 29.85" in ran.said
    assert "row 5, price: found “abc”, expected an amount of zero or more such as 29.85" in ran.said
    assert "row 6, email: found “emil at people”, expected an address such as anna@example.com" in ran.said
    assert "row 8, interval: found “fortnight”, expected day, week, month or year" in ran.said
    assert "row 9, email: found “anna@people.example”, expected a value of its own; row 2 has this one" in ran.said
    assert "row 10, external_id: found “P-1”, expected a value of its own; row 2 has this one" in ran.said


def test_a_dry_run_writes_nothing_and_reports_as_the_real_one(partner: Partner, tmp_path: Path) -> None:
    before = rows_of(partner)
    dry = run(partner, PEOPLE, dry_run=True)
    assert rows_of(partner) == before
    real = run(partner, PEOPLE, rejects=tmp_path / "rejects.csv")
    assert "Customers: 5 to create, 0 to update, 0 unchanged" in dry.said
    assert "Customers: 5 created, 0 updated, 0 unchanged" in real.said
    assert "Plans to be made: 2" in dry.said
    assert "Plans made: 2" in real.said
    total = "Active subscriptions in the file: 4, 39.90 EUR a month"  # 9.90 + 12.00 + 120.00 ÷ 12 + 8.00
    assert total in dry.said
    assert total in real.said


def test_nothing_of_a_bad_row_is_kept(partner: Partner) -> None:
    run(partner, PEOPLE)
    assert [row[0] for row in contents(partner)] == ["P-1", "P-10", "P-11", "P-2", "P-3"]
    found = rows_of(partner)
    assert (found["Subscription"], found["Plan"], found["Product"]) == (4, 2, 1)  # and no plan “Silver”


def test_the_rejects_file_holds_just_the_bad_rows_and_can_be_repaired(partner: Partner, tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.csv"
    run(partner, PEOPLE, rejects=rejects)
    rows = read(rejects)
    assert [row["external_id"] for row in rows] == ["P-4", "P-5", "P-6", "P-7", "P-8", "P-1", "P-9"]
    assert (rows[0]["error_column"], rows[0]["error_found"]) == ("price", "abc")
    repairs = {"P-4": {"price": "7.00"}, "P-5": {"email": "emil@people.example"}, "P-9": {"price": "4.00"}}
    for row in rows:
        row.update(repairs.get(row["external_id"], {}))
    save(rejects, [row for row in rows if row["external_id"] in repairs])
    ran = run(partner, rejects)
    assert ran.code == 0, ran.said
    assert "3 rows read, 0 rejected" in ran.said
    names = {row[0]: row[1] for row in contents(partner)}
    assert names["P-9"] == '=HYPERLINK("http://x.example","Jo")'


def test_a_formula_cell_is_no_formula_in_the_rejects_and_comes_back_as_it_was(partner: Partner, tmp_path: Path) -> None:
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    run(partner, PEOPLE, rejects=first)
    jo = read(first)[-1]
    assert jo["name"] == '\'=HYPERLINK("http://x.example","Jo")'
    assert (jo["price"], jo["error_found"]) == ("'-4.00", "'-4.00")
    run(partner, first, rejects=second)
    assert read(second)[-1] == jo


def test_an_empty_rejects_file_says_that_all_were_taken(partner: Partner, tmp_path: Path) -> None:
    rejects = write(tmp_path / "rejects.csv", "of an earlier run")
    assert run(partner, write(tmp_path / "a.csv", HEADER, GOOD), rejects=rejects).code == 0
    assert read(rejects) == []


def test_semicolons_a_byte_order_mark_and_blank_lines_are_read(partner: Partner, tmp_path: Path) -> None:
    lines = [HEADER.replace(",", ";"), "", GOOD.replace(",", ";").replace("9.90", "abc")]
    ran = run(partner, write(tmp_path / "a.csv", *lines, encoding="utf-8-sig"), dry_run=True)
    assert "row 3, price: found “abc”" in ran.said


def test_a_row_with_too_few_cells_is_told(partner: Partner, tmp_path: Path) -> None:
    ran = run(partner, write(tmp_path / "a.csv", HEADER, "Anna,anna@people.example"))
    assert (ran.code, "found “2 cells”, expected 11 cells" in ran.said) == (1, True)


def test_an_address_of_another_customer_is_an_error(partner: Partner, tmp_path: Path) -> None:
    run(partner, write(tmp_path / "a.csv", HEADER, GOOD))
    ran = run(partner, write(tmp_path / "b.csv", HEADER, GOOD.replace("P-1", "P-2").replace("anna@", "ANNA@")))
    assert ran.code == 1
    assert "1 row: email belongs to another customer already" in ran.said
    assert [row[0] for row in contents(partner)] == ["P-1"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "No such file or directory"),
        (b"name,email\nM\xfcller,m@people.example\n", "is not UTF-8 text (byte 0xfc). Save it as “CSV UTF-8”."),
        (b"name,email\n", "has no column “external_id”, “country”, “tags”, “plan”, “currency”"),
        (b"name,name\n", "has several columns named “name”"),
        (b"", "has no header"),
        (HEADER.encode() + b'\n"Anna,anna@people.example\n', "row 2: unexpected end of data"),
    ],
)
def test_an_unusable_file_is_named_and_nothing_is_written(
    partner: Partner, tmp_path: Path, content: bytes | None, sentence: str
) -> None:
    file = tmp_path / "a.csv"
    if content is not None:
        file.write_bytes(content)
    ran = run(partner, file)
    assert ran.code == 2
    assert sentence in ran.said


@pytest.mark.parametrize(
    ("yaml", "sentence"),
    [
        ("customer: {name: {colum: name}, email: {column: email}}", "own.yaml: customer.name: “colum” is no key here"),
        ("customer: {name: {column: name}}", "own.yaml: customer: says nothing about email"),
        ("customer: {name: {column: a, constant: b}, email: {column: email}}", "from exactly one of column, template"),
        ("customer: {name: {column: a, choose: {No: x}}, email: {column: b}}", "was read as False and not as text"),
        ('customer: {name: {template: "{a|shout}"}, email: {column: b}}', "“shout” is no filter"),
        ('customer: {name: {template: "{a"}, email: {column: b}}', "has a brace without its partner"),
        ("date_format: soon\ncustomer: {name: {column: a}, email: {column: b}}", "“soon” names no day"),
        ("[1, 2", "own.yaml is no YAML"),
        ("!!python/object/apply:os.getcwd []", "own.yaml is no YAML"),
        ("nothing", "is a list of keys and values, not 'nothing'"),
    ],
)
def test_an_unusable_mapping_is_named_with_the_place(
    partner: Partner, tmp_path: Path, yaml: str, sentence: str
) -> None:
    ran = run(partner, PEOPLE, mapping=str(write(tmp_path / "own.yaml", yaml)))
    assert ran.code == 2
    assert sentence in ran.said


def test_an_unknown_partner_and_an_unknown_mapping_are_told(partner: Partner) -> None:
    ran = run("nobody", PEOPLE)
    assert (ran.code, ran.said) == (2, "There is no partner with the short name “nobody”.")
    ran = run(partner, PEOPLE, mapping="telecom")
    assert (ran.code, "neither a file nor one of generic, telco" in ran.said) == (2, True)


def test_the_rejects_never_overwrite_the_file_that_is_read(partner: Partner, tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", HEADER, GOOD)
    assert run(partner, file, rejects=file).code == 2
    assert file.read_text().startswith(HEADER)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def save(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
