"""What every gateway promises of a charge that waits for a customer, and is taken back since nobody waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.error import HTTPError

import pytest

from billing.gateway.port import CANCELLED, ChargeAnswer, ChargeStatus, charge
from billing.gateway.refusals import GatewayRefusal, UnknownCharge
from tests.threads import in_threads
from tests.world import World

if TYPE_CHECKING:
    from tests.billing.gateway.contract import Terms


def is_taken_back(answer: ChargeAnswer) -> bool:
    return answer.status is ChargeStatus.DECLINED and answer.decline is not None and answer.decline.code == CANCELLED


def confirms(terms: Terms, world: World, charge_id: str) -> None:
    """The customer goes to the bank, which may say that there is nothing to confirm."""
    try:
        terms.authenticate(world.id, charge_id)
    except (GatewayRefusal, HTTPError):
        return


class TakenBackContract:
    """Cancelling, as the port's docstring promises it."""

    def test_what_waits_for_the_customer_is_taken_back_for_good(self, terms: Terms, world: World) -> None:
        request = terms.request(terms.authentication)
        asked = charge(terms.gateway, world.id, request)
        answer = terms.gateway.cancel(world.id, asked.gateway_id)
        assert is_taken_back(answer)
        assert (answer.gateway_id, answer.amount, answer.action_url) == (asked.gateway_id, request.amount, "")
        confirms(terms, world, asked.gateway_id)
        assert terms.gateway.cancel(world.id, asked.gateway_id) == answer, "again is the same"
        assert terms.gateway.look_up(world.id, [request.key])[request.key] == answer
        assert terms.taken(world.id, request.key) == 0

    def test_what_the_customer_confirmed_is_not_taken_back(self, terms: Terms, world: World) -> None:
        request = terms.request(terms.authentication)
        asked = charge(terms.gateway, world.id, request)
        terms.authenticate(world.id, asked.gateway_id)
        assert terms.gateway.cancel(world.id, asked.gateway_id).status is ChargeStatus.SUCCEEDED
        assert terms.taken(world.id, request.key) == 1

    def test_what_waits_for_nobody_stays_as_it_is(self, terms: Terms, world: World) -> None:
        for method in (terms.good, terms.soft):
            answer = charge(terms.gateway, world.id, terms.request(method))
            assert terms.gateway.cancel(world.id, answer.gateway_id) == answer

    @pytest.mark.django_db(transaction=True)
    def test_confirmed_and_taken_back_at_once_it_is_one_of_both(self, terms: Terms, world: World) -> None:
        for _ in range(5):
            request = terms.request(terms.authentication)
            asked = charge(terms.gateway, world.id, request)
            in_threads(
                lambda asked=asked: confirms(terms, world, asked.gateway_id),  # type: ignore[misc]
                lambda asked=asked: terms.gateway.cancel(world.id, asked.gateway_id),  # type: ignore[misc]
            )
            found = terms.gateway.cancel(world.id, asked.gateway_id)
            assert terms.taken(world.id, request.key) == (found.status is ChargeStatus.SUCCEEDED)
            assert is_taken_back(found) or found.status is ChargeStatus.SUCCEEDED

    def test_what_nobody_charged_or_another_partner_did_is_not_there(
        self, terms: Terms, world: World, other_world: World
    ) -> None:
        asked = charge(terms.gateway, world.id, terms.request(terms.authentication))
        for partner_id, gateway_id in ((world.id, "no-such-charge"), (other_world.id, asked.gateway_id)):
            with pytest.raises(UnknownCharge) as refused:
                terms.gateway.cancel(partner_id, gateway_id)
            assert refused.value.field == "charge"
        terms.authenticate(world.id, asked.gateway_id)
