"""Programs invite people to the portal, list them and take them away."""

from __future__ import annotations

import pytest

from partnerpanel.kernel.ids import public
from tests.api.program import Program
from tests.portal.guests import deliver, guest
from tests.world import World

pytestmark = pytest.mark.django_db


def test_somebody_is_invited_once_listed_and_taken_away(world: World, program: Program) -> None:
    customer = public("cus", world.customer("Anna's Bakery"))
    wanted = {"customer": customer, "email": "bo@bakery.example", "role": "billing"}
    made = program.post("/portal_logins", wanted, key="once").ok(201)
    assert program.post("/portal_logins", wanted, key="once").ok(201)["id"] == made["id"]
    assert program.post("/portal_logins", wanted).status == 409
    assert [text.split("\n")[0] for text in deliver(world)] == ["bo@bakery.example"]
    [listed] = program.get(f"/portal_logins?customer={customer}").ok()["data"]
    assert (listed["email"], listed["role"], listed["accepted_at"]) == ("bo@bakery.example", "billing", None)
    assert program.send("DELETE", f"/portal_logins/{made['id']}").status == 204
    assert program.get(f"/portal_logins/{made['id']}").ok()["removed_at"] is not None
    assert program.send("DELETE", f"/portal_logins/{made['id']}").status == 409


def test_a_role_is_changed_and_counts_from_the_next_request(
    world: World, program: Program, stranger_program: Program
) -> None:
    one = guest(world, world.customer())
    login = one.actor.id
    assert login is not None
    at = f"/portal_logins/{public('plg', login)}"
    assert stranger_program.patch(at, {"role": "technical"}).status == 404
    assert program.patch(at, {"role": "technical"}).ok()["role"] == "technical"
    assert one.client().get(f"{one.at}invoices/").status_code == 403
    [told] = program.get("/events?type=portal_login.role_changed").ok()["data"]
    program.patch(at, {"role": "technical"}).ok()
    assert [one["id"] for one in program.get("/events?type=portal_login.role_changed").ok()["data"]] == [told["id"]]


def test_a_removed_log_in_is_signed_out_everywhere(world: World, program: Program) -> None:
    one = guest(world, world.customer())
    login = one.actor.id
    assert login is not None
    program.send("DELETE", f"/portal_logins/{public('plg', login)}")
    assert one.client().get(one.at).status_code == 302


def test_wrong_roles_and_addresses_name_their_field(world: World, program: Program) -> None:
    customer = public("cus", world.customer())
    for wrong in ({"email": "nonsense"}, {"role": "emperor"}):
        answer = program.post("/portal_logins", {"customer": customer, "email": "bo@b.de", "role": "owner", **wrong})
        assert answer.status == 422
        assert next(iter(wrong)) in str(answer.body)


def test_another_partners_log_ins_and_customers_are_nobodys(
    world: World, other_world: World, stranger_program: Program
) -> None:
    one = guest(world, world.customer())
    login = one.actor.id
    assert login is not None
    assert stranger_program.send("DELETE", f"/portal_logins/{public('plg', login)}").status == 404
    wanted = {"customer": public("cus", one.customer), "email": "bo@b.de", "role": "owner"}
    assert stranger_program.post("/portal_logins", wanted).status == 404
    assert one.client().get(one.at).status_code == 200
