"""Invoices as PDF and by mail, asked for like a browser without a script does."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import ProgrammingError, connections, transaction

from billing.models import Invoice
from billing.queries.invoice_list import InvoiceTab, invoice_page
from billing.queries.printed import invoice_paper
from customers.models import Customer
from notifications.models import Message
from partnerpanel.events.models import Event
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import public, uuid7
from partnerpanel.tenancy.models import Partner
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


def test_a_document_keeps_the_names_of_the_day_on_which_it_was_issued(world: World, invoice: UUID) -> None:
    with tenant(world.id):
        before = invoice_paper(world.id, invoice)
        customer = Invoice.objects.for_partner(world.id).get(pk=invoice).customer_id
        Customer.objects.for_partner(world.id).filter(pk=customer).update(name="Somebody Else", country="FR")
    Partner.objects.filter(pk=world.id).update(name="Taken Over", support_email="other@example.com")
    with tenant(world.id):
        after = invoice_paper(world.id, invoice)
        assert (after.seller, after.buyer) == (before.seller, before.buyer)
        assert (after.seller.name, after.buyer.name) == (world.partner.name, before.buyer.name)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Invoice.objects.for_partner(world.id).filter(pk=invoice).update(buyer={})


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_document_from_before_names_were_kept_is_printed_with_those_of_today(world: World, invoice: UUID) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE billing_invoice SET seller = NULL, buyer = NULL WHERE id = %s", [str(invoice)])
    Partner.objects.filter(pk=world.id).update(name="Taken Over")
    with tenant(world.id):
        assert invoice_paper(world.id, invoice).seller.name == "Taken Over"
