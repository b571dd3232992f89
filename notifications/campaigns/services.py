"""Drafting campaigns, confirming them, and what can be done before and while they are sent; in the open scope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from notifications.campaigns.audience import checked, chosen, reach
from notifications.campaigns.models import Campaign
from notifications.campaigns.rules.audience import MOST, TITLE_LENGTH, Audience, InvalidAudience
from notifications.campaigns.rules.states import NEXT, CampaignState
from notifications.campaigns.sql.recipients import write_recipients
from notifications.marketing.rules.reasons import LeftOut
from notifications.models import Message
from notifications.owned.services import checked_topic
from notifications.owned.wording import Wording, wording_of
from notifications.rules.states import MessageState
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.models import Event
from partnerpanel.events.services import record
from partnerpanel.kernel.errors import Conflict, DomainError, NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.queues.wake import wake
from partnerpanel.tenancy.actor import Actor

KIND, QUEUE = "campaign", "campaigns"
# So long it can be recalled before anything is sent.
RECALL = timedelta(minutes=5)
FURTHEST = timedelta(days=366)


class InvalidCampaign(DomainError):
    """Without a title, or to be sent too late."""

    code = "invalid_campaign"


class CampaignMoved(Conflict):
    """Somebody changed it, or whom it reaches, since it was shown."""

    code = "campaign_moved"


class WrongCampaignState(Conflict):
    """It is not in a state in which this can be done."""

    code = "wrong_campaign_state"


@dataclass(frozen=True, slots=True)
class CampaignDraft:
    """In the words of a template or in one's own; `topic` is that of marketing, empty for a mail of service."""

    title: str
    topic: str
    audience: Audience
    template: str = ""
    subject: str = ""
    body: str = ""


def create(draft: CampaignDraft, *, actor: Actor, now: datetime) -> UUID:
    """Raises InvalidCampaign, InvalidAudience, UnknownTopic, and what is wrong with the words."""
    fields = _checked(draft, actor)
    row = Campaign(id=uuid7(), partner_id=actor.partner_id, created_at=now, version=1, **fields)
    row.save(force_insert=True)
    _record(row, "created", actor=actor, now=now)
    campaign_id: UUID = row.pk
    return campaign_id


def change(campaign_id: UUID, draft: CampaignDraft, *, version: int | None, actor: Actor, now: datetime) -> None:
    """Of a draft alone. Raises what `create` raises, NotFound, WrongCampaignState, CampaignMoved."""
    row = _locked(campaign_id, actor)
    _require(row, CampaignState.DRAFT)
    _refuse_moved(row, version)
    _change(row, "updated", actor=actor, now=now, **_checked(draft, actor))


def confirm(
    campaign_id: UUID,
    *,
    recipients: int,
    send_at: datetime | None,
    version: int | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Keeps words and recipients as they are now; sending begins at `send_at`, and in five minutes at the soonest.

    `recipients` is how many were shown to get it. Whoever comes second finds it confirmed. Raises NotFound,
    WrongCampaignState, CampaignMoved, InvalidAudience where nobody would get it, InvalidCampaign, and what is wrong
    with the words.
    """
    row = _locked(campaign_id, actor)
    _require(row, CampaignState.DRAFT)
    _refuse_moved(row, version)
    if send_at is not None and send_at > now + FURTHEST:
        raise InvalidCampaign(_("Choose an instant within a year."), field="send_at")
    wording, topic = words_of(row)
    audience = Audience.read(row.audience)
    reached = reach(actor.partner_id, audience, topic, now=now)
    if not reached.sent:
        raise InvalidAudience(_("Nobody would get it."), field="customers")
    if reached.total > MOST:
        raise InvalidAudience(_("A campaign goes to at most 100,000 customers."), field="customers")
    if reached.sent != recipients:
        message = _("By now it would go to %(n)s customers. Nothing was sent; look at it again.") % {"n": reached.sent}
        raise CampaignMoved(message, field="recipients")
    begins = max(send_at or now, now + RECALL)
    row.version += 1
    data = {"topic": topic, "template": wording.name, "recipients": reached.sent}
    draft = EventDraft("campaign.confirmed", KIND, row.pk, row.version, data=data, words=wording.words)
    record([draft], actor=actor, action_id=uuid7(), now=now)
    event_id = Event.objects.for_partner(actor.partner_id).get(object_id=row.pk, sequence=row.version).pk
    everybody = chosen(actor.partner_id, audience, topic, now=now)
    write_recipients(everybody, partner_id=actor.partner_id, event_id=event_id, topic=topic, now=now)
    row.event_id, row.topic, row.confirmed_at, row.send_at = event_id, topic, now, begins
    _set(row, CampaignState.SCHEDULED, due_at=begins)


def recall(campaign_id: UUID, *, actor: Actor, now: datetime) -> None:
    """A draft again, before anybody got it. Raises NotFound, WrongCampaignState once sending has begun."""
    row = _locked(campaign_id, actor)
    _require(row, CampaignState.SCHEDULED)
    # Nobody has seen these: they were neither written nor handed to a worker.
    _messages(row, MessageState.HELD, MessageState.LEFT_OUT).delete()
    row.event_id = row.confirmed_at = row.send_at = None
    row.version += 1
    _set(row, CampaignState.DRAFT, due_at=None)
    _record(row, "recalled", actor=actor, now=now)


def stop(campaign_id: UUID, *, actor: Actor, now: datetime) -> int:
    """Holds everybody who has not got it; a mail that is being handed over goes out. Returns how many are held.

    Raises NotFound, WrongCampaignState.
    """
    row = _locked(campaign_id, actor)
    _require(row, CampaignState.SENDING)
    row.version += 1
    _set(row, CampaignState.STOPPED, due_at=None)
    _messages(row, MessageState.QUEUED).update(state=MessageState.HELD, due_at=None, leased_until=None)
    _record(row, "stopped", actor=actor, now=now)
    held: int = _messages(row, MessageState.HELD).count()
    return held


def resume(campaign_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Goes on with those who have not got it. Raises NotFound, WrongCampaignState."""
    row = _locked(campaign_id, actor)
    _require(row, CampaignState.STOPPED)
    row.version += 1
    _set(row, CampaignState.SENDING, due_at=now)
    _record(row, "resumed", actor=actor, now=now)


def cancel(campaign_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Nobody else gets it; a draft is put away. Raises NotFound, WrongCampaignState."""
    row = _locked(campaign_id, actor)
    if CampaignState.CANCELLED not in NEXT[CampaignState(row.state)]:
        raise _wrong(row)
    row.version += 1
    row.finished_at = now
    _set(row, CampaignState.CANCELLED, due_at=None)
    if row.event_id is not None:
        _messages(row, MessageState.HELD, MessageState.QUEUED).update(
            state=MessageState.LEFT_OUT,
            left_out_because=LeftOut.CANCELLED.value,
            settled_at=now,
            due_at=None,
            leased_until=None,
        )
    _record(row, "cancelled", actor=actor, now=now)


def words_of(row: Campaign) -> tuple[Wording, str]:
    """What it says, and of which topic it is: a template of marketing never goes out as a mail of service."""
    wording = wording_of(row.partner_id, template=row.template, subject=row.subject, body=row.body)
    return wording, wording.topic or row.topic


def _checked(draft: CampaignDraft, actor: Actor) -> dict[str, Any]:
    title = " ".join(draft.title.split())
    if not 0 < len(title) <= TITLE_LENGTH:
        message = _("Give the campaign a title of at most %(n)s letters.") % {"n": TITLE_LENGTH}
        raise InvalidCampaign(message, field="title")
    checked_topic(draft.topic)
    said = {"template": draft.template, "subject": draft.subject.strip(), "body": draft.body.strip()}
    wording_of(actor.partner_id, **said)
    return {"title": title, "topic": draft.topic, "audience": checked(draft.audience).document(), **said}


def _locked(campaign_id: UUID, actor: Actor) -> Campaign:
    row = Campaign.objects.for_partner(actor.partner_id).select_for_update().filter(pk=campaign_id).first()
    if row is None:
        raise NotFound(_("There is no such campaign."), field="id")
    return row


def _require(row: Campaign, state: CampaignState) -> None:
    if row.state != state:
        raise _wrong(row)


def _wrong(row: Campaign) -> WrongCampaignState:
    return WrongCampaignState(_("The campaign is “%(state)s” by now. Nothing was done.") % {"state": row.state})


def _refuse_moved(row: Campaign, version: int | None) -> None:
    if version not in (None, row.version):
        message = _("Somebody else changed this meanwhile. Look at it and repeat your change.")
        raise CampaignMoved(message, field="version")


def _messages(row: Campaign, *states: MessageState) -> Any:
    return Message.objects.for_partner(row.partner_id).filter(event=row.event_id, state__in=states)


def _set(row: Campaign, state: CampaignState, *, due_at: datetime | None) -> None:
    row.state, row.due_at = state, due_at
    row.save()
    if due_at is not None:
        wake(QUEUE, row.partner_id)


def _change(row: Campaign, what: str, *, actor: Actor, now: datetime, **fields: Any) -> None:
    if all(getattr(row, name) == value for name, value in fields.items()):
        return
    for name, value in fields.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*fields, "version"])
    _record(row, what, actor=actor, now=now)


def _record(row: Campaign, what: str, *, actor: Actor, now: datetime) -> None:
    draft = EventDraft(f"{KIND}.{what}", KIND, row.pk, row.version)
    record([draft], actor=actor, action_id=uuid7(), now=now)
