"""Popups as a browser without a script meets them: the first press shows what would happen, the second does it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from django.test import Client

from partnerpanel.kernel.ids import public
from tests.actions.selling import Buyer


def address(buyer: Buyer, verb: str) -> str:
    """Of the popup of the buyer's subscription."""
    return f"/panel/{buyer.shop.world.partner.slug}/subscriptions/{public('sub', buyer.subscription)}/{verb}/"


def customer_address(buyer: Buyer, verb: str = "") -> str:
    """The same of the buyer, or the buyer's page."""
    return f"/panel/{buyer.shop.world.partner.slug}/customers/{public('cus', buyer.customer)}/{verb}"


def quoted(answer: Any) -> str:
    """The quote that the popup would cite."""
    found = re.search(r'name="quote" value="([^"]*)"', answer.content.decode())
    assert found, "the popup carries a quote"
    return found[1]


def text(answer: Any) -> str:
    """What a person reads there, in one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def previewed(client: Client, where: str, data: Mapping[str, str]) -> str:
    """What the part below the form says while somebody fills it in."""
    return text(client.post(f"{where}?preview", data))


def confirm(client: Client, where: str, data: Mapping[str, str]) -> Any:
    """Presses the button twice, and follows to the page that comes then."""
    first = client.post(where, data)
    assert first.status_code == 200, text(first)
    return client.post(where, {**data, "quote": quoted(first)}, follow=True)
