"""Invoices as PDF and by mail, asked for like a browser without a script does."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from billing.queries.invoice_list import InvoiceTab, invoice_page
from notifications.models import Message
from partnerpanel.events.models import Event
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import public, uuid7
from partnerpanel.tenancy.scope import tenant
from tests.people import Person
from tests.world import World

LATER = datetime(2026, 4, 6, 9, 0, tzinfo=UTC)


@pytest.fixture
def invoice(world: World) -> UUID:
    """Of a renewal that is unpaid."""
    world.subscription()
    world.drain("subscriptions", now=LATER)
    with tenant(world.id):
        return invoice_page(world.id, tab=InvoiceTab.ALL, search="", cursor=None, limit=1).rows[0].id


def address(world: World, invoice: UUID, what: str = "") -> str:
    return f"/panel/{world.partner.slug}/invoices/{public('inv', invoice)}/{what}"


def copies(world: World) -> int:
    with tenant(world.id):
        return Event.objects.for_partner(world.id).filter(kind="invoice.mailed").count()


def test_whoever_may_look_keeps_the_invoice_as_a_file(world: World, invoice: UUID, colleague: Person) -> None:
    answer = colleague.client().get(address(world, invoice, "invoice.pdf"))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="INV-000001.pdf"'
    assert answer.content.startswith(b"%PDF")
    page = colleague.client().get(address(world, invoice)).content.decode()
    assert "Download PDF" in page
    assert "Send by e-mail" not in page


def test_two_clicks_on_one_page_mail_it_once_and_asking_again_mails_it_again(
    world: World, invoice: UUID, owner: Person
) -> None:
    client, key = owner.client(), str(uuid7())
    assert "Send INV-000001 by e-mail" in client.get(f"/panel/{world.partner.slug}/invoices/").content.decode()
    for _click in (1, 2):
        said = client.post(address(world, invoice, "mail/"), {"key": key}, follow=True).content.decode()
        assert "INV-000001 is on its way to" in said
    assert copies(world) == 1
    client.post(address(world, invoice, "mail/"), {"key": str(uuid7())})
    assert copies(world) == 2
    world.drain("outbox", now=system_now())
    with tenant(world.id):
        assert Message.objects.for_partner(world.id).filter(kind="invoice_copy").count() == 2


def test_who_only_reads_mails_nothing(world: World, invoice: UUID, colleague: Person) -> None:
    assert colleague.client().post(address(world, invoice, "mail/"), {}).status_code == 403
    assert copies(world) == 0
