"""Quotes as programs see them: everything that a verb would do, and the token that holds it to that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rest_framework import serializers

from billing.rules.next_charge import NextCharge
from partnerpanel.actions.money_plan import MoneyPlan
from partnerpanel.actions.quote import Quote
from partnerpanel.events.consumers import Foreseen
from partnerpanel.kernel.ids import public
from partnerpanel.wire.shapes import (
    At,
    Flag,
    MoneyShape,
    On,
    Shape,
    Whole,
    anything,
    constant,
    id_field,
)
from partnerpanel.wire.values import day, instant, money, ref


class QuoteLineShape(Shape):
    """A line that would be billed or credited; `amount` is without tax, below zero where it is given back."""

    description = serializers.CharField()
    quantity = Whole()
    amount = MoneyShape()
    tax = MoneyShape(allow_null=True)
    starts_on = On()
    ends_on = On()
    derivation = anything("How the amount came about.")

    class Meta:
        ref_name = "QuoteLine"


class QuoteEffectShape(Shape):
    """What becomes of access to one subscription."""

    customer = id_field("cus")
    subscription = id_field("sub", nullable=True)
    plan = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()

    class Meta:
        ref_name = "QuoteEffect"


class QuoteMoneyShape(Shape):
    """What would be billed for one subscription. `due_now` is charged or asked for at once."""

    subscription = id_field("sub")
    lines = QuoteLineShape(many=True)
    tax = MoneyShape()
    due_now = MoneyShape()
    to_balance = MoneyShape(help_text="Kept in the customer’s balance; below zero, taken from there.")
    refund = MoneyShape(allow_null=True)
    next_invoice_on = On(allow_null=True)
    next_invoice = MoneyShape(allow_null=True)
    policy = serializers.DictField(
        child=serializers.CharField(), help_text="Keys of the policy that decided, and who set them."
    )

    class Meta:
        ref_name = "QuoteMoney"


class QuoteMailShape(Shape):
    """A mail that would be sent."""

    to = serializers.CharField()
    subject = serializers.CharField()

    class Meta:
        ref_name = "QuoteMail"


class QuoteRefusalShape(Shape):
    """Why nothing would happen to one of the targets."""

    code = serializers.CharField()
    message = serializers.CharField()
    field = serializers.CharField(allow_null=True)

    class Meta:
        ref_name = "QuoteRefusal"


class QuoteHoldingShape(Shape):
    """What a table keeps of the person; `kept_for` says which laws want personal columns of it kept."""

    table = serializers.CharField()
    rows = Whole()
    erased = Flag()
    kept_for = serializers.ListField(child=serializers.CharField())

    class Meta:
        ref_name = "QuoteHolding"


class QuoteShape(Shape):
    """What confirming would do. Sent back as `quote` with the verb, anything that moved since is told and nothing done.

    `lines`, `tax`, `due_now` and `next_invoice` are of the one subscription concerned; `money` has them for each.
    """

    id = serializers.CharField(help_text="Holds for 15 minutes; send it as `quote`.")
    object = constant("quote")
    verb = serializers.CharField()
    possible = Flag()
    lines = QuoteLineShape(many=True)
    tax = MoneyShape(allow_null=True)
    due_now = MoneyShape(allow_null=True)
    next_invoice = MoneyShape(allow_null=True)
    next_invoice_on = On(allow_null=True)
    money = QuoteMoneyShape(many=True)
    access = QuoteEffectShape(many=True)
    mails = QuoteMailShape(many=True)
    webhooks = serializers.ListField(child=serializers.CharField(), help_text="Events that endpoints would be told of.")
    provisioning = serializers.ListField(child=serializers.CharField())
    policy = serializers.DictField(child=serializers.CharField())
    warnings = serializers.ListField(child=serializers.CharField())
    personal_data = QuoteHoldingShape(many=True, help_text="What an erasure finds.")
    refusals = QuoteRefusalShape(many=True)
    expires_at = At()

    class Meta:
        ref_name = "Quote"


def shown_quote(quote: Quote) -> dict[str, Any]:
    amounts = [_money(plan) for plan in [*quote.money, *quote.endings]]
    single = amounts[0] if len(amounts) == 1 else {}
    return {
        "id": quote.token,
        "object": "quote",
        "verb": quote.verb,
        "possible": not quote.is_refused,
        "lines": single.get("lines", []),
        "tax": single.get("tax"),
        "due_now": single.get("due_now"),
        "next_invoice": single.get("next_invoice"),
        "next_invoice_on": single.get("next_invoice_on"),
        "money": amounts,
        "access": [
            {
                "customer": public("cus", one.customer_id),
                "subscription": ref("sub", one.subscription_id),
                "plan": one.plan_name,
                "before": one.before,
                "after": one.after,
            }
            for one in quote.effects
        ],
        "mails": [{"to": one.to, "subject": one.title} for one in quote.mails],
        "webhooks": list(dict.fromkeys(_events(quote))),
        "provisioning": [_step(one) for one in quote.steps],
        "policy": single.get("policy", {}),
        "warnings": [str(one) for one in quote.warnings],
        "personal_data": [
            {"table": one.table, "rows": one.rows, "erased": one.is_erased, "kept_for": list(one.kept_for)}
            for plan in quote.erasures
            for one in plan.holdings
        ],
        "refusals": [{"code": one.code, "message": one.message, "field": one.field} for one in quote.refusals],
        "expires_at": instant(quote.expires_at),
    }


def _money(plan: MoneyPlan) -> dict[str, Any]:
    planned = plan.planned
    if planned is None:  # pragma: no cover - a quote has those that act alone
        raise ValueError("a refused plan has no amounts")
    currency = planned.due_now.currency
    lines = list(planned.lines)
    tax = sum(line.tax.amount for line in lines if line.tax)
    following: NextCharge = plan.after.next
    by_itself = following.without is None
    return {
        "subscription": public("sub", plan.subscription_id),
        "lines": [
            {
                "description": line.text,
                "quantity": line.quantity,
                "amount": money(line.amount),
                "tax": money(line.tax) if line.tax else None,
                "starts_on": day(line.period.starts_on),
                "ends_on": day(line.period.ends_on),
                "derivation": line.why.as_json(),
            }
            for line in lines
        ],
        "tax": {"amount": tax, "currency": currency},
        "due_now": money(planned.due_now),
        "to_balance": money(planned.to_balance),
        "refund": money(planned.plan.refund.amount) if planned.plan.refund else None,
        "next_invoice_on": day(following.on) if by_itself else None,
        "next_invoice": money(following.amount) if by_itself and following.amount is not None else None,
        "policy": dict(plan.sources),
    }


def _events(quote: Quote) -> Iterator[str]:
    for plan in [*quote.money, *quote.endings]:
        yield from (event.kind for event in plan.foreseen)
    for erasure in quote.erasures:
        yield from (event.kind for event in erasure.events)


def _step(one: Foreseen) -> str:
    return f"{one.title}: {one.to}"
