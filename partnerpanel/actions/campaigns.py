"""Campaigns by people and programs of the partner: whoever may run them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from customers.queries.facts import identities
from notifications.campaigns import services
from notifications.campaigns.audience import Reach, chosen, reach
from notifications.campaigns.queries import campaign
from notifications.campaigns.rules.audience import Audience
from notifications.campaigns.rules.states import CampaignState
from notifications.campaigns.services import CampaignDraft, words_of
from notifications.letters import Letter, Occasion, write
from notifications.marketing.rules.reasons import LeftOut
from notifications.owned import previews
from notifications.owned.rules.texts import OWN
from notifications.owned.wording import template_in
from notifications.rules.kinds import MessageKind
from notifications.rules.languages import LANGUAGES
from partnerpanel.actions.permission import Permission, permit
from partnerpanel.kernel.errors import NotFound
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.scope import tenant

__all__ = ["Audience", "CampaignDraft", "CampaignState", "Reach"]
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Recipient:
    """A customer that a draft means, and why it is left out; None where it gets the mail."""

    id: UUID
    name: str
    email: str
    left_out: LeftOut | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What confirming would send: to how many, the first of them and of those who are left out, and one as it is read.

    There is no letter where nobody would get it.
    """

    reach: Reach
    recipients: tuple[Recipient, ...]
    left_out: tuple[Recipient, ...]
    letter: Letter | None


def create_campaign(draft: CampaignDraft, *, actor: Actor, now: datetime) -> UUID:
    """Raises Forbidden, InvalidCampaign, InvalidAudience, UnknownTopic, and what is wrong with the words."""
    permit(actor, Permission.CAMPAIGN)
    with tenant(actor.partner_id):
        return services.create(draft, actor=actor, now=now)


def change_campaign(
    campaign_id: UUID, draft: CampaignDraft, *, version: int | None = None, actor: Actor, now: datetime
) -> None:
    """Raises what `create_campaign` raises, NotFound, WrongCampaignState, CampaignMoved."""
    permit(actor, Permission.CAMPAIGN)
    with tenant(actor.partner_id):
        services.change(campaign_id, draft, version=version, actor=actor, now=now)


def preview_campaign(campaign_id: UUID, *, customer_id: UUID | None = None, actor: Actor, now: datetime) -> Preview:
    """Writes nothing; `customer_id` says as whom it is read. Raises Forbidden, NotFound, and what is wrong with the
    words by now."""
    permit(actor, Permission.VIEW)
    partner_id = actor.partner_id
    with tenant(partner_id):
        row = campaign(partner_id, campaign_id)
        wording, topic = words_of(row)
        audience = Audience.read(row.audience)
        rows = chosen(partner_id, audience, topic, now=now).order_by("name_key", "id")
        columns = ("pk", "name", "email", "left_out")
        first = [_recipient(*one) for one in rows.filter(left_out="").values_list(*columns)[:SHOWN]]
        rest = [_recipient(*one) for one in rows.exclude(left_out="").values_list(*columns)[:SHOWN]]
        letter = None
        read_by = customer_id or (first[0].id if first else None)
        if read_by is not None:
            if not identities(partner_id, [read_by]):
                raise NotFound("There is no such customer.", field="customer")
            data = {"template": wording.name, "topic": topic}
            [letter] = write(partner_id, [Occasion(MessageKind.CAMPAIGN, read_by, row.pk, data, wording.words)])
        return Preview(reach(partner_id, audience, topic, now=now), tuple(first), tuple(rest), letter)


def send_test(campaign_id: UUID, *, language: str, to_name: str, to: str, actor: Actor, now: datetime) -> None:
    """To whoever asks, with sample values. Raises Forbidden, NotFound, TrialNotSent, and what is wrong with it."""
    permit(actor, Permission.CAMPAIGN)
    with tenant(actor.partner_id):
        wording, _topic = words_of(campaign(actor.partner_id, campaign_id))
    found = template_in(wording.words, language, *LANGUAGES)
    spoken = found[0] if found else language
    said: Mapping[str, str] = {
        part: wording.words.get(f"{part}.{spoken}") or wording.words.get(f"{part}.any", "")
        for part in ("subject", "body")
    }
    previews.send_test(
        actor.partner_id,
        name=OWN,
        language=spoken,
        subject=said["subject"],
        body=said["body"],
        to_name=to_name,
        to=to,
        now=now,
    )


def confirm_campaign(
    campaign_id: UUID,
    *,
    recipients: int,
    send_at: datetime | None = None,
    version: int | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Of two who confirm at once the second is refused. Raises Forbidden, NotFound, WrongCampaignState, CampaignMoved,
    InvalidAudience, InvalidCampaign, and what is wrong with the words."""
    permit(actor, Permission.CAMPAIGN)
    with tenant(actor.partner_id):
        services.confirm(campaign_id, recipients=recipients, send_at=send_at, version=version, actor=actor, now=now)


def recall_campaign(campaign_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Raises Forbidden, NotFound, WrongCampaignState."""
    permit(actor, Permission.CAMPAIGN)
    with tenant(actor.partner_id):
        services.recall(campaign_id, actor=actor, now=now)


def stop_campaign(campaign_id: UUID, *, actor: Actor, now: datetime) -> int:
    """How many are held back. Raises Forbidden, NotFound, WrongCampaignState."""
    permit(actor, Permission.CAMPAIGN)
    with tenant(actor.partner_id):
        return services.stop(campaign_id, actor=actor, now=now)


def resume_campaign(campaign_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Raises Forbidden, NotFound, WrongCampaignState."""
    permit(actor, Permission.CAMPAIGN)
    with tenant(actor.partner_id):
        services.resume(campaign_id, actor=actor, now=now)


def cancel_campaign(campaign_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Raises Forbidden, NotFound, WrongCampaignState."""
    permit(actor, Permission.CAMPAIGN)
    with tenant(actor.partner_id):
        services.cancel(campaign_id, actor=actor, now=now)


def _recipient(id_: UUID, name: str, email: str, reason: str) -> Recipient:
    return Recipient(id_, name, email, LeftOut(reason) if reason else None)
