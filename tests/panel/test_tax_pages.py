"""Settings about taxes, a customer's tax data, and documents with tax, asked for like a browser without a script."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from billing.models import CreditNote, Invoice, TaxProfile, TaxRate
from partnerpanel.kernel.ids import public
from partnerpanel.tenancy.models import Role
from partnerpanel.tenancy.scope import tenant
from tests.actions.carry_out import everything
from tests.actions.selling import Shop
from tests.people import Person, Team
from tests.taxing import charges_tax, registers, taxes
from tests.world import NOW, World

pytestmark = pytest.mark.django_db(transaction=True)

RATE = {
    "name": "VAT",
    "kind": "vat",
    "percent": "19",
    "country": "de",
    "region": "",
    "is_inclusive": "no",
    "valid_from": "2026-01-01",
    "valid_until": "",
}


def settings(world: World, rest: str = "") -> str:
    return f"/panel/{world.partner.slug}/settings/tax/{rest}"


def text_of(client: Client, address: str, status: int = 200) -> str:
    """What the page says, without its marks."""
    answer = client.get(address)
    assert answer.status_code == status
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def rate_of(world: World) -> UUID:
    with tenant(world.id):
        found: UUID = TaxRate.objects.for_partner(world.id).get().pk
        return found


def test_the_owner_registers_adds_a_rate_and_sees_what_a_sale_carries(world: World, owner: Person) -> None:
    client = owner.client()
    assert "Not registered" in text_of(client, settings(world))

    own = {"is_registered": "on", "country": "DE", "tax_id": "DE136695976", "registrations": "", "version": "0"}
    assert client.post(settings(world, "registration/"), own).status_code == 302
    assert client.post(settings(world, "rates/new/"), RATE).status_code == 302

    page = text_of(client, settings(world, "?amount=90&country=DE&on=2026-03-15"))
    assert "136695976" in page
    assert "VAT 19 %: 17.10 = 19 % of 90.00" in page
    assert "€107.10" in page
    business = text_of(client, settings(world, "?amount=90&country=FR&tax_id=40303265045&on=2026-03-15"))
    assert "Reverse charge: the recipient of the service owes the tax" in business
    assert "€107.10" not in business


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"percent": "19 %"}, "Percent: Write a percentage from 0 to 100"),
        ({"percent": "190"}, "Percent: Write a percentage from 0 to 100"),
        ({"country": "D"}, "Country: Write a two-letter country code"),
        ({"valid_until": "2026-01-01"}, "Until before: It ends after its first day."),
        ({"kind": "vat", "valid_from": "2019-05-01"}, "From: Another rate of this kind counts there"),
        ({"kind": "gst", "is_inclusive": "yes"}, "Your prices: All taxes of a country"),
    ],
    ids=str,
)
def test_a_wrong_rate_is_refused_at_its_field(world: World, owner: Person, wrong: dict[str, str], said: str) -> None:
    taxes(world, "19")
    before = everything(world)
    answer = owner.client().post(settings(world, "rates/new/"), RATE | {"kind": "pst"} | wrong)
    assert answer.status_code == 422
    assert said in " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())
    assert everything(world) == before


def test_a_rate_gets_another_percentage_is_archived_and_restored(world: World, owner: Person) -> None:
    taxes(world, "19")
    client, rate = owner.client(), public("txr", rate_of(world))
    version = {"percent": "20", "valid_from": "2027-01-01"}
    assert client.post(settings(world, f"rates/{rate}/version/"), version).status_code == 302
    page = text_of(client, settings(world))
    assert "VAT 20 %" in page
    assert "From later on" in page

    assert client.post(settings(world, f"rates/{rate}/archive/")).status_code == 302
    assert "Archived" in text_of(client, settings(world))
    assert client.post(settings(world, f"rates/{rate}/archive/")).status_code == 422
    assert client.post(settings(world, f"rates/{rate}/restore/")).status_code == 302
    assert "Archived" not in text_of(client, settings(world))


def test_who_was_slower_than_a_colleague_changes_nothing(world: World, owner: Person) -> None:
    registers(world)
    own = {"is_registered": "on", "country": "FR", "registrations": "", "version": "0"}
    answer = owner.client().post(settings(world, "registration/"), own)
    assert answer.status_code == 409
    with tenant(world.id):
        assert TaxProfile.objects.for_partner(world.id).get().country == "DE"


def test_colleagues_who_only_read_see_it_and_change_nothing(world: World, team: Team) -> None:
    taxes(world, "19")
    reader, before = team.people[Role.READ_ONLY].client(), everything(world)
    assert "Add rate" not in text_of(reader, settings(world))
    assert reader.post(settings(world, "rates/new/"), RATE).status_code == 403
    assert reader.post(settings(world, "registration/"), {"country": "DE", "version": "0"}).status_code == 403
    assert everything(world) == before


def test_a_customers_tax_data_is_checked_and_shown(world: World, owner: Person) -> None:
    customer = world.customer("Anna Alder")
    address = f"/panel/{world.partner.slug}/customers/{public('cus', customer)}/"
    client = owner.client()
    wrong = client.post(
        f"{address}tax/", {"country": "FR", "region": "", "tax_id": "FR40303265044", "tax_exempt_for": ""}
    )
    assert wrong.status_code == 422
    assert b"This is no valid tax id of that country." in wrong.content
    assert world.read_customer(customer).country == "DE"

    right = {"country": "FR", "region": "", "tax_id": "FR40303265045", "tax_exempt_for": "an embassy"}
    assert client.post(f"{address}tax/", right).status_code == 302
    page = text_of(client, address)
    assert "40303265045 valid" in page
    assert "an embassy" in page


def test_invoices_and_credit_notes_show_net_tax_by_rate_and_total(world: World, team: Team) -> None:
    charges_tax(world)
    buyer = Shop(world, team.owner).buyer("Basic", days_ago=12)
    buyer.lives_until(NOW + timedelta(days=18))
    buyer.lives_until(NOW + timedelta(days=30))
    buyer.changes("Business")
    buyer.rolls_back()
    with tenant(world.id):
        invoice = Invoice.objects.for_partner(world.id).latest("number").pk
        note = CreditNote.objects.for_partner(world.id).get().pk
    client, panel = team.owner.client(), f"/panel/{world.partner.slug}/"
    page = text_of(client, f"{panel}invoices/{public('inv', invoice)}/")
    assert "Without tax €90.00 VAT 18 % €16.20 Total €106.20" in page
    assert "VAT 18 %: 27.00 = 18 % of 150.00" in page
    assert "Without tax €90.00 VAT 18 % €16.20 Total €106.20" in text_of(
        client, f"{panel}credit-notes/{public('cn', note)}/"
    )
