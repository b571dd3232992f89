"""What each address of the double answers, for one account under its lock."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from partnerpanel.embedded.stripe import checkout, endpoints, intents, returns
from partnerpanel.embedded.stripe.account import Account, Object, Refused, shown

Handler = Callable[[Account, str, Object], Object]


def answer(account: Account, method: str, path: str, given: Object) -> Object:
    """The object asked for, without what only the double knows of it. Raises Refused, Dropped."""
    for (verb, pattern), handler in _ROUTES.items():
        found = re.fullmatch(pattern, path)
        if verb == method and found:
            return shown(handler(account, (found.groups() or ("",))[0], given))
    raise Refused(404, message=f"Unrecognized request URL ({method}: {path}).")


def _customer(account: Account, _: str, given: Object) -> Object:
    known = {name: given.get(name) for name in ("name", "email", "description")}
    return account.make("customer", "cus", metadata=dict(given.get("metadata", {})), **known)


def _attach(account: Account, id_: str, given: Object) -> Object:
    method = intents.method_of(account, id_)
    method["customer"] = account.get(given.get("customer"), "customer", "customer")["id"]
    return method


def _detach(account: Account, id_: str, _: Object) -> Object:
    method = account.get(id_, "payment_method")
    if not method.get("customer"):
        message = "The payment method you provided is not attached to a customer so detachment is impossible."
        raise Refused(400, code="payment_method_unexpected_state", message=message)
    method["customer"] = None
    account.tell("payment_method.detached", method)
    return method


def _change_method(account: Account, id_: str, given: Object) -> Object:
    method = account.get(id_, "payment_method")
    method["card"] |= {name: int(value) for name, value in given.get("card", {}).items()}
    account.tell("payment_method.updated", method)
    return method


def _expanded(account: Account, found: Object, given: Object, at: str = "") -> Object:
    """With the intents in it that were asked for."""
    asked = given.get("expand", {}).values()
    wanted = [name for name in ("payment_intent", "setup_intent") if f"{at}{name}" in asked and found.get(name)]
    return found | {name: shown(account.objects[found[name]]) for name in wanted}


def _getter(kind: str) -> Handler:
    return lambda account, id_, _: account.get(id_, kind)


def _lister(kind: str, path: str, *filters: str) -> Handler:
    def listed(account: Account, _: str, given: Object) -> Object:
        found = list(account.of(kind, **{name: given[name] for name in filters if name in given}))
        found = list(_within(found, given.get("created", {})))
        if after := given.get("starting_after"):
            found = found[[one["id"] for one in found].index(account.get(after, kind, "starting_after")["id"]) + 1 :]
        limit = int(given.get("limit", 10))
        data = [_expanded(account, shown(one), given, "data.") for one in found[:limit]]
        return {"object": "list", "url": path, "has_more": len(found) > limit, "data": data}

    return listed


def _within(found: list[Object], created: Mapping[str, str]) -> Iterator[Object]:
    least, below = int(created.get("gte", 0)), int(created.get("lt", 2**62))
    return (one for one in found if least <= one["created"] < below)


def _account(account: Account, *_: Any) -> Object:
    return {"id": account.id, "object": "account", "charges_enabled": True}


def _balance(account: Account, *_: Any) -> Object:
    return {"object": "balance", "livemode": account.is_live, "available": [], "pending": []}


_ID = r"/([\w-]+)"
_ROUTES: Mapping[tuple[str, str], Handler] = {
    ("GET", "/v1/account"): _account,
    ("GET", "/v1/balance"): _balance,
    ("POST", "/v1/customers"): _customer,
    ("GET", "/v1/customers" + _ID): _getter("customer"),
    ("GET", "/v1/payment_methods" + _ID): lambda account, id_, _: intents.method_of(account, id_),
    ("POST", "/v1/payment_methods" + _ID + "/attach"): _attach,
    ("POST", "/v1/payment_intents"): lambda account, _, given: intents.create(account, given),
    ("GET", "/v1/payment_intents"): _lister("payment_intent", "/v1/payment_intents", "customer"),
    ("GET", "/v1/payment_intents" + _ID): _getter("payment_intent"),
    ("POST", "/v1/payment_intents" + _ID + "/confirm"): lambda account, id_, given: intents.confirm(
        account, account.get(id_, "payment_intent"), given
    ),
    ("POST", "/v1/payment_intents" + _ID + "/cancel"): lambda account, id_, given: intents.cancel(
        account, account.get(id_, "payment_intent"), given
    ),
    ("POST", "/v1/payment_methods" + _ID + "/detach"): _detach,
    ("POST", "/v1/payment_methods" + _ID): _change_method,
    ("POST", "/v1/checkout/sessions"): lambda account, _, given: checkout.create(account, given),
    ("GET", "/v1/checkout/sessions"): _lister("checkout.session", "/v1/checkout/sessions", "customer", "status"),
    ("GET", "/v1/checkout/sessions" + _ID): lambda account, id_, given: _expanded(
        account, account.get(id_, "checkout.session"), given
    ),
    ("GET", "/v1/setup_intents" + _ID): _getter("setup_intent"),
    ("GET", "/v1/disputes"): _lister("dispute", "/v1/disputes", "payment_intent"),
    ("GET", "/v1/disputes" + _ID): lambda account, id_, given: _expanded(account, account.get(id_, "dispute"), given),
    ("POST", "/v1/webhook_endpoints"): lambda account, _, given: endpoints.create(account, given),
    ("GET", "/v1/webhook_endpoints"): _lister("webhook_endpoint", "/v1/webhook_endpoints"),
    ("GET", "/v1/webhook_endpoints" + _ID): _getter("webhook_endpoint"),
    ("DELETE", "/v1/webhook_endpoints" + _ID): endpoints.delete,
    ("POST", "/v1/refunds"): lambda account, _, given: returns.refund(account, given),
    ("GET", "/v1/refunds"): _lister("refund", "/v1/refunds", "payment_intent"),
    ("GET", "/v1/refunds" + _ID): _getter("refund"),
}
