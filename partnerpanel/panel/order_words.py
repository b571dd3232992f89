"""Orders in words: their states, and what is known of the visitor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerpanel.actions.checkout.order_list import OrderRow, OrderTab
from partnerpanel.actions.checkout.states import CheckoutState
from partnerpanel.panel.statuses import look
from partnerpanel.panel.templatetags.looks import browser


def state_code(state: CheckoutState) -> str:
    """By which the look of an order's state is known: other things are open, or expire, in another sense."""
    return f"order_{state.value}"


TABS: Mapping[OrderTab, Any] = {
    OrderTab.ALL: gettext_lazy("All"),
    **{OrderTab(state.value): look(state_code(state)).text for state in CheckoutState},
}


def visitor_text(row: OrderRow) -> list[str]:
    """What speaks for or against the order: from where and with what it was begun, and whether the address is theirs.

    Empty where nothing of it is kept any more.
    """
    begun = _("From %(address)s") % {"address": row.address} if row.address else ""
    unproved = "" if row.is_proved else _("The e-mail address is not confirmed.")
    return [text for text in (begun, browser(row.agent), unproved) if text]
