"""The sandbox keeps every gateway's promises, and its documented methods do what the documentation says."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from django.db import OperationalError
from pytest_django import DjangoAssertNumQueries

from billing.gateway import sandbox as sandbox_package
from billing.gateway.models import SandboxCharge
from billing.gateway.port import ChargeRequest, ChargeStatus, DeclineKind, Gateway, RefundRequest, charge
from billing.gateway.refusals import InvalidRequest, UnknownCharge, UnknownGateway
from billing.gateway.registry import gateway_named
from billing.gateway.sandbox import journal, methods
from billing.gateway.sandbox.gateway import complete_authentication
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.scope import ScopeError, tenant
from tests.billing.gateway.contract import PRICE, GatewayContract, Terms
from tests.threads import in_threads
from tests.world import World

DOCUMENTATION = Path(__file__).parents[3] / "docs" / "sandbox.md"


def taken(partner_id: UUID, key: str) -> int:
    with tenant(partner_id):
        rows = SandboxCharge.objects.for_partner(partner_id).filter(key=key, status=ChargeStatus.SUCCEEDED)
        return rows.count()


TERMS = Terms(
    gateway=gateway_named("sandbox"),
    good=methods.OK,
    soft=methods.SOFT_DECLINE,
    hard=methods.HARD_DECLINE,
    answer_lost=methods.ANSWER_LOST,
    authentication=methods.AUTHENTICATION,
    missing="sandbox_no_such_card",
    taken=taken,
    authenticate=complete_authentication,
)


class TestSandbox(GatewayContract):
    @pytest.fixture
    def terms(self) -> Terms:
        return TERMS


@pytest.fixture
def sandbox() -> Gateway:
    return gateway_named("sandbox")


def statuses(sandbox: Gateway, world: World, requests: list[ChargeRequest]) -> list[str]:
    return [answer.status.value for answer in sandbox.charge_many(world.id, requests)]


def renewal(customer: str = "cus_1", key: str = "") -> ChargeRequest:
    return replace(TERMS.request(methods.DECLINES_ON_RENEWAL, key=key), customer=customer)


def test_declines_on_renewal_succeeds_for_each_customer_once(sandbox: Gateway, world: World) -> None:
    first = renewal()
    assert statuses(sandbox, world, [first]) == ["succeeded"]
    for _ in range(2):
        answer = charge(sandbox, world.id, renewal())
        assert answer.status is ChargeStatus.DECLINED
        assert answer.decline is not None
        assert answer.decline.kind is DeclineKind.SOFT
    assert statuses(sandbox, world, [renewal("cus_2"), first, TERMS.request()]) == ["succeeded"] * 3


def test_of_two_first_charges_in_one_batch_the_first_succeeds(sandbox: Gateway, world: World) -> None:
    assert statuses(sandbox, world, [renewal(key="z"), renewal(key="a")]) == ["succeeded", "declined"]


@pytest.mark.django_db(transaction=True)
def test_two_first_charges_at_once_succeed_once(sandbox: Gateway, world: World) -> None:
    found = in_threads(*[lambda: charge(sandbox, world.id, renewal()).status] * 4)
    assert sorted(found) == ["declined", "declined", "declined", "succeeded"]


@pytest.mark.django_db(transaction=True)
def test_the_same_batch_in_opposite_orders_at_once_is_charged_once(sandbox: Gateway, world: World) -> None:
    batch = [renewal(f"cus_{number}") for number in range(50)] + [TERMS.request() for _ in range(50)]
    one, other = in_threads(*[lambda it=it: statuses(sandbox, world, it) for it in (batch, batch[::-1])])
    assert one == other == ["succeeded"] * 100
    with tenant(world.id):
        assert SandboxCharge.objects.for_partner(world.id).count() == 100


def test_a_lost_answer_stays_lost_however_often_it_is_asked_for(sandbox: Gateway, world: World) -> None:
    request = TERMS.request(methods.ANSWER_LOST)
    assert [statuses(sandbox, world, [request]) for _ in range(3)] == [["unknown"]] * 3


def test_authentication_twice_is_once_and_only_where_it_was_asked_for(sandbox: Gateway, world: World) -> None:
    asked = charge(sandbox, world.id, TERMS.request(methods.AUTHENTICATION))
    once, twice = (complete_authentication(world.id, asked.gateway_id) for _ in range(2))
    assert once == twice
    assert once.status is ChargeStatus.SUCCEEDED
    declined = charge(sandbox, world.id, TERMS.request(methods.SOFT_DECLINE))
    for gateway_id in (declined.gateway_id, "sbx_nothing"):
        with pytest.raises(UnknownCharge):
            complete_authentication(world.id, gateway_id)


def test_five_hundred_charges_are_a_handful_of_statements(
    sandbox: Gateway, world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    batch = [TERMS.request() for _ in range(500)]
    with django_assert_max_num_queries(8):
        assert statuses(sandbox, world, batch) == ["succeeded"] * 500


def test_inside_an_open_scope_it_refuses_to_work(sandbox: Gateway, world: World) -> None:
    request = TERMS.request()
    with tenant(world.id):
        for work in (
            lambda: sandbox.charge_many(world.id, [request]),
            lambda: sandbox.look_up(world.id, [request.key]),
            lambda: sandbox.refund(world.id, RefundRequest("r", "sbx_1", PRICE)),
            lambda: complete_authentication(world.id, "sbx_1"),
        ):
            with pytest.raises(ScopeError):
                work()
    assert sandbox.look_up(world.id, [request.key]) == {}


def test_a_journal_that_breaks_leaves_every_answer_unknown(
    sandbox: Gateway, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OperationalError("the server went away")

    batch = [TERMS.request(), TERMS.request("sandbox_no_such_card"), TERMS.request()]
    monkeypatch.setattr(journal, "write", broken)
    assert statuses(sandbox, world, batch) == ["unknown", "declined", "unknown"]
    monkeypatch.undo()
    assert statuses(sandbox, world, batch) == ["succeeded", "declined", "succeeded"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount": Money(0, "USD")}, "amount"),
        ({"amount": Money(-1, "USD")}, "amount"),
        ({"amount": Money(10**12, "USD")}, "amount"),
        ({"key": ""}, "key"),
        ({"key": "k" * 201}, "key"),
        ({"key": "two words"}, "key"),
        ({"method": "\0"}, "method"),
        ({"customer": "Jürgen"}, "customer"),
        ({"metadata": {"note": "\0"}}, "metadata"),
        ({"metadata": {"note": "x" * 501}}, "metadata"),
        ({"metadata": {"": "nameless"}}, "metadata"),
        ({"metadata": dict.fromkeys(map(str, range(51)), "")}, "metadata"),
    ],
)
def test_what_no_gateway_takes_is_refused_before_one_is_asked(changes: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        replace(TERMS.request(), **changes)  # type: ignore[arg-type]
    assert refused.value.field == field


def test_a_gateway_that_does_not_exist_is_refused_by_name() -> None:
    with pytest.raises(UnknownGateway) as refused:
        gateway_named("paypol")
    assert refused.value.field == "gateway"


@pytest.mark.parametrize("text", [DOCUMENTATION.read_text(), sandbox_package.__doc__ or ""], ids=["docs", "docstring"])
def test_the_documentation_names_every_method_and_no_other(text: str) -> None:
    assert set(re.findall(r"^[|` ]*(sandbox_\w+)", text, re.MULTILINE)) == set(methods.BEHAVIOURS)
