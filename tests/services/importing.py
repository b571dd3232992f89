"""An import as tests run it, and what is in the database after it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import CommandError, call_command

from customers.models import Customer, CustomerTag, Tag
from partnerpanel.events.models import Event, Outbox
from partnerpanel.tenancy.models import Partner
from partnerpanel.tenancy.scope import tenant
from partnerpanel.tenancy.services import create_partner, create_twin
from subscriptions.models import Plan, PlanPrice, Product, ServiceAccount, Subscription, Term

DATA = Path(__file__).parent.parent / "data"
NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
MODELS = (Customer, Tag, CustomerTag, Product, Plan, PlanPrice, Subscription, Term, ServiceAccount, Event, Outbox)


@dataclass(frozen=True)
class Ran:
    """`code` is the exit code, `said` everything printed, the refusal included."""

    code: int
    said: str


def make_partner(slug: str) -> Partner:
    """A twin, whose clock stands still, so that dates in tests do."""
    partner = create_partner(
        slug=slug,
        name=slug.title(),
        country="DE",
        timezone="Europe/Berlin",
        currency="EUR",
        locale="de",
        support_email=f"help@{slug}.example",
    )
    return create_twin(partner, now=NOW)


def set_clock(partner: Partner, now: datetime) -> None:
    partner.test_clock_at = now
    partner.save(update_fields=["test_clock_at"])


def run(partner: Partner | str, file: Path | None = None, **options: Any) -> Ran:
    """`manage.py import_customers`, by default with the mapping `generic`."""
    out = StringIO()
    slug = partner if isinstance(partner, str) else partner.slug
    if file is not None:
        options.setdefault("mapping", "generic")
    try:
        call_command("import_customers", *([file] if file else []), partner=slug, stdout=out, stderr=out, **options)
    except CommandError as error:
        return Ran(error.returncode, out.getvalue() + str(error))
    return Ran(0, out.getvalue())


def rows_of(partner: Partner) -> Counter[str]:
    """How many rows of each kind the partner has."""
    with tenant(partner.pk):
        return Counter({model.__name__: model.objects.count() for model in MODELS})


def contents(partner: Partner) -> list[tuple[Any, ...]]:
    """Customers with their subscriptions, tags and prices, without ids and instants of writing."""
    with tenant(partner.pk):
        tags: dict[Any, list[str]] = {}
        for customer_id, name in CustomerTag.objects.order_by("tag__name").values_list("customer_id", "tag__name"):
            tags.setdefault(customer_id, []).append(name)
        customers = Customer.objects.order_by("external_id").values_list(
            "pk", "external_id", "name", "email", "country", "timezone", "registered_at", "is_active", "is_paused"
        )
        agreed = ("plan__product__name", "plan__name", "price_amount", "currency", "lifecycle", "anchor_on")
        columns = (*agreed, "awaits_cut_over", "external_id", "ended_at", "access")
        found = {row[0]: row[1:] for row in Subscription.objects.order_by("pk").values_list("customer_id", *columns)}
        return [(*row[1:], tags.get(row[0], []), found.get(row[0])) for row in customers]


def kinds(partner: Partner) -> Counter[str]:
    """Events by kind."""
    with tenant(partner.pk):
        return Counter(Event.objects.values_list("kind", flat=True))


def write(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return path
