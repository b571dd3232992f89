"""The reasons of a partner's exit survey are changed; in the open scope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.offers.models import ExitSurvey
from partnerpanel.offers.rules.survey import LABEL_LENGTH, MOST_OWN, OTHER, Reason, next_own, reasons_of
from partnerpanel.tenancy.actor import Actor


class InvalidReason(DomainError):
    """A reason without words, with too many, or one too many."""

    code = "invalid_exit_reason"


def save_reason(code: str, labels: Mapping[str, str], *, is_on: bool, actor: Actor, now: datetime) -> str:
    """Its code, which is made for a new one (`code` empty). Raises InvalidReason, NotFound."""
    survey = _locked(actor)
    known = {reason.code: reason for reason in reasons_of(survey.reasons)}
    words = _checked(labels)
    if not code:
        own = [reason for reason in known.values() if reason.is_own]
        if len(own) >= MOST_OWN:
            raise InvalidReason(_("There are as many reasons as there can be. Switch one off or reword it."))
        code = next_own(own)
        known[code] = Reason(code)
    if code not in known:
        raise NotFound("There is no such reason.", field="reason")
    if known[code].is_own and not words:
        raise InvalidReason(_("Write the reason in at least one language."), field="label_en")
    if code == OTHER and not is_on:
        raise InvalidReason(_("This one stands for every other reason, and stays."), field="is_on")
    known[code] = replace(known[code], labels=words, is_on=is_on)
    survey.reasons = [reason.as_json() for reason in known.values()]
    survey.version += 1
    survey.save(update_fields=["reasons", "version"])
    data = {"reason": code, "is_on": is_on}
    draft = EventDraft("exit_survey.updated", "exit_survey", survey.pk, survey.version, data=data)
    record([draft], actor=actor, action_id=uuid7(), now=now)
    return code


def _locked(actor: Actor) -> ExitSurvey:
    """The partner's row, made where there is none, which nobody else changes until the transaction ends."""
    ExitSurvey.objects.bulk_create([ExitSurvey(partner_id=actor.partner_id)], ignore_conflicts=True)
    return ExitSurvey.objects.for_partner(actor.partner_id).select_for_update().get()


def _checked(labels: Mapping[str, str]) -> dict[str, str]:
    languages = dict(settings.LANGUAGES)
    found = {language: " ".join(text.split()) for language, text in labels.items() if text.strip()}
    for language, text in found.items():
        if language not in languages:
            raise InvalidReason(_("There are no texts in this language."), field="labels")
        if len(text) > LABEL_LENGTH or not text.isprintable():
            raise InvalidReason(_("A reason has at most 120 letters."), field=f"label_{language}")
    return found
