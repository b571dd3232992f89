"""Plans that one can change to."""

from __future__ import annotations

from uuid import UUID

from subscriptions.models import Plan


def sellable_plans(partner_id: UUID) -> list[tuple[str, list[tuple[UUID, str]]]]:
    """By product, in the order of names: plans on sale by rank and name."""
    rows = Plan.objects.for_partner(partner_id).filter(archived_at=None, product__archived_at=None)
    ordered = rows.order_by("product__name", "product_id", "rank", "name", "pk")
    found: dict[UUID, tuple[str, list[tuple[UUID, str]]]] = {}
    for product_id, product, id_, name in ordered.values_list("product_id", "product__name", "pk", "name"):
        found.setdefault(product_id, (product, []))[1].append((id_, name))
    return list(found.values())
