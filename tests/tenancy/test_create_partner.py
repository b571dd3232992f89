"""`manage.py create_partner`."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from partnerpanel.tenancy.models import Membership, Partner, Role, User

pytestmark = pytest.mark.django_db

GIVEN = {
    "name": "Telco",
    "country": "US",
    "timezone": "America/New_York",
    "currency": "USD",
    "support_email": "help@telco.example",
    "owner": "Olga@Telco.example",
}


def made(slug: str = "telco", **changed: str) -> str:
    out = StringIO()
    call_command("create_partner", slug, stdout=out, **(GIVEN | changed))
    return out.getvalue()


def test_a_partner_and_an_owner_who_can_sign_in() -> None:
    password = made().rsplit(" ", 1)[-1].strip()
    owner = User.objects.get(email="olga@telco.example")
    assert owner.check_password(password)
    assert Membership.objects.get(user=owner).role == Role.OWNER


def test_an_owner_who_has_an_account_keeps_the_password() -> None:
    made()
    assert "password" not in made("second")
    assert Membership.objects.filter(user__email="olga@telco.example").count() == 2


@pytest.mark.parametrize(
    ("slug", "changed", "names"),
    [
        ("No good", {}, "--slug"),
        ("telco", {"timezone": "Mars/Base"}, "--timezone"),
        ("telco", {"currency": "dollars"}, "--currency"),
        ("telco", {"country": "USA"}, "--country"),
        ("telco", {"owner": "olga"}, "--owner"),
    ],
)
def test_wrong_input_is_named_and_nothing_is_made(slug: str, changed: dict[str, str], names: str) -> None:
    with pytest.raises(CommandError, match=names):
        made(slug, **changed)
    assert not Partner.objects.exists()
    assert not User.objects.exists()
