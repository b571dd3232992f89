"""What the demo's partners sell."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from partnerpanel.embedded.demo.office import Office
from partnerpanel.embedded.demo.shapes import PlanIdea
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.models import Role
from partnerpanel.tenancy.scope import tenant
from subscriptions.services.archive import archive_plan
from subscriptions.services.catalogue import create_plan, create_product
from subscriptions.services.credential_settings import set_service_address

OPENED_DAYS_AGO, ARCHIVED_DAYS_AGO = 1_100, 200


def open_catalogue(ideas: Iterable[PlanIdea], office: Office) -> dict[str, UUID]:
    """Writes products and plans, and returns the plans by name."""
    actor, now = office.actors[Role.OWNER], office.days.at(OPENED_DAYS_AGO, 10)
    products: dict[str, UUID] = {}
    plans: dict[str, UUID] = {}
    with tenant(office.partner.pk):
        for idea in ideas:
            if idea.product not in products:
                products[idea.product] = create_product(name=idea.product, actor=actor, now=now)
                address = f"https://login.{office.partner.slug}.example:8443"
                set_service_address(products[idea.product], address=address, version=0, actor=actor, now=now)
            plans[idea.name] = create_plan(
                product_id=products[idea.product],
                name=idea.name,
                interval=idea.interval,
                prices=[Money.parse(amount, currency) for currency, amount in idea.prices.items()],
                rank=idea.rank,
                allowances=idea.allowances,
                actor=actor,
                now=now,
            )
    return plans


def archive_old_plans(ideas: Iterable[PlanIdea], plans: dict[str, UUID], office: Office) -> None:
    """Takes plans off the shelf that still have holders."""
    now = office.days.at(ARCHIVED_DAYS_AGO, 11)
    with tenant(office.partner.pk):
        for idea in ideas:
            if idea.is_archived:
                archive_plan(plans[idea.name], actor=office.actors[Role.OWNER], now=now)
