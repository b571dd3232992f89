"""Ways out of a nonpayment: what each costs, and what becomes of the unpaid period."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from billing.queries.change_facts import load_changes
from billing.rules.changes.refusals import CannotChange
from billing.rules.changes.waiving import plan_waiver
from billing.rules.facts import ChangeFacts
from billing.services.pay import BeingCharged, NothingToPay
from billing.services.preview import PaymentPreview, preview_payment
from partnerpanel.kernel.ids import public
from partnerpanel.panel.refusals import refusal_of
from partnerpanel.panel.templatetags.formats import day, money_text


@dataclass(frozen=True, slots=True)
class Unpaid:
    """One subscription and what each way says; `refused` says why there is none just now."""

    id: str
    plan_name: str
    owed: str = ""
    pay: str = ""
    extend: str = ""
    waive: str = ""
    has_card: bool = False
    refused: str = ""


def unpaid_of(partner_id: UUID, subscription_ids: Collection[UUID], *, now: datetime) -> list[Unpaid]:
    """In the open scope; those of the subscriptions that exist, in their order."""
    found = load_changes(partner_id, subscription_ids, now=now)
    return [_unpaid(partner_id, found[id_], now) for id_ in subscription_ids if id_ in found]


def _unpaid(partner_id: UUID, facts: ChangeFacts, now: datetime) -> Unpaid:
    billing = facts.billing
    id_ = public("sub", billing.subscription_id)
    try:
        payment = preview_payment(partner_id, billing.subscription_id, now=now)
        waiver = plan_waiver(facts, note="…", now=now).plan.dates
    except (BeingCharged, NothingToPay, CannotChange) as error:
        return Unpaid(id_, billing.plan_name, refused=refusal_of(error))
    amount = money_text(payment.period_due)
    return Unpaid(
        id_,
        billing.plan_name,
        owed=money_text(payment.due),
        pay=_pay(payment),
        extend=_(
            "It costs nothing: the unpaid period is not owed any more, and you say until when it runs. Money that came "
            "outside can be recorded with it."
        ),
        waive=_("It costs nothing: %(amount)s is forgiven, and it runs until its next billing date, %(day)s.")
        % {"amount": amount, "day": day(waiver.period.ends_on if waiver else None)},
        has_card=payment.method is not None and not payment.stopped,
    )


def _pay(payment: PaymentPreview) -> str:
    words = {
        "amount": money_text(payment.due),
        "from": day(payment.after.starts_on),
        "until": day(payment.after.ends_on),
    }
    text = _("%(amount)s for %(from)s – %(until)s. Access opens as soon as it is paid.") % words
    if payment.fee is None:
        return text
    return f"{text} " + _("%(fee)s of it is the fee for renewing late.") % {"fee": money_text(payment.fee.gross)}
