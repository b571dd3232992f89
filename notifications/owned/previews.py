"""A text as its mail would be read: with sample values, or as a customer would get it; and sent to oneself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from billing.rules.formats import locale_of
from customers.queries.facts import identities
from notifications.delivery import Fate, Mailer
from notifications.letters import Draft, Letter, Occasion, write
from notifications.looks import look_of
from notifications.marketing.rules.topics import SERVICE, topic_of
from notifications.models import Message
from notifications.owned.models import OwnText
from notifications.owned.queries import default_template
from notifications.owned.rules.texts import checked_language, checked_text, is_own, kind_of, left_out
from notifications.owned.samples import sample_values
from notifications.rules.template import Template
from notifications.rules.wordings import text_name
from partnerpanel.brand.queries import partner_and_brand
from partnerpanel.events.models import EventDetail
from partnerpanel.kernel.clock import local_date
from partnerpanel.kernel.errors import Conflict, NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.queries import mails_nobody
from partnerpanel.tenancy.scope import tenant

# Of a customer's mails so many are looked through for one of the kind that is shown.
NEWEST = 50


class TrialNotSent(Conflict):
    """The mail server did not take it, or nobody is mailed here."""

    code = "test_not_sent"


@dataclass(frozen=True, slots=True)
class Preview:
    """`left_out` are values that the product's text names and this one does not; `is_real` says that a mail of this
    kind which the customer got gave the values."""

    letter: Letter
    left_out: tuple[str, ...]
    is_real: bool


def preview(
    partner_id: UUID, *, name: str, language: str, subject: str, body: str, customer_id: UUID | None, now: datetime
) -> Preview:
    """In the open scope; writes nothing. Raises NotFound, UnknownLanguage, and what is wrong with the text."""
    template = checked_text(name, subject, body)
    default = default_template(checked_language(language), name)
    missing = left_out(template, default) if default else ()
    if customer_id is not None and (letter := _as_sent(partner_id, customer_id, name, Draft(language, template))):
        return Preview(letter, missing, is_real=True)
    sampled = _sampled(partner_id, template, language, customer_id, now, topic=_topic(partner_id, name))
    return Preview(sampled, missing, is_real=False)


def send_test(
    partner_id: UUID, *, name: str, language: str, subject: str, body: str, to_name: str, to: str, now: datetime
) -> None:
    """With sample values, to one of the partner's people; opens its own scope.

    Raises what `preview` raises, and TrialNotSent.
    """
    if mails_nobody(partner_id):
        raise TrialNotSent(_("Nobody is mailed in test mode. Look at the preview instead."))
    with tenant(partner_id):
        found = preview(
            partner_id, name=name, language=language, subject=subject, body=body, customer_id=None, now=now
        ).letter
    text = replace(found.text, subject=_("[Test] %(subject)s") % {"subject": found.text.subject})
    with Mailer() as mailer:
        error = mailer.reach()
        sent = (
            None
            if error
            else mailer.send(
                # Who tries it out has nothing to unsubscribe from.
                replace(found, text=text, to_name=to_name, to_address=to, topic=SERVICE),
                message_id=uuid7(),
            )
        )
    if sent is None or sent.fate is not Fate.SENT:
        answer = error if sent is None else sent.error
        raise TrialNotSent(_("The mail server did not take it: %(answer)s") % {"answer": answer[:200]})


def _as_sent(partner_id: UUID, customer_id: UUID, name: str, draft: Draft) -> Letter | None:
    """With the values of the newest mail that the customer got of this text."""
    if is_own(name):
        return None
    kind = kind_of(name)
    rows = Message.objects.for_partner(partner_id).filter(customer=customer_id, kind=kind).select_related("event")
    for row in rows.order_by("-queued_at", "-id")[:NEWEST]:
        if text_name(kind, row.event.data) == name:
            told = (
                EventDetail.objects.for_partner(partner_id).filter(event=row.event_id).values_list("values", flat=True)
            )
            words = told.first() or {}
            occasion = Occasion(kind, customer_id, row.event.object_id, row.event.data, words)
            return write(partner_id, [occasion], draft=draft)[0]
    return None


def _topic(partner_id: UUID, name: str) -> str:
    if not is_own(name):
        return topic_of(kind_of(name), {})
    return OwnText.objects.for_partner(partner_id).filter(name=name).values_list("topic", flat=True).first() or SERVICE


def _sampled(
    partner_id: UUID, template: Template, language: str, customer_id: UUID | None, now: datetime, *, topic: str
) -> Letter:
    partner, line = partner_and_brand(partner_id)
    look = look_of(partner_id, line, name=partner.name)
    locale = locale_of(language, partner.locale)
    today = local_date(now, partner.timezone)
    values = sample_values(currency=partner.currency, language=language, locale=locale, today=today)
    to_name, address = values["customer.name"], "anna.berger@example.com"
    if customer_id is not None:
        found = identities(partner_id, [customer_id]).get(customer_id)
        if found is None:
            raise NotFound(_("There is no such customer."), field="customer")
        to_name, address = found.name, found.email
    values |= {
        "customer.name": to_name,
        "partner.name": look.sender,
        "partner.support_email": partner.support_email,
    }
    return Letter(
        customer_id=customer_id or uuid7(),
        look=look,
        reply_to=partner.support_email,
        to_name=to_name,
        to_address=address,
        language=language,
        text=template.render(values),
        topic=topic,
    )
