"""Taxes by people: the partner's registration and rates, and what decides how a customer is taxed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from billing.tax import services
from billing.tax.rules.checks import NewRate, OwnTaxes
from billing.tax.services import TaxMoved
from customers.queries.held import profile_of
from customers.services.update import update_profiles
from partnerpanel.actions.permission import Permission, permit
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.scope import tenant

__all__ = [
    "CustomerTaxes",
    "TaxMoved",
    "add_rate",
    "archive_rate",
    "new_version",
    "restore_rate",
    "set_customer_taxes",
    "set_own_taxes",
]


@dataclass(frozen=True, slots=True)
class CustomerTaxes:
    """Where a customer buys, and as what; `tax_exempt_for` says why it pays no tax, empty where it does."""

    country: str
    region: str = ""
    tax_id: str = ""
    tax_exempt_for: str = ""


def set_own_taxes(own: OwnTaxes, *, version: int, actor: Actor, now: datetime) -> None:
    """Where the partner is registered. Raises Forbidden, InvalidTax, TaxMoved."""
    permit(actor, Permission.MANAGE_SETTINGS)
    with tenant(actor.partner_id):
        services.set_own_taxes(own, version=version, actor=actor, now=now)


def add_rate(new: NewRate, *, actor: Actor, now: datetime) -> UUID:
    """Raises Forbidden, InvalidTax, TaxMoved."""
    permit(actor, Permission.MANAGE_SETTINGS)
    with tenant(actor.partner_id):
        return services.add_rate(new, actor=actor, now=now)


def new_version(rate_id: UUID, *, percent: Decimal, valid_from: date, actor: Actor, now: datetime) -> UUID:
    """Another percentage from a day on. Raises Forbidden, NotFound, InvalidTax, TaxMoved."""
    permit(actor, Permission.MANAGE_SETTINGS)
    with tenant(actor.partner_id):
        return services.new_version(rate_id, percent=percent, valid_from=valid_from, actor=actor, now=now)


def archive_rate(rate_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Raises Forbidden, NotFound, InvalidTax."""
    permit(actor, Permission.MANAGE_SETTINGS)
    with tenant(actor.partner_id):
        services.archive_rate(rate_id, actor=actor, now=now)


def restore_rate(rate_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Raises Forbidden, NotFound, InvalidTax."""
    permit(actor, Permission.MANAGE_SETTINGS)
    with tenant(actor.partner_id):
        services.restore_rate(rate_id, actor=actor, now=now)


def set_customer_taxes(customer_id: UUID, taxes: CustomerTaxes, *, actor: Actor, now: datetime) -> bool:
    """Whether anything changed. Documents that are issued stay as they are.

    Raises Forbidden, NotFound, InvalidCustomer naming the field; then nothing is written.
    """
    permit(actor, Permission.EDIT_TAXES)
    with tenant(actor.partner_id):
        profile = profile_of(actor.partner_id, customer_id, lock=True)
        wanted = replace(
            profile,
            country=taxes.country.strip().upper(),
            region=taxes.region,
            tax_id=taxes.tax_id,
            tax_exempt_for=taxes.tax_exempt_for,
        )
        return bool(update_profiles({customer_id: wanted}, actor=actor, now=now))
