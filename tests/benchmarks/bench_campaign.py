"""A campaign to 10,000 customers: its preview, its recipients written by one statement, and their turns."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from customers.models import Customer
from notifications.campaigns.queries import Figures, campaign, figures_of
from partnerpanel.actions import campaigns, marketing
from partnerpanel.actions.campaigns import Audience, CampaignDraft
from partnerpanel.actions.marketing import WantedRules
from partnerpanel.kernel.clock import system_now
from partnerpanel.queues.registry import queue_named
from partnerpanel.tenancy.scope import tenant
from tests.benchmarks.crowd import Crowd
from tests.benchmarks.figures import Book, Figure, seconds

MANY, BOUND = 10_000, 30


def test_queueing_ten_thousand(crowd: Crowd, book: Book) -> None:
    now, actor = system_now(), crowd.owner.actor
    marketing.set_marketing_rules(WantedRules(True, 0, 0, True, 6_000), actor=actor, now=now)
    with tenant(crowd.id):
        rows = Customer.objects.for_partner(crowd.id).order_by("external_id").values_list("pk", flat=True)
        chosen = tuple(rows[:MANY])
    draft = CampaignDraft("Terms", "", Audience(chosen), subject="New terms", body="Hello {{ customer.name }}")
    id_ = campaigns.create_campaign(draft, actor=actor, now=now)
    preview = seconds(partial(campaigns.preview_campaign, id_, actor=actor, now=now))
    confirmed = seconds(partial(campaigns.confirm_campaign, id_, recipients=MANY, actor=actor, now=now))
    assert figures(crowd, id_).waiting == MANY
    turns = seconds(partial(queue_all, crowd, now + timedelta(minutes=5)))
    book.note(
        Figure("campaign to 10,000: the preview", preview, "s"),
        Figure("campaign to 10,000: confirmed, and each recipient written", confirmed, "s", BOUND),
        Figure("campaign to 10,000: each handed to the queue of mails, in two minutes’ shares", turns, "s", BOUND),
    )


def queue_all(crowd: Crowd, at: datetime) -> None:
    for minute in range(2):
        queue_named("campaigns").drain(crowd.id, at + timedelta(minutes=minute))


def figures(crowd: Crowd, id_: UUID) -> Figures:
    with tenant(crowd.id):
        row = campaign(crowd.id, id_)
        return figures_of(crowd.id, [row])[row.pk]
