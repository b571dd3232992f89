"""What each role may do, said once here and once in the code."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from partnerpanel.actions import door
from partnerpanel.actions.bulk import control
from partnerpanel.actions.permission import AS_CUSTOMER, PERMISSIONS, Permission, may
from partnerpanel.actions.verb import Verb
from partnerpanel.kernel.errors import Forbidden
from partnerpanel.tenancy.models import Role
from subscriptions.rules.states import HoldKind
from tests.actions.carry_out import carry_out, everything, reactivate, suspend, undo
from tests.people import Person, Team
from tests.world import NOW, World

OWNER, ADMIN, BILLING, SUPPORT, READ_ONLY = Role.OWNER, Role.ADMIN, Role.BILLING, Role.SUPPORT, Role.READ_ONLY
STAFF = {OWNER, ADMIN, BILLING, SUPPORT}

MATRIX = {
    Permission.VIEW: STAFF | {READ_ONLY},
    Permission.EDIT_CUSTOMERS: STAFF,
    Permission.EDIT_TAXES: {OWNER, ADMIN, BILLING},
    Permission.SUSPEND: STAFF,
    Permission.RELEASE_REVIEW: {OWNER, ADMIN},
    Permission.WAIVE: {OWNER, ADMIN, BILLING},
    Permission.BULK: {OWNER, ADMIN, BILLING},
    Permission.EXPORT: {OWNER, ADMIN, BILLING},
    Permission.RUN_PROVISIONING: STAFF,
    Permission.RECORD_PAYMENT: {OWNER, ADMIN, BILLING},
    Permission.CHARGE: {OWNER, ADMIN, BILLING},
    Permission.CHANGE_PLAN: {OWNER, ADMIN, BILLING},
    Permission.SUBSCRIBE: {OWNER, ADMIN, BILLING},
    Permission.EXTEND: {OWNER, ADMIN, BILLING},
    Permission.CREDIT: {OWNER, ADMIN, BILLING},
    Permission.REFUND: {OWNER, ADMIN, BILLING},
    Permission.REFUND_ANY_TIME: {OWNER, ADMIN},
    Permission.VOID_INVOICES: {OWNER, ADMIN, BILLING},
    Permission.CORRECT_INVOICES: {OWNER, ADMIN, BILLING},
    Permission.CANCEL: STAFF,
    Permission.PAUSE: STAFF,
    Permission.REPLACE_CARD: {OWNER, ADMIN, BILLING},
    Permission.STOP_CHARGING: {OWNER, ADMIN},
    Permission.EDIT_CATALOGUE: {OWNER, ADMIN},
    Permission.RUN_TEST_MODE: {OWNER, ADMIN},
    Permission.VIEW_CREDENTIALS: {OWNER, ADMIN, SUPPORT},
    Permission.RESET_CREDENTIALS: STAFF,
    Permission.SEND_CREDENTIALS: STAFF,
    Permission.MANAGE_SETTINGS: {OWNER, ADMIN},
    Permission.MAIL_INVOICE: STAFF,
    Permission.OWN_SUBSCRIPTION: {OWNER, ADMIN, BILLING},
    Permission.MANAGE_LOGINS: STAFF,
    Permission.MESSAGE: STAFF,
    Permission.CAMPAIGN: {OWNER, ADMIN},
    Permission.ANSWER_TICKETS: STAFF,
    Permission.ERASE: {OWNER, ADMIN},
}
# What a partner's people may do as the platform's customer, by their role at home.
OF_CUSTOMERS = {
    Permission.CHANGE_PLAN,
    Permission.CANCEL,
    Permission.CHARGE,
    Permission.REPLACE_CARD,
    Permission.MAIL_INVOICE,
}


def test_every_permission_is_in_the_matrix() -> None:
    assert set(MATRIX) == set(Permission)
    assert set(PERMISSIONS) == set(Role)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("permission", Permission)
def test_a_role_may_what_the_matrix_says(role: Role, permission: Permission) -> None:
    assert (permission in PERMISSIONS[role]) == (role in MATRIX[permission])


@pytest.mark.parametrize("role", Role)
def test_as_a_customer_a_person_may_only_what_any_customer_may(role: Role) -> None:
    acts = role in MATRIX[Permission.OWN_SUBSCRIPTION]
    assert AS_CUSTOMER[role] == (OF_CUSTOMERS if acts else set())


def test_nobody_without_a_role_may_anything(owner: Person) -> None:
    from dataclasses import replace

    assert not any(may(replace(owner.actor, role=None), permission) for permission in Permission)


REVIEW = (HoldKind.FRAUD_REVIEW, "under review", Permission.RELEASE_REVIEW)
BY_HAND = (HoldKind.MANUAL, "held by hand", Permission.SUSPEND)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("kind", "state", "needed"), [REVIEW, BY_HAND], ids=str)
def test_releasing_each_hold_needs_its_permission(
    team: Team, world: World, role: Role, kind: HoldKind, state: str, needed: Permission
) -> None:
    customer = world.read_subscription(world.subscription(state)).customer_id
    verb = reactivate(customer, None, kind, reason="settled")
    before = everything(world)
    if role in MATRIX[needed]:
        carry_out(verb, team[role])
        assert everything(world) != before
    else:
        for attempt in attempts(verb, team[role]):
            with pytest.raises(Forbidden, match="Ask an owner or admin"):
                attempt()
        assert everything(world) == before


def attempts(verb: Verb, person: Person) -> list[Callable[[], object]]:
    return [
        lambda: door.preview(verb, actor=person.actor, now=NOW),
        lambda: door.commit(verb, quote=None, actor=person.actor, now=NOW),
    ]


@pytest.mark.parametrize("role", Role)
def test_suspending_needs_its_permission(team: Team, world: World, role: Role) -> None:
    verb = suspend(world.customer())
    if role in MATRIX[Permission.SUSPEND]:
        carry_out(verb, team[role])
    else:
        for attempt in attempts(verb, team[role]):
            with pytest.raises(Forbidden):
                attempt()


@pytest.mark.parametrize("role", Role)
def test_undoing_a_review_needs_the_permission_to_close_one(team: Team, world: World, role: Role) -> None:
    outcome = carry_out(suspend(world.customer(), kind=HoldKind.FRAUD_REVIEW), team.owner)
    verb = undo(outcome, world)
    if role in MATRIX[Permission.RELEASE_REVIEW]:
        carry_out(verb, team[role])
    else:
        for attempt in attempts(verb, team[role]):
            with pytest.raises(Forbidden):
                attempt()


@pytest.mark.parametrize("role", Role)
def test_bulk_needs_its_own_permission_and_that_of_the_verb(team: Team, world: World, role: Role) -> None:
    customers = world.customers(2)
    for verb, needed in (
        (suspend(customers[0]), Permission.BULK),
        (reactivate(customers[0], None, HoldKind.FRAUD_REVIEW, reason="seen"), Permission.RELEASE_REVIEW),
    ):
        if role in MATRIX[needed] & MATRIX[Permission.BULK]:
            job = control.start(verb, customers, actor=team[role].actor, now=NOW)
            with pytest.raises(Forbidden):
                control.confirm(job, typed="", actor=team.read_only.actor, now=NOW)
        else:
            with pytest.raises(Forbidden):
                control.start(verb, customers, actor=team[role].actor, now=NOW)


def test_a_job_is_confirmed_only_by_who_may_do_what_it_does(team: Team, world: World) -> None:
    customer = world.read_subscription(world.subscription("under review")).customer_id
    verb = reactivate(customer, None, HoldKind.FRAUD_REVIEW, reason="seen")
    job = control.start(verb, [customer], actor=team.owner.actor, now=NOW)
    world.drain("bulk")
    with pytest.raises(Forbidden):
        control.confirm(job, typed="", actor=team[BILLING].actor, now=NOW)
    control.confirm(job, typed="", actor=team[ADMIN].actor, now=NOW)
