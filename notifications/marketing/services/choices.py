"""What a customer says of marketing, each change with where it was said and its event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from customers.queries.erased import erased_among
from customers.queries.facts import identities
from customers.rules.erasure import NOBODY, CustomerErased
from notifications.marketing.models import MailChoice
from notifications.marketing.rules.reasons import NOTE_LENGTH, Answer, LeftOut, Source, Suppressed
from notifications.marketing.rules.topics import Topic
from notifications.marketing.services.suppress import lift
from notifications.marketing.services.waiting import leave_out
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.actor import Actor

KIND = "mail_choice"


def say(
    customer_id: UUID,
    answers: Mapping[Topic, Answer],
    *,
    source: Source,
    note: str = "",
    actor: Actor,
    now: datetime,
) -> bool:
    """Writes what differs and returns whether anything did: to say the same again changes nothing.

    Who agrees to something is taken off the list of those who unsubscribed; what waits of a refused topic is left
    out. Raises NotFound, CustomerErased.
    """
    partner_id = actor.partner_id
    found = identities(partner_id, [customer_id], lock=True).get(customer_id)
    if found is None:
        raise NotFound(_("There is no such customer."), field="customer")
    if customer_id in erased_among(partner_id, {customer_id}):
        raise CustomerErased(NOBODY, field="customer")
    row = _locked(customer_id, source, actor, now)
    changed = {topic: answer for topic, answer in answers.items() if getattr(row, topic.value) != answer.value}
    if not changed:
        return False
    for topic, answer in changed.items():
        setattr(row, topic.value, answer.value)
    row.source, row.changed_at, row.version = source.value, now, row.version + 1
    row.save(update_fields=[*(topic.value for topic in changed), "source", "changed_at", "version"])
    if Answer.YES in changed.values() and found.email:
        lift(found.email, [Suppressed.UNSUBSCRIBED], actor=actor, now=now)
    refused = [topic for topic, answer in changed.items() if answer is Answer.NO]
    leave_out(partner_id, customer_id, refused, because=LeftOut.REFUSED, now=now)
    data = {"answers": {topic.value: answer.value for topic, answer in changed.items()}, "source": source.value}
    words = {"note": note.strip()[:NOTE_LENGTH]} if note.strip() else {}
    draft = EventDraft("marketing.changed", KIND, row.pk, row.version, customer_id, data, words)
    record([draft], actor=actor, action_id=uuid7(), now=now)
    return True


def _locked(customer_id: UUID, source: Source, actor: Actor, now: datetime) -> MailChoice:
    """Under the customer's lock, so that nobody else makes it meanwhile."""
    rows = MailChoice.objects.for_partner(actor.partner_id)
    row = rows.select_for_update().filter(customer=customer_id).first()
    if row is None:
        new = MailChoice(partner_id=actor.partner_id, customer_id=customer_id, source=source.value, changed_at=now)
        new.save(force_insert=True)
        return new
    return row
