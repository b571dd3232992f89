"""Erasing and handing out by the panel and by the API."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from partnerpanel.kernel.ids import public
from tests.api.program import make_program
from tests.people import Person
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_program_previews_and_erases_and_the_second_time_is_refused(world: World, owner: Person) -> None:
    customer, program = world.customer(name="Ada Lovelace"), make_program(owner)
    path = f"/customers/{public('cus', customer)}/erase"
    quote = program.post(f"{path}/preview").body
    assert [one["table"] for one in quote["personal_data"]] == ["customer"]
    answer = program.post(path, {"quote": quote["id"]})
    assert (answer.status, answer.body["email"]) == (200, "")
    assert answer.body["erased_at"] is not None
    again = program.post(path)
    assert (again.status, again.body["code"], again.body["reason"]) == (422, "nothing_to_do", "erased_already")


def test_a_key_that_may_write_customers_may_not_erase_them(world: World, owner: Person) -> None:
    customer, program = world.customer(), make_program(owner, scopes=["customers:read", "customers:write"])
    assert program.post(f"/customers/{public('cus', customer)}/erase").status == 403
    assert world.read_customer(customer).erased_at is None


def test_a_program_gets_everything_as_json_or_as_files(world: World, owner: Person) -> None:
    customer, program = world.customer(name="=Ada Lovelace"), make_program(owner)
    path = f"/customers/{public('cus', customer)}/export"
    assert program.post(path).body["tables"]["customer"][0]["name"] == "=Ada Lovelace"
    files = zipfile.ZipFile(io.BytesIO(program.post(path, {"format": "csv"}).response.content))
    assert "'=Ada Lovelace" in files.read("customer.csv").decode()


def test_the_popup_says_what_goes_and_what_stays_and_erases(world: World, owner: Person) -> None:
    customer, client = world.customer(name="Ada Lovelace"), owner.client()
    path = f"/panel/{world.partner.slug}/customers/{public('cus', customer)}/"
    page = client.get(f"{path}erase/")
    assert "What is erased" in page.content.decode()
    token = page.context["quote_token"]
    assert client.post(f"{path}erase/", {"quote": token}).status_code == 302
    assert "Personal data erased on" in client.get(path).content.decode()
    assert "Ada" not in client.get(path).content.decode()


def test_the_panel_hands_out_both_files(world: World, owner: Person) -> None:
    customer, client = world.customer(name="Ada Lovelace"), owner.client()
    path = f"/panel/{world.partner.slug}/customers/{public('cus', customer)}/personal-data/"
    tables = json.loads(client.post(path, {"as": "json"}).content)["tables"]
    assert tables["customer"][0]["name"] == "Ada Lovelace"
    assert client.post(path, {"as": "csv"}).content.startswith(b"PK")
