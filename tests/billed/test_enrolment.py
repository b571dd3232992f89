"""Partners become customers of the platform: by command, in the operator's site, and those that were there before."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from customers.queries.facts import identities
from partnerpanel.kernel.errors import DomainError
from partnerpanel.platform.services.enrolment import Offer, enrol
from partnerpanel.policy.queries import Target, resolve
from partnerpanel.tenancy.models import Membership, Partner, User
from partnerpanel.tenancy.scope import tenant
from partnerpanel.tenancy.services import create_twin
from subscriptions.queries.summaries import lines_of
from tests.billed.billing_platform import Platform
from tests.people import Team, make_partner
from tests.world import World

pytestmark = pytest.mark.django_db

GIVEN = {
    "name": "Telco",
    "country": "US",
    "timezone": "America/New_York",
    "currency": "USD",
    "support_email": "help@telco.example",
    "owner": "olga@telco.example",
}


def run(command: str, *args: str, **given: object) -> str:
    out = StringIO()
    call_command(command, *args, stdout=out, stderr=out, **given)
    return out.getvalue()


def bought(platform: Platform, partner: Partner) -> list[tuple[str, str, str]]:
    """Plan, price and state of what the partner has."""
    assert partner.platform_customer is not None
    with tenant(platform.world.id):
        lines = lines_of(platform.world.id, [partner.platform_customer], now=platform.now)
    return [(one.plan_name, str(one.price), one.lifecycle) for one in lines.get(partner.platform_customer, [])]


def test_the_command_makes_the_platform_its_owner_and_its_policy_once() -> None:
    said = run("create_platform", "platform", **GIVEN | {"name": "PartnerPanel"})
    assert "PartnerPanel bills the other partners" in said
    made = Partner.objects.get(is_platform=True)
    assert Membership.objects.get(partner=made).user.email == "olga@telco.example"
    with tenant(made.pk):
        [policy] = resolve(made.pk, [Target()])
    assert (policy.policy.grace.days, policy.policy.grace.then) == (15, "freeze")
    assert policy.policy.retention.days_after_end is None
    with pytest.raises(CommandError, match="platform partner already"):
        run("create_platform", "second", **GIVEN)


def test_a_new_partner_is_its_customer_on_trial_of_the_lowest_plan(platform: Platform) -> None:
    said = run("create_partner", "telco", **GIVEN)
    assert "on trial for 14 days" in said
    telco = Partner.objects.get(slug="telco")
    # The platform sells in euros alone.
    assert bought(platform, telco) == [("Starter", "49.00 EUR", "trialing")]
    assert telco.platform_customer is not None
    with tenant(platform.world.id):
        customer = identities(platform.world.id, [telco.platform_customer])[telco.platform_customer]
    assert (customer.name, customer.email) == ("Telco", "olga@telco.example")


def test_plan_and_trial_can_be_told_and_what_is_wrong_makes_no_partner(platform: Platform) -> None:
    for wrong, names in (({"plan": "Gigantic"}, "--plan"), ({"trial_days": 0}, "--trial-days")):
        with pytest.raises(CommandError, match=names):
            run("create_partner", "telco", **GIVEN | wrong)
    assert not Partner.objects.filter(slug="telco").exists()
    run("create_partner", "telco", **GIVEN, plan="scale", trial_days=30)
    assert bought(platform, Partner.objects.get(slug="telco")) == [("Scale", "249.00 EUR", "trialing")]


def test_an_address_that_another_partner_has_is_said_and_can_be_repaired(platform: Platform) -> None:
    run("create_partner", "telco", **GIVEN)
    said = run("create_partner", "second", **GIVEN | {"name": "Second"})
    assert "It is not billed yet" in said
    assert "enrol_partners" in said
    assert Partner.objects.get(slug="second").platform_customer is None
    assert "second: enrolled" in run("enrol_partners")


def test_partners_from_before_are_brought_in_once(platform: Platform, team: Team, other_team: Team) -> None:
    create_twin(team.partner, now=platform.now)
    said = run("enrol_partners", trial_days=30)
    assert said.splitlines() == ["eastwind: enrolled", "westwind: enrolled"]
    assert run("enrol_partners") == ""
    linked = Partner.objects.exclude(platform_customer=None)
    assert set(linked.values_list("slug", flat=True)) == {"eastwind", "westwind"}


def test_enrolling_twice_makes_one_customer(billed: Platform, team: Team) -> None:
    again = enrol(team.partner, Offer("other@eastwind.example"), now=billed.now)
    assert again == billed.customer
    assert len(bought(billed, team.partner)) == 1


def test_without_a_platform_nobody_is_billed(team: Team, world: World) -> None:
    assert enrol(team.partner, Offer("a@b.example"), now=world.now) is None
    with pytest.raises(CommandError, match="no platform partner"):
        run("enrol_partners")


def test_a_platform_that_sells_nothing_enrols_nobody() -> None:
    run("create_platform", "platform", **GIVEN)
    late = make_partner("late")
    with pytest.raises(DomainError, match="sells no such plan"):
        enrol(late, Offer("a@b.example"), now=late.created_at)


def test_who_is_made_in_the_operators_site_is_a_customer_too(
    platform: Platform, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    user = User.objects.create_superuser("operator@example.com", "a password of an operator")
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    fields = {key: value for key, value in GIVEN.items() if key != "owner"} | {"slug": "telco", "locale": "en"}
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/operator/tenancy/partner/add/", fields)
    assert answer.status_code == 302, answer.content.decode()
    assert bought(platform, Partner.objects.get(slug="telco")) == [("Starter", "49.00 EUR", "trialing")]
