"""Mails of the demo to many: a campaign that was sent, a draft, and addresses that get no more of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from customers.filters import CustomerFilter, Tab
from customers.queries import lists
from customers.queries.facts import identities
from notifications.campaigns.rules.audience import Audience
from notifications.marketing.rules.reasons import Suppressed
from notifications.marketing.services.suppress import suppress
from partnerpanel.actions import campaigns, marketing
from partnerpanel.actions.campaigns import CampaignDraft
from partnerpanel.actions.marketing import Answer, Topic
from partnerpanel.embedded.demo.office import Office
from partnerpanel.events.models import Event
from partnerpanel.queues.registry import queue_named
from partnerpanel.tenancy.models import Role
from partnerpanel.tenancy.scope import tenant

SENT_DAYS_AGO, RECIPIENTS = 6, 40
SENT = CampaignDraft(
    "Pay by the year",
    Topic.OFFERS.value,
    Audience(),
    subject="Two months free when you pay by the year",
    body="Hello {{ customer.name }},\n\nwhoever moves to a **yearly plan** this month gets two months free.\n\n"
    "Write to {{ partner.support_email }}, and we move you.\n\n{{ partner.name }}",
)
DRAFTED = CampaignDraft(
    "How satisfied are you?",
    Topic.FEEDBACK.value,
    Audience(tab="active"),
    subject="One question, {{ customer.name }}",
    body="Hello {{ customer.name }},\n\nwhat should we do better? Answer this mail; somebody reads it.\n\n"
    "{{ partner.name }}",
)


def write_to_many(office: Office) -> None:
    """Customers who may be written to by hand, some of whom want no offers."""
    partner_id, owner = office.partner.pk, office.actors[Role.OWNER]
    at = office.days.at(SENT_DAYS_AGO, 10)
    with tenant(partner_id):
        # Nobody is written to before it is a customer.
        came = Event.objects.for_partner(partner_id).filter(
            kind="customer.created", occurred_at__lt=office.days.at(30, 0)
        )
        wanted = CustomerFilter(tab=Tab.ACTIVE, ids=came.values("customer_id"))
        ids = lists.matching_ids(partner_id, wanted, now=at, zone=office.partner.timezone)[:RECIPIENTS]
        found = identities(partner_id, ids)
        chosen = [(id_, found[id_].email) for id_ in ids]
    if not chosen:
        return
    _keep_back(office, chosen, at)
    draft = CampaignDraft(
        SENT.title, SENT.topic, Audience(tuple(id_ for id_, _ in chosen)), subject=SENT.subject, body=SENT.body
    )
    sent = campaigns.create_campaign(draft, actor=owner, now=at)
    many = campaigns.preview_campaign(sent, actor=owner, now=at).reach.sent
    if many:
        campaigns.confirm_campaign(sent, recipients=many, actor=owner, now=at)
        for minutes in (5, 6):
            for queue in ("outbox", "campaigns", "mail"):
                queue_named(queue).drain(partner_id, at + timedelta(minutes=minutes))
        queue_named("campaigns").drain(partner_id, at + timedelta(minutes=8))
    campaigns.create_campaign(DRAFTED, actor=owner, now=office.days.at(1, 15))


def _keep_back(office: Office, chosen: list[tuple[UUID, str]], at: datetime) -> None:
    """The last ones refuse offers, are unknown to their mail server, and asked by telephone."""
    owner, earlier = office.actors[Role.OWNER], at - timedelta(days=3)
    with tenant(office.partner.pk):
        for _id, address in chosen[-3:-2]:
            suppress(address, Suppressed.HARD_BOUNCE, note="550 5.1.1 no such user", actor=office.system, now=earlier)
    for _id, address in chosen[-2:-1]:
        marketing.suppress_address(address, note="Asked by telephone", actor=owner, now=earlier)
    for customer_id, _address in chosen[-1:]:
        said = {Topic.OFFERS: Answer.NO}
        marketing.choose(customer_id, said, note="Told us on the telephone", actor=owner, now=earlier)
