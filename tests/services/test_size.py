"""Rows for measuring: as many as asked for, as the engine would leave them."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F, Max, Sum

from billing.models import Invoice, InvoiceLine, NumberSeries, Payment, PaymentAttempt
from customers.models import Customer
from customers.queries.lists import tab_counts
from partnerpanel.events.models import Event
from partnerpanel.kernel.clock import system_now
from partnerpanel.tenancy.models import Partner
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Subscription, Term


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_large_installation_in_small_has_books_that_add_up() -> None:
    out = StringIO()
    call_command("seed_size", partners=3, customers=240, payments=1080, stdout=out)
    assert "240 customers of 3 partners" in out.getvalue()
    counted = 0
    for slug, customers in (("size-1", 120), ("size-2", 60), ("size-3", 60)):
        partner = Partner.objects.get(slug=slug)
        with tenant(partner.pk):
            assert Customer.objects.count() == customers
            tabs = tab_counts(partner.pk, now=system_now(), zone=partner.timezone)
            assert customers < 100 or all(tabs.values()), "a list of nobody measures nothing"
            payments, invoices = Payment.objects.count(), Invoice.objects.all()
            assert payments == invoices.count() == PaymentAttempt.objects.filter(status="succeeded").count()
            assert payments == 3 * Subscription.objects.count()
            numbers = sorted(invoices.values_list("number", flat=True))
            assert numbers == list(range(1, payments + 1))
            assert NumberSeries.objects.get().next_number == payments + 1
            assert not invoices.exclude(total_amount=F("paid_amount")).exists()
            billed = InvoiceLine.objects.aggregate(sum=Sum("amount"))
            assert billed == Payment.objects.aggregate(sum=Sum("amount")) == invoices.aggregate(sum=Sum("total_amount"))
            # An object's events are counted by its version.
            newest = dict(Term.objects.values_list("subscription").annotate(newest=Max("number")))
            assert dict(Subscription.objects.values_list("pk", "version")) == newest
            assert Event.objects.filter(kind="subscription.renewed").count() == payments
            counted += payments
    assert f"{counted:,} payments" in out.getvalue()
    with pytest.raises(CommandError, match="is taken"):
        call_command("seed_size", partners=1, customers=1, payments=0, stdout=out)
    with pytest.raises(CommandError, match="At least one partner"):
        call_command("seed_size", partners=5, customers=4, payments=0, stdout=out)
