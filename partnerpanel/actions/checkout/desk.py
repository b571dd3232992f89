"""Orders: begun, looked at, ordered. What is ordered is written down before a gateway is asked anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from customers.queries.facts import identities
from customers.queries.with_address import customer_at
from customers.rules.profile import Profile, checked
from customers.services.create import NewCustomer, create_customers
from partnerpanel.actions.checkout.beginning import begin
from partnerpanel.actions.checkout.events import buyer_of_row
from partnerpanel.actions.checkout.models import Checkout, CheckoutLink
from partnerpanel.actions.checkout.offers import Offer, refuse_over
from partnerpanel.actions.checkout.quoting import (
    OrderMoved,
    Wanted,
    amounts_of,
    moved_between,
    needs_card,
    plan_for_customer,
    plan_for_stranger,
    wanted_of,
)
from partnerpanel.actions.checkout.states import OPEN_FOR, CheckoutState
from partnerpanel.actions.door import Refused
from partnerpanel.actions.money_plan import MoneyPlan
from partnerpanel.kernel.errors import Conflict, NotFound
from partnerpanel.tenancy.queries import mails_nobody, partner_by_id
from partnerpanel.tenancy.scope import refuse_open_scope, tenant
from subscriptions.queries.catalogue import plan_line
from subscriptions.queries.summaries import SubscriptionLine, lines_of


class NotProved(Conflict):
    """Nobody has shown that the address is theirs."""

    code = "address_not_proved"


class CheckoutOver(Conflict):
    """It was ordered already, or too long ago."""

    code = "checkout_over"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks: from which address, with which browser, in which language."""

    address: str = ""
    agent: str = ""
    locale: str = "en"


def start(
    partner_id: UUID,
    id_: UUID,
    offer: Offer,
    wanted: Wanted,
    *,
    name: str,
    email: str,
    customer_id: UUID | None,
    visitor: Visitor,
    now: datetime,
) -> bool:
    """Writes the order down under its id; False where it is there already, as when a form is sent twice.

    In the open scope. `customer_id` is that of somebody who is signed in. Raises InvalidCustomer naming the field.
    """
    rows = Checkout.objects.for_partner(partner_id)
    if rows.filter(pk=id_).exists():
        return False
    partner = partner_by_id(partner_id)
    profile = Profile(name, email, wanted.country, partner.timezone, region=wanted.region, tax_id=wanted.tax_id)
    if customer_id is None:
        profile = checked(profile)
    is_known = customer_id is not None or mails_nobody(partner_id)
    row = Checkout(
        id=id_,
        partner_id=partner_id,
        link_id=offer.link.pk,
        customer_id=customer_id,
        state=CheckoutState.OPEN,
        currency=wanted.currency,
        quantity=wanted.quantity,
        coupon=wanted.coupon,
        addons=[[str(addon), quantity] for addon, quantity in wanted.addons],
        name=profile.name,
        email=profile.email,
        country=profile.country,
        region=profile.region,
        tax_id=profile.tax_id,
        locale=visitor.locale,
        address=visitor.address[:45],
        agent=visitor.agent[:200],
        proved_at=now if is_known else None,
        opened_at=now,
        due_at=now + OPEN_FOR,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        find(partner_id, id_)  # the same form, sent twice at once; an id of somebody else's is no order here
        return False
    return True


def find(partner_id: UUID, id_: UUID, *, lock: bool = False) -> Checkout:
    """In the open scope. Raises NotFound."""
    rows = Checkout.objects.for_partner(partner_id).select_related("link")
    found = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=id_).first()
    if found is None:
        raise NotFound("There is no such order.")
    return found


def planned(row: Checkout, *, method_id: UUID | None = None, now: datetime) -> MoneyPlan:
    """What the order comes to now, in the open scope: for the customer whose address was proved, if there is one.

    Raises NotFound, CannotChange.
    """
    customer_id = row.customer_id or (customer_at(row.partner_id, row.email) if row.proved_at else None)
    if customer_id is None:
        return plan_for_stranger(row.partner_id, row.link, wanted_of(row), now=now)
    return plan_for_customer(row.link, wanted_of(row), customer_id, method_id=method_id, now=now)


def order(
    partner_id: UUID,
    id_: UUID,
    *,
    shown: Mapping[str, str],
    method_id: UUID | None = None,
    terms_url: str = "",
    now: datetime,
) -> CheckoutState:
    """Orders what was shown, once, however often it is asked for; with `method_id` it is paid with that card.

    Where a card is needed first it waits for one. Opens its own scope. Raises NotFound, NotProved, CheckoutOver,
    LinkOver, OrderMoved with what differs, Refused; then nothing is written.
    """
    refuse_open_scope("An order")
    try:
        return _order(partner_id, id_, shown=shown, method_id=method_id, terms_url=terms_url, now=now)
    except IntegrityError:
        # Somebody became a customer with this address at the same instant; now it is found.
        return _order(partner_id, id_, shown=shown, method_id=method_id, terms_url=terms_url, now=now)


def _order(
    partner_id: UUID, id_: UUID, *, shown: Mapping[str, str], method_id: UUID | None, terms_url: str, now: datetime
) -> CheckoutState:
    with tenant(partner_id):
        row = find(partner_id, id_, lock=True)
        if row.state in (CheckoutState.PAYING, CheckoutState.COMPLETED):
            return CheckoutState(row.state)
        if row.state != CheckoutState.OPEN or now >= row.opened_at + OPEN_FOR:
            raise CheckoutOver("This order was begun too long ago. Begin it again.")
        if row.proved_at is None:
            raise NotProved("Type the code that we have mailed you first.")
        link = CheckoutLink.objects.for_partner(partner_id).select_for_update().get(pk=row.link_id)
        refuse_over(link, plan_line(partner_id, link.plan_id), now=now)
        row.link, row.customer_id = link, row.customer_id or _customer(row, now)
        plan = plan_for_customer(link, wanted_of(row), row.customer_id, method_id=method_id, now=now, lock=True)
        if plan.refusal is not None:
            raise Refused(plan.refusal.message, field=plan.refusal.field, reason=plan.refusal.code)
        if moved := moved_between(shown, plan):
            raise OrderMoved(moved)
        row.state, row.agreed, row.refusal = CheckoutState.PAYING, amounts_of(plan), ""
        row.terms_url, row.ordered_at, row.due_at, row.attempts = terms_url, now, now, 0
        if method_id is not None or not needs_card(plan, link):
            begin(row, plan, method_id=method_id, now=now)
        row.save()
    return CheckoutState.PAYING


def _customer(row: Checkout, now: datetime) -> UUID:
    """The customer with the address, which is proved; made where there is none."""
    found = customer_at(row.partner_id, row.email)
    if found is not None:
        return found
    partner = partner_by_id(row.partner_id)
    profile = Profile(
        row.name, row.email, row.country, partner.timezone, row.locale, tax_id=row.tax_id, region=row.region
    )
    [made] = create_customers([NewCustomer(profile, now)], actor=buyer_of_row(row), now=now)
    return made


@dataclass(frozen=True, slots=True)
class Bought:
    """What came of an order, for its last page."""

    line: SubscriptionLine
    address: str


def bought(row: Checkout, *, now: datetime) -> Bought | None:
    """In the open scope; None where the customer is gone by now."""
    if row.customer_id is None:
        return None
    lines = lines_of(row.partner_id, [row.customer_id], now=now).get(row.customer_id, [])
    line = next((one for one in lines if one.id == row.subscription_id), None)
    who = identities(row.partner_id, [row.customer_id]).get(row.customer_id)
    return Bought(line, who.email) if line is not None and who is not None else None
