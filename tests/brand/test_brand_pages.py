"""A partner says how it looks and signs; documents, mails and pages follow, and what is issued stays as it was."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from billing.models import CreditNote, Invoice
from billing.printing.typeset import pdf_of
from billing.queries.invoice_list import InvoiceTab, invoice_page
from billing.queries.printed import invoice_paper
from partnerpanel.actions import brand as actions
from partnerpanel.actions import door
from partnerpanel.actions.suspend import Suspend
from partnerpanel.actions.verb import Target
from partnerpanel.brand.models import BrandProfile
from partnerpanel.brand.queries import brand_of
from partnerpanel.brand.rules.checks import Brand, InvalidBrand
from partnerpanel.events.models import Event
from partnerpanel.kernel.errors import Forbidden
from partnerpanel.kernel.ids import public
from partnerpanel.tenancy.models import Role
from partnerpanel.tenancy.scope import tenant
from subscriptions.rules.states import HoldKind
from tests.actions.carry_out import everything
from tests.actions.selling import Shop
from tests.brand.pictures import HOSTILE, png
from tests.people import Person, Team
from tests.world import NOW, World

pytestmark = pytest.mark.django_db(transaction=True)

FIELDS = {
    "sender_name": "Northwind",
    "printed_name": "Northwind Hosting GmbH",
    "address": "Uferstraße 7\n\n  10997 Berlin ",
    "ids": "HRB 12345 B, Charlottenburg",
    "footer": "Bank: DE89 3704 0044 0532 0130 00\nManaging director: Katharina Brandt",
    "accent": "#FFCC00",
    "number_prefix": "nw",
    "version": "0",
}
BRAND = Brand(
    printed_name="Northwind Hosting GmbH",
    address="Uferstraße 7\n10997 Berlin",
    ids="HRB 12345 B",
    footer="Bank: DE89",
    sender_name="Northwind",
    accent="#ffcc00",
    number_prefix="NW",
)


def page(world: World, rest: str = "") -> str:
    return f"/panel/{world.partner.slug}/settings/brand/{rest}"


def upload(client: Client, world: World, content: bytes, version: int, name: str = "logo.png") -> Any:
    file = SimpleUploadedFile(name, content, content_type="image/png")
    return client.post(page(world, "logo/"), {"logo": file, "version": str(version)})


def file_of(world: World, name: str) -> Any:
    return Client().get(f"/brand/{public('par', world.id)}/{name}")


def newest_invoice(world: World) -> Invoice:
    return Invoice.objects.for_partner(world.id).latest("issued_at", "id")


def test_the_owner_says_who_they_are_and_sees_it(world: World, owner: Person) -> None:
    client = owner.client()
    assert client.post(page(world, "edit/"), FIELDS).status_code == 302
    assert upload(client, world, png(), 1).status_code == 302

    shown = client.get(page(world)).content.decode()
    for text in ("Northwind Hosting GmbH", "Uferstraße 7<br>10997 Berlin", "NW-INV-000001", "logo.png?v=2"):
        assert text in shown
    with tenant(world.id):
        events = Event.objects.for_partner(world.id).filter(kind="brand.changed").order_by("sequence")
        assert [event.data["fields"] for event in events] == [
            ["accent", "address", "footer", "ids", "number_prefix", "printed_name", "sender_name"],
            ["logo"],
        ]
        assert {event.actor_id for event in events} == {owner.user.pk}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("accent", "red"),
        ("accent", "#12345"),
        ("accent", "#123456;}"),
        ("number_prefix", "A B"),
        ("number_prefix", "Ü"),
        ("number_prefix", "-INV"),
        ("address", "line\n" * 7),
        ("address", "x" * 81),
        ("footer", "line\n" * 5),
        ("ids", "x" * 81),
        ("printed_name", "\x07bell"),
    ],
)
def test_what_cannot_be_printed_is_refused_at_its_field(world: World, owner: Person, field: str, value: str) -> None:
    before = everything(world)
    answer = owner.client().post(page(world, "edit/"), FIELDS | {field: value})
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert everything(world) == before
    with pytest.raises(InvalidBrand) as refusal:
        actions.set_brand(Brand(**{field: value}), version=0, actor=owner.actor, now=NOW)
    assert refusal.value.field == field


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_upload_is_refused_and_nothing_is_kept(world: World, owner: Person, content: bytes) -> None:
    before = everything(world)
    answer = upload(owner.client(), world, content, 0)
    assert answer.status_code == 422
    assert 'id="id_logo_error"' in answer.content.decode()
    assert everything(world) == before


def test_an_svg_that_calls_itself_png_is_no_picture(world: World, owner: Person) -> None:
    assert upload(owner.client(), world, HOSTILE["an SVG with a script"], 0, "logo.svg.png").status_code == 422
    assert file_of(world, "logo.png").status_code == 404


def test_who_was_slower_than_a_colleague_changes_nothing(world: World, owner: Person) -> None:
    client = owner.client()
    client.post(page(world, "edit/"), FIELDS)
    before = everything(world)
    assert client.post(page(world, "edit/"), FIELDS | {"printed_name": "Other"}).status_code == 409
    assert upload(client, world, png(), 0).status_code == 409
    assert client.post(page(world, "logo/remove/"), {"version": "0"}).status_code == 409
    assert everything(world) == before


@pytest.mark.parametrize("role", [Role.BILLING, Role.SUPPORT, Role.READ_ONLY])
def test_only_owners_and_admins_change_it(world: World, team: Team, role: Role) -> None:
    colleague = team[role]
    with pytest.raises(Forbidden):
        actions.set_brand(BRAND, version=0, actor=colleague.actor, now=NOW)
    with pytest.raises(Forbidden):
        actions.set_logo(png(), version=0, actor=colleague.actor, now=NOW)
    with pytest.raises(Forbidden):
        actions.remove_logo(version=0, actor=colleague.actor, now=NOW)
    assert colleague.client().post(page(world, "edit/"), FIELDS).status_code == 403
    assert "Change brand" not in colleague.client().get(page(world)).content.decode()


def test_a_brand_is_of_one_partner_alone(world: World, other_world: World, owner: Person, stranger: Person) -> None:
    actions.set_brand(BRAND, version=0, actor=owner.actor, now=NOW)
    actions.set_logo(png(), version=1, actor=owner.actor, now=NOW)
    with tenant(other_world.id):
        assert brand_of(other_world.id).version == 0
        assert not BrandProfile.objects.filter(partner_id=world.id).exists()
    assert file_of(other_world, "logo.png").status_code == 404
    assert stranger.client().get(page(world)).status_code == 404
    assert stranger.client().post(page(world, "edit/"), FIELDS).status_code == 404


def test_documents_keep_the_brand_of_their_day(world: World, owner: Person) -> None:
    shop = Shop(world, owner)
    shop.buyer("Basic").changes("Business")
    with tenant(world.id):
        old = newest_invoice(world)
        plain = pdf_of(invoice_paper(world.id, old.pk))

    actions.set_brand(BRAND, version=0, actor=owner.actor, now=NOW)
    actions.set_logo(png(), version=1, actor=owner.actor, now=NOW)
    shop.buyer("Basic").changes("Business")
    with tenant(world.id):
        new = newest_invoice(world)
        assert (old.label, new.label) == ("INV-000001", "NW-INV-000001")
        branded = invoice_paper(world.id, new.pk)
        first = pdf_of(branded)
        assert branded.seller.name == "Northwind Hosting GmbH"
        assert branded.seller.address == "Uferstraße 7\n10997 Berlin"
        assert branded.logo

    actions.remove_logo(version=2, actor=owner.actor, now=NOW)
    actions.set_brand(Brand(printed_name="Somebody Else Ltd", accent="#00ff00"), version=3, actor=owner.actor, now=NOW)
    with tenant(world.id):
        assert pdf_of(invoice_paper(world.id, old.pk)) == plain
        assert pdf_of(invoice_paper(world.id, new.pk)) == first


def test_each_prefix_is_a_series_without_gaps_that_goes_on_where_it_was(world: World, owner: Person) -> None:
    shop = Shop(world, owner)
    for version, prefix in enumerate(["NW", "NW-2026", "NW"]):
        actions.set_brand(Brand(number_prefix=prefix), version=version, actor=owner.actor, now=NOW)
        buyer = shop.buyer("Basic")
        buyer.changes("Business")
        buyer.rolls_back()
        shop.buyer("Basic").changes("Business")
    with tenant(world.id):
        labels = sorted(row.label for row in Invoice.objects.for_partner(world.id))
        assert labels == [f"NW-2026-INV-00000{n}" for n in (1, 2)] + [f"NW-INV-00000{n}" for n in (1, 2, 3, 4)]
        notes = {row.label for row in CreditNote.objects.for_partner(world.id)}
        assert notes == {"NW-2026-CN-000001", "NW-CN-000001", "NW-CN-000002"}

        def found(search: str) -> list[str]:
            rows = invoice_page(world.id, tab=InvoiceTab.ALL, search=search, cursor=None, limit=10).rows
            return sorted(row.label for row in rows)

        assert found("nw-inv 2") == ["NW-INV-000002"]
        assert found("NW-2026-INV-000001") == ["NW-2026-INV-000001"]
        assert found("INV-000001") == ["NW-2026-INV-000001", "NW-INV-000001"]


def test_the_files_of_pages_and_mails_are_a_png_and_a_stylesheet(world: World, owner: Person) -> None:
    actions.set_brand(BRAND, version=0, actor=owner.actor, now=NOW)
    actions.set_logo(png(), version=1, actor=owner.actor, now=NOW)
    logo, look = file_of(world, "logo.png"), file_of(world, "look.css")
    assert (logo["Content-Type"], logo["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert Image.open(io.BytesIO(logo.content)).size == (300, 120)
    assert look["Content-Type"].startswith("text/css")
    assert "#ffcc00" in look.content.decode()
    for unknown in ("par_x", public("par", owner.user.pk)):
        assert Client().get(f"/brand/{unknown}/logo.png").status_code == 404
        assert Client().get(f"/brand/{unknown}/look.css").status_code == 404


def test_pages_for_customers_are_in_its_name(world: World, owner: Person) -> None:
    address = f"/pay/{public('par', world.id)}/"
    assert "look.css" not in Client().get(address).content.decode()
    actions.set_brand(BRAND, version=0, actor=owner.actor, now=NOW)
    actions.set_logo(png(), version=1, actor=owner.actor, now=NOW)
    shown = Client().get(address).content.decode()
    assert "Northwind has sent you this link" in shown
    assert "Northwind Hosting GmbH, Uferstraße 7, 10997 Berlin" in shown
    assert "look.css?v=2" in shown
    assert "logo.png?v=2" in shown


def test_mails_are_signed_by_it(world: World, owner: Person) -> None:
    actions.set_brand(BRAND, version=0, actor=owner.actor, now=NOW)
    actions.set_logo(png(), version=1, actor=owner.actor, now=NOW)
    verb = Suspend((Target(world.customer("Ada")),), HoldKind.MANUAL, "Call us.")
    door.commit(verb, quote=None, actor=owner.actor, now=NOW)
    world.drain("outbox", "mail")
    [letter] = mail.outbox
    assert isinstance(letter, mail.EmailMultiAlternatives)
    html = str(letter.alternatives[0][0])
    assert letter.from_email.startswith("Northwind <")
    assert "Northwind <" in letter.reply_to[0]
    assert str(letter.body).endswith("-- \nNorthwind Hosting GmbH\nUferstraße 7\n10997 Berlin\n")
    assert "/logo.png?v=2" in html
    assert "Uferstraße 7" in html
    assert "color: #ffcc00" in html.split("prefers-color-scheme: dark")[1]
    assert "color: #ffcc00" not in html.split("prefers-color-scheme: dark", maxsplit=1)[0]
