"""A client generated from the description does what the quick start of the documentation does, over the network."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from partnerpanel.actions.api_keys import create_key
from partnerpanel.actions.test_mode import open_test_mode
from partnerpanel.api.document import document
from partnerpanel.tenancy.actor import Actor
from tests.people import Person
from tests.world import NOW

NAME = "generated_partner_panel"


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The client's package, importable."""
    place = tmp_path_factory.mktemp("client")
    (place / "openapi.json").write_text(json.dumps(document()))
    overrides = "content_type_overrides: {application/pdf: application/octet-stream}"
    (place / "config.yml").write_text(f"post_hooks: []\n{overrides}\n")
    command = [str(Path(sys.executable).parent / "openapi-python-client"), "generate", "--meta", "none"]
    where = ["--path", "openapi.json", "--config", "config.yml", "--output-path", NAME]
    done = subprocess.run([*command, *where], cwd=place, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "WARNING" not in done.stdout, done.stdout
    sys.path.insert(0, str(place))
    yield place
    sys.path.remove(str(place))


class Generated:
    """Calls an operation by its name, and gives its body."""

    def __init__(self, address: str, secret: str) -> None:
        self.client = self.part("client").AuthenticatedClient(base_url=address, token=secret, timeout=60)

    def close(self) -> None:
        self.client.get_httpx_client().close()

    def part(self, name: str) -> ModuleType:
        return importlib.import_module(f"{NAME}.{name}")

    def __call__(self, tag: str, operation: str, model: str = "", body: Any = None, **sent: Any) -> Any:
        if model:
            sent["body"] = getattr(self.part("models"), model).from_dict(body)
        answer = self.part(f"api.{tag}.{operation}").sync_detailed(client=self.client, **sent)
        assert answer.status_code in (200, 201), answer.content
        return answer.parsed.to_dict()


@pytest.mark.django_db(transaction=True)
def test_a_generated_client_does_the_quick_start(generated: Path, owner: Person, live_server: LiveServer) -> None:
    twin = open_test_mode(actor=owner.actor, now=NOW)
    secret = create_key(name="Generated", scopes=["all"], actor=Actor.system(twin.pk), now=NOW).secret
    with closing(Generated(live_server.url, secret)) as call:
        does_the_quick_start(call)


def does_the_quick_start(call: Generated) -> None:
    assert call("me", "retrieve_me")["mode"] == "test"
    product = call("products", "create_product", "ProductInput", {"name": "Hosting"})
    price = {"amount": 2900, "currency": "EUR"}
    wanted = {"name": "Small", "product": product["id"], "interval": "month", "price": price}
    plan = call("plans", "create_plan", "PlanInput", wanted)
    ada = {"name": "Ada Example", "email": "ada@example.com"}
    customer = call("customers", "create_customer", "CustomerInput", ada)

    wanted = {"customer": customer["id"], "plan": plan["id"], "payment": "invoice"}
    quote = call("subscriptions", "preview_create_subscription", "SubscriptionInput", wanted)
    assert quote["due_now"] == price
    wanted["quote"] = quote["id"]
    bought = call("subscriptions", "create_subscription", "SubscriptionInput", wanted, idempotency_key="1")
    card = {"customer": customer["id"], "method": "sandbox_ok"}
    call("payment_methods", "create_payment_method", "PaymentMethodInput", card, idempotency_key="2")

    to = f"{int(call('test_clock', 'retrieve_test_clock')['now'][:4]) + 1}-01-01T00:00:00Z"
    told = call("test_clock", "advance_test_clock", "AdvanceInput", {"to": to})
    assert told["state"] == "arrived"
    subscription = call("subscriptions", "retrieve_subscription", id=bought["id"])
    assert (subscription["lifecycle"], subscription["access"]) == ("active", "open")
    invoices = call("invoices", "list_invoices", customer=customer["id"])
    assert {invoice["status"] for invoice in invoices["data"]} == {"paid"}
