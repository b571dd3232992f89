"""Customers: made and changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from customers.rules.profile import Profile
from partnerpanel.actions.customers import change_customer, create_customer
from partnerpanel.api.collections.making import Changing, Making
from partnerpanel.wire.shapes import Shape, Text


class CustomerInput(Shape):
    """A new customer. Country, zone and language are the partner's where they are left out."""

    name = Text(max_length=200)
    email = Text(max_length=254)
    country = Text(max_length=2, required=False)
    region = Text(max_length=3, required=False, allow_blank=True)
    timezone = Text(max_length=64, required=False)
    locale = Text(max_length=10, required=False)
    tax_id = Text(max_length=40, required=False, allow_blank=True)
    tax_exempt_for = Text(max_length=200, required=False, allow_blank=True)
    external_id = Text(max_length=100, required=False, allow_blank=True)


class CustomerChange(CustomerInput):
    """The fields that change."""

    name = Text(max_length=200, required=False)
    email = Text(max_length=254, required=False)


class Customers(Making):
    resource_name = "customers"
    scopes: ClassVar[Mapping[str, str]] = {"GET": "customers:read", "POST": "customers:write"}
    shape = CustomerInput

    def make(self, wanted: Mapping[str, Any]) -> UUID:
        partner = self.caller.partner
        defaults = {"country": partner.country, "timezone": partner.timezone, "locale": partner.locale}
        return create_customer(Profile(**{**defaults, **wanted}), actor=self.caller.actor, now=self.caller.now)


class Customer(Changing):
    resource_name = "customers"
    scopes: ClassVar[Mapping[str, str]] = {"GET": "customers:read", "PATCH": "customers:write"}
    change_shape = CustomerChange

    def change(self, id_: UUID, wanted: Mapping[str, Any]) -> None:
        change_customer(id_, wanted, actor=self.caller.actor, now=self.caller.now)
