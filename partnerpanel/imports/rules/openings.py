"""What a row says that the customer brings along, and what becomes of it."""

from __future__ import annotations

import re
from dataclasses import fields as fields_of
from datetime import date, timedelta

from billing.rules.opening import BroughtAlong, OpenInvoice
from partnerpanel.imports.rules import fields
from partnerpanel.imports.rules.cells import label
from partnerpanel.imports.rules.fields import Status
from partnerpanel.imports.rules.mapping import OpeningFields, Source, columns_of
from partnerpanel.imports.rules.reader import Reader
from partnerpanel.imports.rules.wanted import WantedSubscription
from partnerpanel.kernel.money import Money

MAX_NUMBER = 60
MAX_REF = 100
# In minor units: what is more was mistyped. The same as for credit that a person gives.
MAX_BALANCE = 10_000_000_000
DUE_WITHIN = timedelta(days=366)
CUSTOMER, METHOD = re.compile(r"cus_\w+"), re.compile(r"(pm|card|src|ba)_\w+")


def read_opening(
    reader: Reader, wanted: OpeningFields, subscription: WantedSubscription | None, currency: Source | None
) -> BroughtAlong | None:
    """None where the file says nothing about it, or where the reader has found problems; blank cells say: nothing."""
    sources = [source for one in fields_of(wanted) if (source := getattr(wanted, one.name)) is not None]
    if not any(column.name in reader.row for source in sources for column in columns_of(source)):
        return None
    before = len(reader.problems)
    code = subscription.currency if subscription else _currency(reader, wanted, currency)
    balance = _money(reader, wanted.balance, code)
    if balance is not None and balance.amount > MAX_BALANCE:
        _wrong(reader, wanted, "balance", "is too large for a balance", f"up to {Money(MAX_BALANCE, code)}")
    invoice = _invoice(reader, wanted, subscription, code)
    if balance and invoice:
        what, expected = "stands beside an open invoice", "one of them: set the balance off before"
        _wrong(reader, wanted, "balance", what, expected)
    ref, method = _card(reader, wanted)
    if len(reader.problems) > before:
        return None
    return BroughtAlong(balance or None, invoice, ref, method)


def _currency(reader: Reader, wanted: OpeningFields, source: Source | None) -> str:
    """Of a customer without a subscription; asked for where there is a balance."""
    if source is None or not reader.text(wanted.balance):
        return ""
    code = reader.needed(source, "currency")
    return reader.attempt(lambda: fields.currency(code, column=label(source)), "") if code else ""


def _invoice(
    reader: Reader, wanted: OpeningFields, subscription: WantedSubscription | None, code: str
) -> OpenInvoice | None:
    parts = ("invoice_number", "invoice_amount", "invoice_on")
    found = {name: reader.text(getattr(wanted, name)) for name in (*parts, "invoice_due_on")}
    if not any(found.values()):
        return None
    for name in parts:
        if not found[name]:
            _wrong(reader, wanted, name, "is blank beside an open invoice", "number, amount and date of it")
    if subscription is None or subscription.status is not Status.ACTIVE:
        what, expected = "is owed for no active subscription", "an active subscription in the same row"
        _wrong(reader, wanted, "invoice_number", what, expected)
        return None
    if len(found["invoice_number"]) > MAX_NUMBER:
        _wrong(reader, wanted, "invoice_number", "is too long for a number", f"{MAX_NUMBER} letters at most")
    amount = _money(reader, wanted.invoice_amount, code)
    if amount is not None and not amount:
        _wrong(reader, wanted, "invoice_amount", "is nothing to pay", "an amount above zero")
    on = reader.date(wanted.invoice_on)
    due_on = _due_on(reader, wanted) or on
    if on is None or due_on is None or not amount:
        return None
    if due_on < on:
        _wrong(reader, wanted, "invoice_due_on", "lies before the invoice", f"{on} or later, the day it was issued")
    return OpenInvoice(found["invoice_number"], amount, on, due_on)


def _due_on(reader: Reader, wanted: OpeningFields) -> date | None:
    source = wanted.invoice_due_on
    text = reader.text(source)
    if source is None or not text:
        return None
    pattern, latest = reader.mapping.date_format, reader.today + DUE_WITHIN
    return reader.attempt(lambda: fields.day(text, pattern=pattern, today=latest, column=label(source)), None)


def _card(reader: Reader, wanted: OpeningFields) -> tuple[str, str]:
    ref, method = reader.text(wanted.gateway_customer), reader.text(wanted.gateway_method)
    if ref and not (CUSTOMER.fullmatch(ref) and len(ref) <= MAX_REF):
        _wrong(
            reader, wanted, "gateway_customer", "is no id of a customer at Stripe", "an id such as cus_9s6XKzkNRiz8i3"
        )
    if method and not (METHOD.fullmatch(method) and len(method) <= MAX_REF):
        what, expected = "is no id of a payment method at Stripe", "an id such as pm_1MqLiJLkdIwHu7ix"
        _wrong(reader, wanted, "gateway_method", what, expected)
    if bool(ref) != bool(method):
        missing = "gateway_method" if ref else "gateway_customer"
        _wrong(reader, wanted, missing, "is blank beside the other", "customer and payment method, or none of them")
    return ref, method


def _money(reader: Reader, source: Source | None, code: str) -> Money | None:
    text = reader.text(source)
    if source is None or not text or not code:
        return None
    mark = reader.mapping.decimal_mark
    return reader.attempt(lambda: fields.money(text, currency=code, decimal_mark=mark, column=label(source)), None)


def _wrong(reader: Reader, wanted: OpeningFields, field: str, what: str, expected: str) -> None:
    source = getattr(wanted, field)
    reader.wrong(source, field, what, reader.text(source), expected)
