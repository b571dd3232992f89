"""What the double knows, as text: the demo's outlives a restart, since its database remembers what was charged."""

from __future__ import annotations

import json
from dataclasses import asdict

from partnerpanel.embedded.stripe.account import Account, Kept
from partnerpanel.embedded.stripe.server import Double


def written(double: Double) -> str:
    """Everything but what goes wrong on purpose."""
    accounts = {}
    for key, account in list(double.accounts.items()):
        with account.lock:
            answers = {name: asdict(kept) for name, kept in account.answers.items() if kept.status is not None}
            accounts[key] = {
                "id": account.id,
                "is_live": account.is_live,
                "objects": account.objects,
                "answers": answers,
                "untold": account.untold,
            }
    return json.dumps(accounts)


def remember(double: Double, text: str) -> None:
    """The same again, in a double that has heard nothing yet."""
    for key, said in json.loads(text).items():
        account = Account(said["id"], is_live=said["is_live"], url=double.url)
        account.objects, account.untold = said["objects"], said["untold"]
        account.answers = {name: Kept(**kept) for name, kept in said["answers"].items()}
        double.accounts[key] = account
