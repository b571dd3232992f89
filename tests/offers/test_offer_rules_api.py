"""Rules of offers by a program: made, changed, switched off, and read with what they offered."""

from __future__ import annotations

import pytest

from partnerpanel.kernel.ids import public
from tests.actions.selling import Shop
from tests.api.program import make_program
from tests.offers.leaving import Leaver
from tests.people import Team
from tests.world import World

pytestmark = pytest.mark.django_db


def test_a_rule_is_made_changed_and_switched_off_by_a_program(world: World, team: Team) -> None:
    shop, program = Shop(world, team.owner), make_program(team.owner)
    wanted = {"name": "A rest", "moment": "leaving", "pause_months": 2, "reasons": ["unused"]}
    wanted["products"] = [public("prod", shop.product)]
    made = program.post("/offer_rules", wanted)
    assert (made.status, made.body["kind"], made.body["version"]) == (201, "pause", 1)
    leaver = Leaver.of(shop.buyer())
    assert leaver.says("too_expensive") is None
    assert leaver.says("unused") is not None
    [offer] = program.get("/offers?outcome=open").body["data"]
    assert (offer["rule"], offer["reason"]) == (made.body["id"], "unused")
    address = f"/offer_rules/{made.body['id']}"
    changed = program.patch(address, {"is_on": False, "months_from": 3}).body
    assert (changed["is_on"], changed["months_from"], changed["reasons"]) == (False, 3, ["unused"])
    both = program.post("/offer_rules", wanted | {"plan": public("plan", shop.plans["Basic"])})
    assert both.status == 422
    at_the_end = program.post("/offer_rules", wanted | {"moment": "before_end"})
    assert (at_the_end.status, at_the_end.body["code"]) == (422, "invalid_offer")


def test_a_rule_for_going_up_by_a_program(world: World, team: Team) -> None:
    shop, program = Shop(world, team.owner), make_program(team.owner)
    basic, business = (public("plan", shop.plans[name]) for name in ("Basic", "Business"))
    terms = {"code": "UP", "percent": 50, "periods": 1, "plans": [business]}
    coupon = program.post("/coupons", terms).ok(201)["id"]
    wanted = {"name": "Up", "moment": "upgrade", "coupon": coupon, "plans": [basic], "to_plans": [business]}
    made = program.post("/offer_rules", wanted | {"until_on": "2026-12-31"}).ok(201)
    assert (made["to_plans"], made["until_on"]) == ([business], "2026-12-31")
    assert program.patch(f"/offer_rules/{made['id']}", {"until_on": None}).ok()["until_on"] is None
    nowhere = program.post("/offer_rules", wanted | {"to_plans": []})
    assert (nowhere.status, nowhere.body["code"], nowhere.fields) == (422, "invalid_offer", {"to_plans"})
