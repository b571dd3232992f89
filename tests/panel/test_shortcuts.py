"""The help about the keyboard."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from partnerpanel.tenancy.models import Role
from tests.people import Team

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("role", [Role.OWNER, Role.READ_ONLY])
def test_it_names_every_place_that_two_keys_lead_to(team: Team, client: Client, role: Role) -> None:
    client.force_login(team[role].user)
    text = client.get(f"/panel/{team.partner.slug}/").content.decode()
    leads = re.findall(r'data-shortcut="g (\w)"[^>]*><svg.*?</svg>([^<]+)</a>', text, re.DOTALL)
    named = re.findall(r"<dt><kbd>g</kbd> <kbd>(\w)</kbd></dt><dd>([^<]+)</dd>", text)
    assert named == leads
    assert len(leads) > 5
