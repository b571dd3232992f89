"""Webhook endpoints of the double: made through its API, each with a secret of its own that is told once."""

from __future__ import annotations

import secrets
from typing import Any

from partnerpanel.embedded.stripe.account import Account, Object, Refused


def create(account: Account, given: Object) -> Object:
    """The only answer that holds the secret. Raises Refused."""
    kinds = [kind for _, kind in sorted(given.get("enabled_events", {}).items())]
    for name, value in (("url", given.get("url")), ("enabled_events", kinds)):
        if not value:
            raise Refused(400, code="parameter_missing", param=name, message=f"Missing required param: {name}.")
    secret = "whsec_" + secrets.token_hex(16)
    made = account.make(
        "webhook_endpoint", "we", url=given["url"], enabled_events=kinds, status="enabled", metadata={}, _secret=secret
    )
    return {**made, "secret": secret}


def delete(account: Account, id_: str, _: Object) -> Object:
    account.get(id_, "webhook_endpoint")
    del account.objects[id_]
    return {"id": id_, "object": "webhook_endpoint", "deleted": True}


def wants(endpoint: Object, event: Object) -> bool:
    kinds: Any = endpoint["enabled_events"]
    return "*" in kinds or event["type"] in kinds
