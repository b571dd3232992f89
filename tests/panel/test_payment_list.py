"""Payments, credit notes and receipts: listed, as files, and by mail."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from billing.documents.states import PaymentSource
from billing.models import Payment
from billing.printing.sheet import sheet_of
from billing.queries.credit_notes import credit_note_page
from billing.queries.printed import receipt_paper
from billing.services.pay import record_payment
from notifications.models import Message
from notifications.rules.kinds import MessageKind
from partnerpanel.actions.refund import Refund, RefundHow, RefundReason
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import public, uuid7
from partnerpanel.kernel.money import Money
from partnerpanel.panel import streamed
from partnerpanel.tenancy.scope import tenant
from tests.actions.selling import Shop
from tests.panel.scriptless import text
from tests.people import Person, Team
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(world: World, team: Team) -> Shop:
    """One renewal paid by card and refunded in part, another by bank with a note that would be a formula."""
    shop = Shop(world, team.owner)
    card, bank = shop.buyer("Basic", name="Anna Alder"), shop.buyer("Basic", name="Bo Birch", auto_renew=False)
    renewal = shop.now + timedelta(days=18)
    card.lives_until(renewal)
    bank.lives_until(renewal)
    record_payment(
        bank.subscription,
        amount=Money.parse("100.00", "EUR"),
        source=PaymentSource.BANK,
        received_on=shop.now.date(),
        note="=SUM(A1:A9)",
        actor=world.system,
        now=shop.now,
    )
    with tenant(world.id):
        payment = Payment.objects.for_partner(world.id).get(customer=card.customer)
    verb = Refund(card.target, payment.pk, RefundHow.AMOUNT, RefundReason.GOODWILL, amount=Money.parse("25.00", "EUR"))
    card.does(verb)
    return shop


def address(shop: Shop, what: str) -> str:
    return f"/panel/{shop.world.partner.slug}/{what}"


def rows(client: Client, where: str) -> list[dict[str, str]]:
    answer: Any = client.get(where)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def payment_of(shop: Shop, name: str) -> Payment:
    with tenant(shop.world.id):
        return Payment.objects.for_partner(shop.world.id).select_related("invoice").get(customer__name=name)


def test_payments_are_listed_by_way_found_by_invoice_and_say_what_went_back(shop: Shop, owner: Person) -> None:
    client = owner.client()
    page = text(client.get(address(shop, "payments/")))
    assert "Anna Alder" in page
    assert "€25.00" in page
    assert "Bank transfer" in page
    by_hand = text(client.get(address(shop, "payments/?tab=by_hand")))
    assert ("Bo Birch" in by_hand, "Anna Alder" in by_hand) == (True, False)
    assert "Anna Alder" in text(client.get(address(shop, "payments/?tab=returned")))
    label = payment_of(shop, "Bo Birch").invoice.label
    found = text(client.get(address(shop, f"payments/?q={label}&cursor=damaged")))
    assert ("Bo Birch" in found, "Anna Alder" in found) == (True, False)
    assert "No payment of an invoice with this number here" in text(client.get(address(shop, "payments/?q=999")))


def test_lists_are_files_read_part_by_part_without_formulas(
    shop: Shop, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streamed, "PART", 1)
    monkeypatch.setattr("partnerpanel.panel.views.document_exports.PART", 1)
    client = team.owner.client()
    found = rows(client, address(shop, "payments/export.csv"))
    assert [(one["Name"], one["Amount"], one["Went back"], one["Note"]) for one in found] == [
        ("Bo Birch", "100.00", "0.00", "'=SUM(A1:A9)"),
        ("Anna Alder", "100.00", "25.00", ""),
    ]
    assert [one["Status"] for one in rows(client, address(shop, "invoices/export.csv?tab=paid"))] == ["paid", "paid"]
    [note] = rows(client, address(shop, "credit-notes/export.csv"))
    assert (note["Number"], note["Total"], note["Currency"]) == ("CN-000001", "25.00", "EUR")
    assert team.read_only.client().get(address(shop, "payments/export.csv")).status_code == 403


def test_lists_and_their_files_are_narrowed_by_days_and_keep_that_from_tab_to_tab(shop: Shop, owner: Person) -> None:
    client = owner.client()
    with tenant(shop.world.id):
        issued = {row.invoice.issued_on for row in Payment.objects.for_partner(shop.world.id).select_related("invoice")}
    day = max(issued).isoformat()
    later = (max(issued) + timedelta(days=1)).isoformat()
    for what, there in (("payments", 2), ("invoices", len(rows(client, address(shop, "invoices/export.csv"))))):
        everything = rows(client, address(shop, f"{what}/export.csv"))
        assert len(everything) == there
        assert rows(client, address(shop, f"{what}/export.csv?from={day}&to={day}")) == everything
        assert rows(client, address(shop, f"{what}/export.csv?from={later}")) == []
        assert rows(client, address(shop, f"{what}/export.csv?to=1999-12-31")) == []
        page = client.get(address(shop, f"{what}/?from={later}&to=3000-01-01")).content.decode()
        assert "Nothing in these days" in page
        assert f"from={later}&amp;to=3000-01-01" in page
    for wrong in ("from=yesterday", "from=0001-01-01&to=9999-12-31", "to=2026-02-30"):
        assert len(rows(client, address(shop, f"payments/export.csv?{wrong}"))) == 2
    assert rows(client, address(shop, f"credit-notes/export.csv?from={later}")) == []
    assert len(rows(client, address(shop, f"credit-notes/export.csv?from={day}"))) == 1


def test_days_are_those_of_the_document_and_not_of_the_clock(shop: Shop, owner: Person) -> None:
    """Recorded weeks later, a payment is found by the day on which it came in."""
    client = owner.client()
    late = shop.buyer("Basic", name="Cy Cedar", auto_renew=False)
    late.lives_until(shop.now + timedelta(days=18))
    received = (shop.now - timedelta(days=30)).date()
    record_payment(
        late.subscription,
        amount=Money.parse("100.00", "EUR"),
        source=PaymentSource.CASH,
        received_on=received,
        note="Till",
        actor=shop.world.system,
        now=shop.now,
    )
    found = rows(client, address(shop, f"payments/export.csv?from={received}&to={received}"))
    assert [one["Name"] for one in found] == ["Cy Cedar"]


def test_the_customers_page_has_the_receipt_of_each_payment(shop: Shop, team: Team) -> None:
    payment, client = payment_of(shop, "Bo Birch"), team.owner.client()
    where = address(shop, f"customers/{public('cus', payment.customer_id)}/")
    one = address(shop, f"payments/{public('pay', payment.pk)}/")
    page = client.get(where).content.decode()
    assert one + "receipt.pdf" in page
    assert one + "mail/" in page
    assert one + "mail/" not in team.read_only.client().get(where).content.decode()
    answer = client.post(one + "mail/", {"key": str(uuid7()), "back": "customer"})
    assert answer.headers["Location"] == where


def test_a_receipt_says_what_came_in_for_which_invoice_and_is_mailed_once(shop: Shop, owner: Person) -> None:
    payment, client = payment_of(shop, "Bo Birch"), owner.client()
    one = address(shop, f"payments/{public('pay', payment.pk)}/")
    answer = client.get(one + "receipt.pdf")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{payment.invoice.label}-P1.pdf"'
    assert answer.content.startswith(b"%PDF")
    with tenant(shop.world.id):
        sheet = sheet_of(receipt_paper(shop.world.id, payment.pk))
    assert (sheet["kind"], sheet["number"], sheet["to"]) == ("Receipt", f"{payment.invoice.label}-P1", "Received from")
    assert sheet["lines"] == [[f"Payment of invoice {payment.invoice.label}: Bank transfer", "", "€100.00"]]
    assert [one["text"] for one in sheet["sums"]] == ["Received"]
    assert (sheet["receipts"], sheet["why"]) == ([], [])
    key = str(uuid7())
    for _click in (1, 2):
        said = text(client.post(one + "mail/", {"key": key}, follow=True))
        assert f"{payment.invoice.label}-P1 is on its way to" in said
    shop.world.drain("outbox", now=system_now())
    assert mailed(shop, MessageKind.RECEIPT_COPY) == 1


def test_a_credit_note_is_mailed_from_its_list_and_its_page(shop: Shop, owner: Person) -> None:
    with tenant(shop.world.id):
        note = credit_note_page(shop.world.id, search="", cursor=None, limit=1).rows[0]
    client, one = owner.client(), address(shop, f"credit-notes/{public('cn', note.id)}/")
    assert "Send CN-000001 by e-mail" in client.get(address(shop, "credit-notes/")).content.decode()
    assert "Send by e-mail" in client.get(one).content.decode()
    key = str(uuid7())
    for _click in (1, 2):
        said = text(client.post(one + "mail/", {"key": key, "back": "list"}, follow=True))
        assert "CN-000001 is on its way to" in said
    shop.world.drain("outbox", now=system_now())
    assert mailed(shop, MessageKind.CREDIT_NOTE_COPY) == 1


def mailed(shop: Shop, kind: MessageKind) -> int:
    with tenant(shop.world.id):
        return Message.objects.for_partner(shop.world.id).filter(kind=kind.value).count()
