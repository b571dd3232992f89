"""What a gateway refuses, and what is refused before one is asked. After any of these nothing was charged."""

from __future__ import annotations

import re
from collections.abc import Mapping

from partnerpanel.kernel.errors import DomainError
from partnerpanel.kernel.money import Money

# The narrowest limits of the gateways we know, so that a request which was accepted here fits everywhere.
LARGEST_AMOUNT = 10**12 - 1
METADATA_ENTRIES, METADATA_NAME, METADATA_VALUE = 50, 40, 500
_TEXT = re.compile(r"[!-~]{1,200}")


class GatewayRefusal(DomainError):
    """The gateway does not take this request, however often it is asked."""

    code = "gateway_refused"


class InvalidRequest(GatewayRefusal):
    """An amount of nothing or less, or a key, id or metadata that no gateway takes."""

    code = "invalid_gateway_request"


class UnknownMethod(GatewayRefusal):
    """The gateway has no such payment method."""

    code = "unknown_payment_method"


class UnknownCharge(GatewayRefusal):
    """The gateway has no such charge, or it took no money."""

    code = "unknown_charge"


class KeyReused(GatewayRefusal):
    """The key stands for another request already; asking for this one took a key that is not its own."""

    code = "gateway_key_reused"
    status = 409


class OverRefund(GatewayRefusal):
    """More than what is left of the charge."""

    code = "over_refund"


class UnknownGateway(GatewayRefusal):
    """No gateway has this name."""

    code = "unknown_gateway"


class GatewayDown(DomainError):
    """Nobody could be asked, and nothing was charged: the same requests may be asked later, with the same keys."""

    code = "gateway_down"
    status = 503


def checked_text(text: str, field: str) -> None:
    """Raises InvalidRequest unless it is 1 to 200 visible ASCII characters."""
    if not _TEXT.fullmatch(text):
        raise InvalidRequest("Keys and ids are 1 to 200 letters, digits and signs without spaces.", field=field)


def checked_amount(amount: Money) -> None:
    """Raises InvalidRequest unless the amount is more than nothing, and less than a gateway can count."""
    if not 0 < amount.amount <= LARGEST_AMOUNT:
        raise InvalidRequest(f"{amount} cannot be moved; the amount is more than zero.", field="amount")


def checked_metadata(metadata: Mapping[str, str]) -> None:
    """Raises InvalidRequest for more, or for longer entries than gateways keep."""
    fits = len(metadata) <= METADATA_ENTRIES and all(
        1 <= len(name) <= METADATA_NAME and len(value) <= METADATA_VALUE and "\0" not in name + value
        for name, value in metadata.items()
    )
    if not fits:
        raise InvalidRequest(
            f"Metadata is at most {METADATA_ENTRIES} entries of {METADATA_NAME} and {METADATA_VALUE} characters.",
            field="metadata",
        )
