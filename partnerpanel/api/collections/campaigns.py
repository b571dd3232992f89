"""Campaigns: drafted, previewed, scheduled, recalled, stopped and resumed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from customers.filters import Tab
from notifications.campaigns.queries import campaign
from notifications.campaigns.rules.audience import MOST_BY_HAND, TITLE_LENGTH
from notifications.marketing.rules.reasons import LeftOut
from notifications.marketing.rules.topics import SERVICE, Topic
from notifications.rules.template import LONGEST_BODY, LONGEST_SUBJECT
from partnerpanel.actions import campaigns
from partnerpanel.actions.campaigns import Audience, CampaignDraft, Recipient
from partnerpanel.api.collections.acting import Acting
from partnerpanel.api.collections.making import Changing, Making
from partnerpanel.api.objects import OfResource
from partnerpanel.api.operations import Operation
from partnerpanel.kernel.ids import parse, public
from partnerpanel.tenancy.scope import tenant
from partnerpanel.wire.shapes import Instant, PublicId, Shape, Text, Whole, constant, counts, id_field, one_of

READ, WRITE = "campaigns:read", "campaigns:write"


class AudienceInput(Shape):
    """Either `customers`, or what all of them have in common; an empty one means everybody."""

    customers = serializers.ListField(child=PublicId("cus"), required=False, min_length=1, max_length=MOST_BY_HAND)
    tab = one_of(Tab, required=False)
    search = Text(max_length=100, required=False)
    country = Text(max_length=2, required=False)
    tag = Text(max_length=40, required=False)
    plan = Text(max_length=40, required=False, help_text="The id of a plan that they hold.")
    since = serializers.DateField(required=False, help_text="Registered on this day or later.")
    until = serializers.DateField(required=False, help_text="Registered on this day or earlier.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "customers" in attrs and len(attrs) > 1:
            raise serializers.ValidationError({"customers": ["Name customers or a filter, not both."]})
        return attrs


class CampaignInput(Shape):
    """With a `template`, or with `subject` and `body`. Without a topic everybody gets it who has an address."""

    example: ClassVar[Mapping[str, Any]] = {
        "topic": "offers",
        "subject": "Half price",
        "body": "Hello {{ customer.name }}",
    }

    title = Text(max_length=TITLE_LENGTH)
    topic = one_of(Topic, required=False)
    template = Text(max_length=60, required=False)
    subject = Text(max_length=LONGEST_SUBJECT, required=False)
    body = Text(max_length=LONGEST_BODY, required=False)
    audience = AudienceInput()


class CampaignChange(CampaignInput):
    """The fields that change, of a draft; a new audience replaces the old one."""

    title = Text(max_length=TITLE_LENGTH, required=False)
    topic = serializers.ChoiceField(choices=[SERVICE, *Topic], required=False)
    template = Text(max_length=60, required=False, allow_blank=True)
    subject = Text(max_length=LONGEST_SUBJECT, required=False, allow_blank=True)
    body = Text(max_length=LONGEST_BODY, required=False, allow_blank=True)
    audience = AudienceInput(required=False)


class ScheduleInput(Shape):
    """`recipients` is how many the preview has shown to get it: where it is another number by now, nothing is done."""

    recipients = Whole(min_value=1, max_value=100_000)
    send_at = Instant(required=False, help_text="Now, unless said; in five minutes at the soonest.")


class RecipientShape(Shape):
    id = id_field("cus")
    name = serializers.CharField()
    email = serializers.CharField()
    left_out = one_of(LeftOut, allow_null=True)

    class Meta:
        ref_name = "CampaignRecipient"


class CampaignPreviewShape(Shape):
    """What scheduling would send: to how many, who is left out and why, and how it reads for the first."""

    object = constant("campaign_preview")
    recipients = Whole()
    left_out = counts("How many are left out, by reason.")
    sample = RecipientShape(many=True, help_text="The first 50 who get it, and the first 50 who are left out.")
    subject = serializers.CharField()
    body = serializers.CharField()

    class Meta:
        ref_name = "CampaignPreview"


class Campaigns(Making):
    resource_name = "campaigns"
    scopes: ClassVar[Mapping[str, str]] = {"GET": READ, "POST": WRITE}
    shape = CampaignInput

    def make(self, wanted: Mapping[str, Any]) -> UUID:
        return campaigns.create_campaign(_draft(wanted), actor=self.caller.actor, now=self.caller.now)


class Campaign(Changing):
    resource_name = "campaigns"
    scopes: ClassVar[Mapping[str, str]] = {"GET": READ, "PATCH": WRITE}
    change_shape = CampaignChange

    def change(self, id_: UUID, wanted: Mapping[str, Any]) -> None:
        partner_id = self.caller.partner.pk
        with tenant(partner_id):
            row = campaign(partner_id, id_)
        now_said = {name: getattr(row, name) for name in ("title", "topic", "template", "subject", "body")}
        draft = _draft({**now_said, **wanted}, Audience.read(row.audience))
        campaigns.change_campaign(id_, draft, version=row.version, actor=self.caller.actor, now=self.caller.now)


class PreviewCampaign(OfResource):
    """`GET /api/v1/campaigns/<id>/preview`."""

    resource_name = "campaigns"
    scopes: ClassVar[Mapping[str, str]] = {"GET": READ}

    @classmethod
    def operation(cls, method: str) -> Operation:
        summary = "Who would get it, who is left out, and how it reads"
        gives = CampaignPreviewShape
        return Operation("preview_campaign", summary, "campaigns", gives=gives, scope=cls.scopes[method])

    def get(self, _request: Request, public_id: str) -> Response:
        id_ = parse(self.resource.prefix, public_id)
        found = campaigns.preview_campaign(id_, actor=self.caller.actor, now=self.caller.now)
        text = found.letter.text if found.letter else None
        return Response(
            {
                "object": "campaign_preview",
                "recipients": found.reach.sent,
                "left_out": {reason.value: many for reason, many in found.reach.left_out.items()},
                "sample": [_recipient(one) for one in (*found.recipients, *found.left_out)],
                "subject": text.subject if text else "",
                "body": text.body if text else "",
            }
        )


class _OnCampaign(Acting):
    resource_name = "campaigns"
    scopes: ClassVar[Mapping[str, str]] = {"POST": WRITE}


class Schedule(_OnCampaign):
    verb = "schedule"
    summary = "Confirm it; it can be recalled for five minutes"
    input_shape = ScheduleInput
    needs_key = True

    def act(self, id_: UUID, wanted: Mapping[str, Any]) -> None:
        campaigns.confirm_campaign(
            id_,
            recipients=wanted["recipients"],
            send_at=wanted.get("send_at"),
            actor=self.caller.actor,
            now=self.caller.now,
        )


class Recall(_OnCampaign):
    verb = "recall"
    summary = "A draft again, before anybody got it"

    def act(self, id_: UUID, wanted: Mapping[str, Any]) -> None:
        campaigns.recall_campaign(id_, actor=self.caller.actor, now=self.caller.now)


class Stop(_OnCampaign):
    verb = "stop"
    summary = "Hold back everybody who has not got it"

    def act(self, id_: UUID, wanted: Mapping[str, Any]) -> None:
        campaigns.stop_campaign(id_, actor=self.caller.actor, now=self.caller.now)


class Resume(_OnCampaign):
    verb = "resume"
    summary = "Go on with those who have not got it"

    def act(self, id_: UUID, wanted: Mapping[str, Any]) -> None:
        campaigns.resume_campaign(id_, actor=self.caller.actor, now=self.caller.now)


class Cancel(_OnCampaign):
    verb = "cancel"
    summary = "Call it off: nobody else gets it"

    def act(self, id_: UUID, wanted: Mapping[str, Any]) -> None:
        campaigns.cancel_campaign(id_, actor=self.caller.actor, now=self.caller.now)


def _draft(wanted: Mapping[str, Any], audience: Audience | None = None) -> CampaignDraft:
    asked = wanted.get("audience")
    if asked is not None or audience is None:
        found = dict(asked or {})
        days = {name: found[name].isoformat() for name in ("since", "until") if name in found}
        audience = Audience(**{**found, **days, "customers": tuple(found.get("customers", ()))})
    said = {name: wanted.get(name, "") for name in ("template", "subject", "body")}
    return CampaignDraft(wanted["title"], wanted.get("topic", SERVICE), audience, **said)


def _recipient(one: Recipient) -> dict[str, Any]:
    left_out = one.left_out.value if one.left_out else None
    return {"id": public("cus", one.id), "name": one.name, "email": one.email, "left_out": left_out}
