"""Campaigns as programs see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from rest_framework import serializers

from notifications.campaigns.models import Campaign
from notifications.campaigns.queries import figures_of
from notifications.campaigns.rules.audience import Audience
from notifications.campaigns.rules.states import CampaignState
from notifications.marketing.rules.topics import SERVICE, Topic
from partnerpanel.kernel.ids import public
from partnerpanel.wire import filters
from partnerpanel.wire.resources import Resource, Showing, Shown
from partnerpanel.wire.shapes import At, Shape, Whole, anything, constant, counts, id_field, one_of
from partnerpanel.wire.values import instant

PREFIX = "cmp"


class CampaignShape(Shape):
    """One mail to many customers. Nobody gets it before it is scheduled, and then in five minutes at the soonest."""

    id = id_field(PREFIX)
    object = constant("campaign")
    title = serializers.CharField()
    topic = serializers.ChoiceField(
        choices=[SERVICE, *Topic], help_text="Of marketing; empty where everybody has to get it."
    )
    template = serializers.CharField(help_text="The name of a template; empty for words of its own.")
    subject = serializers.CharField()
    body = serializers.CharField()
    audience = anything(
        "`customers` by their ids, or what a filter says: tab, search, country, tag, plan, since, until."
    )
    state = one_of(CampaignState)
    results = counts("How many were sent, wait, were left out, came back and so on.")
    send_at = At(allow_null=True)
    created_at = At()
    confirmed_at = At(allow_null=True)
    started_at = At(allow_null=True)
    finished_at = At(allow_null=True)
    version = Whole(help_text="Counts its changes.")

    class Meta:
        ref_name = "Campaign"


def show(showing: Showing, rows: Sequence[Campaign]) -> list[Shown]:
    figures = figures_of(showing.partner_id, rows)
    return [
        {
            "id": public(PREFIX, row.pk),
            "object": "campaign",
            "title": row.title,
            "topic": row.topic,
            "template": row.template,
            "subject": row.subject,
            "body": row.body,
            "audience": _audience(Audience.read(row.audience)),
            "state": row.state,
            "results": asdict(figures[row.pk]),
            "send_at": instant(row.send_at),
            "created_at": instant(row.created_at),
            "confirmed_at": instant(row.confirmed_at),
            "started_at": instant(row.started_at),
            "finished_at": instant(row.finished_at),
            "version": row.version,
        }
        for row in rows
    ]


def _audience(found: Audience) -> Shown:
    customers = [public("cus", id_) for id_ in found.customers]
    return {"customers": customers} if customers else found.document()


CAMPAIGNS = Resource(
    name="campaigns",
    kind="campaign",
    prefix=PREFIX,
    shape=CampaignShape,
    rows=Campaign.objects.for_partner,
    show=show,
    filters={"state": filters.word("state", CampaignState), **filters.between("created", "created_at")},
)
