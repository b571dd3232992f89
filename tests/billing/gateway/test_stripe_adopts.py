"""Who is at Stripe already keeps customer and card; Stripe itself says that they belong together."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command

from billing.gateway.port import ChargeRequest, ChargeStatus, charge
from billing.gateway.registry import gateway_named
from billing.models import PaymentMethod
from partnerpanel.embedded.stripe.account import Object
from partnerpanel.embedded.stripe.api import answer
from partnerpanel.embedded.stripe.server import Double
from partnerpanel.kernel.ids import public
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.scope import tenant
from tests.billing.gateway.stripe_worlds import KEY, double
from tests.world import World

__all__ = ["double"]


def at_stripe(double: Double) -> tuple[Object, Object]:
    """A customer with a card, as another system has left them."""
    account = double.account(KEY)
    customer = answer(account, "POST", "/v1/customers", {})
    return customer, answer(account, "POST", "/v1/payment_methods/pm_card_visa/attach", {"customer": customer["id"]})


def adopt(world: World, path: Path, rows: list[tuple[UUID, str, str]], **options: bool) -> str:
    lines = [",".join((public("cus", customer), ref, method)) for customer, ref, method in rows]
    path.write_text("\n".join(["customer,stripe_customer,payment_method", *lines]))
    said = StringIO()
    call_command("adopt_stripe_cards", path, partner=world.partner.slug, stdout=said, **options)
    return said.getvalue()


def cards(world: World) -> list[tuple[UUID, str, str]]:
    with tenant(world.id):
        return list(PaymentMethod.objects.for_partner(world.id).values_list("customer", "gateway_ref", "last4"))


def test_an_adopted_card_is_charged_at_the_customer_it_belongs_to(double: Double, world: World, tmp_path: Path) -> None:
    ours, (theirs, card) = world.customer(), at_stripe(double)
    rows = [(ours, theirs["id"], card["id"])]
    assert "can be" in adopt(world, tmp_path / "cards.csv", rows, dry_run=True)
    assert cards(world) == []
    for _ in range(2):
        assert "1 cards were taken over" in adopt(world, tmp_path / "cards.csv", rows)
        assert cards(world) == [(ours, card["id"], "4242")]
    request = ChargeRequest("first", Money(1_000, "EUR"), card["id"], str(ours))
    paid = charge(gateway_named("stripe"), world.id, request)
    assert paid.status is ChargeStatus.SUCCEEDED
    assert double.account(KEY).objects[paid.gateway_id]["customer"] == theirs["id"]


def test_where_one_row_is_wrong_none_is_taken_over(double: Double, world: World, tmp_path: Path) -> None:
    (good, card), (other, _) = at_stripe(double), at_stripe(double)
    ours = world.customers(3)
    rows = [
        (ours[0], good["id"], card["id"]),
        (ours[1], other["id"], card["id"]),
        (ours[2], other["id"], "pm_nothing"),
    ]
    with pytest.raises(CommandError, match="2 of 3 rows are wrong"):
        adopt(world, tmp_path / "cards.csv", rows)
    assert cards(world) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("customer,stripe_customer\n", "no column payment_method"),
        ("customer,stripe_customer,payment_method\nanna,cus_1,pm_1\n", "Line 2: “anna” is no id of a customer"),
        ("customer,stripe_customer,payment_method\nanna,cus_1\n", "Line 2: stripe_customer and payment_method"),
        (None, "There is no file"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_with_its_line(
    world: World, tmp_path: Path, text: str | None, said: str
) -> None:
    path = tmp_path / "cards.csv"
    if text is not None:
        path.write_text(text)
    with pytest.raises(CommandError, match=said):
        call_command("adopt_stripe_cards", path, partner=world.partner.slug)
