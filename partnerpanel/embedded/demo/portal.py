"""Customers of the demo who may be looked at from their own side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from customers.queries.portal import an_active_customer
from partnerpanel.embedded.demo.shapes import Blueprint
from partnerpanel.tenancy.queries import partner_at
from partnerpanel.tenancy.scope import tenant


@dataclass(frozen=True, slots=True)
class PortalSignIn:
    """Who signs in, and where."""

    email: str
    url: str


def portal_sign_ins(blueprints: Iterable[Blueprint]) -> list[PortalSignIn]:
    """Of each partner one customer who has a running plan."""
    found = []
    for blueprint in blueprints:
        partner = partner_at(blueprint.slug)
        with tenant(partner.pk):
            email = an_active_customer(partner.pk)
        if email:
            found.append(PortalSignIn(email, settings.PUBLIC_URL + reverse("portal-sign-in", args=[partner.slug])))
    return found
