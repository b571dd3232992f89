"""How an order goes on and ends: the one function that the return page, the gateway's news and the sweep end in."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from billing.charging.at_once import ask_now
from billing.gateway.registry import CARD_DESKS
from billing.methods.queries import default_method_of
from billing.queries.charges import charges_under_way
from billing.rules.changes.refusals import CannotChange
from billing.services.entered_card import take_entered_card
from partnerpanel.actions.checkout.beginning import begin, note_card
from partnerpanel.actions.checkout.desk import find
from partnerpanel.actions.checkout.events import tell
from partnerpanel.actions.checkout.models import Checkout, CheckoutLink
from partnerpanel.actions.checkout.offers import LinkOver, refuse_over
from partnerpanel.actions.checkout.quoting import moved_between, plan_for_customer, wanted_of
from partnerpanel.actions.checkout.states import CARD_WITHIN, OPEN_FOR, CheckoutState
from partnerpanel.tenancy.scope import refuse_open_scope, tenant
from subscriptions.queries.catalogue import plan_line
from subscriptions.queries.standings import standings_of
from subscriptions.rules.states import SERVED, Lifecycle

MOVED = "moved"
# How long until it is looked at again by itself, by how long ago it was ordered.
SOON, LATER, RARELY = timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1)


def settle(partner_id: UUID, id_: UUID, *, page: str = "", now: datetime) -> CheckoutState:
    """Takes a card that was entered, begins what was ordered, has it charged, and ends what has ended.

    `page` is one that the buyer comes back from, where it is not the newest. Whoever calls it, how often and at once:
    each step happens once. Killed between two of them, the next call goes on. Opens scopes of its own. Raises NotFound,
    GatewayDown.
    """
    refuse_open_scope("An order")
    _take_card(partner_id, id_, page, now)
    with tenant(partner_id):
        row = find(partner_id, id_, lock=True)
        if row.state == CheckoutState.PAYING and row.subscription_id is None:
            row.method_id = row.method_id or _card_since_order(row)
            if row.method_id is not None:
                _begin(row, now)
            row.save()
        asking = _unasked(row)
    if asking:
        ask_now(partner_id, asking, now=now)
    with tenant(partner_id):
        row = find(partner_id, id_, lock=True)
        _conclude(row, now)
        row.save()
    return CheckoutState(row.state)


def _card_since_order(row: Checkout) -> UUID | None:
    """The card that the customer gave since it ordered, on whichever page."""
    if row.customer_id is None or row.ordered_at is None:
        return None
    card = default_method_of(row.partner_id, [row.customer_id]).get(row.customer_id)
    return card.id if card is not None and card.added_at >= row.ordered_at else None


def _take_card(partner_id: UUID, id_: UUID, page: str, now: datetime) -> None:
    """What was entered on the gateway's page becomes the customer's card, and is charged what is open."""
    with tenant(partner_id):
        row = find(partner_id, id_)
    page, desk = page or row.page, CARD_DESKS.get(row.gateway)
    if not page or desk is None or row.state != CheckoutState.PAYING:
        return
    entered = desk.entered_card(partner_id, page)
    if entered is None or entered.customer_id != row.customer_id:
        return
    take_entered_card(partner_id, desk.name, entered, now=now)
    with tenant(partner_id):
        row = find(partner_id, id_, lock=True)
        note_card(row, gateway=desk.name, ref=entered.ref)
        row.page = "" if row.page == page else row.page
        row.save(update_fields=["method_id", "page"])


def _begin(row: Checkout, now: datetime) -> None:
    """What was agreed, and nothing else: where it would cost another amount, the order is open again and says so."""
    if row.customer_id is None:
        return
    row.link = CheckoutLink.objects.for_partner(row.partner_id).select_for_update().get(pk=row.link_id)
    try:
        refuse_over(row.link, plan_line(row.partner_id, row.link.plan_id), now=now)
        plan = plan_for_customer(row.link, wanted_of(row), row.customer_id, method_id=row.method_id, now=now, lock=True)
    except (LinkOver, CannotChange) as error:
        _open_again(row, error.code, now)
        return
    if plan.refusal is not None:
        _open_again(row, plan.refusal.code, now)
    elif moved_between(row.agreed, plan):
        _open_again(row, MOVED, now)
    else:
        begin(row, plan, method_id=row.method_id, now=now)


def _open_again(row: Checkout, why: str, now: datetime) -> None:
    """The card is kept; whoever comes back is shown what holds now. `agreed` is still what was shown before."""
    row.state, row.refusal, row.method_id = CheckoutState.OPEN, why[:40], None
    row.opened_at, row.due_at = now, now + OPEN_FOR


def _unasked(row: Checkout) -> Collection[UUID]:
    """Charges of the customer that nobody has been asked for."""
    if row.state != CheckoutState.PAYING or row.subscription_id is None or row.customer_id is None:
        return ()
    return charges_under_way(row.partner_id, row.customer_id)


def _conclude(row: Checkout, now: datetime) -> None:
    row.leased_until, row.last_error, row.attempts = None, "", 0
    if row.state == CheckoutState.OPEN and now >= row.opened_at + OPEN_FOR:
        end(row, CheckoutState.EXPIRED, now)
    elif row.state != CheckoutState.PAYING:
        row.due_at = row.opened_at + OPEN_FOR if row.state == CheckoutState.OPEN else None
    elif row.subscription_id is not None:
        _follow(row, now)
    elif row.ordered_at is not None and now >= row.ordered_at + CARD_WITHIN:
        end(row, CheckoutState.ABANDONED, now)
    else:
        _look_again(row, now)


def _follow(row: Checkout, now: datetime) -> None:
    """As the subscription goes."""
    if row.subscription_id is None:
        return
    lifecycle = standings_of(row.partner_id, [row.subscription_id])[row.subscription_id].lifecycle
    if lifecycle in SERVED:
        end(row, CheckoutState.COMPLETED, now)
    elif lifecycle is Lifecycle.ENDED:
        end(row, CheckoutState.ABANDONED, now)
    else:
        _look_again(row, now)


def _look_again(row: Checkout, now: datetime) -> None:
    age = now - row.ordered_at if row.ordered_at else timedelta()
    row.due_at = now + (SOON if age < LATER else LATER if age < CARD_WITHIN else RARELY)


def end(row: Checkout, state: CheckoutState, now: datetime) -> None:
    """Ends it and records that; under its lock, the caller saves it."""
    row.state, row.ended_at, row.due_at, row.page = state, now, None, ""
    tell(row, "completed" if state is CheckoutState.COMPLETED else "expired", now=now, state=state.value)
