"""Marketing in words: its topics, why somebody is left out, where a choice was made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from notifications.marketing.rules.reasons import Answer, LeftOut, Source, Suppressed
from notifications.marketing.rules.topics import SERVICE, Topic

TOPICS: Mapping[str, Any] = {Topic.OFFERS: _("Offers"), Topic.TIPS: _("Tips"), Topic.FEEDBACK: _("Feedback")}
TOPIC_CHOICES = [(SERVICE, _("Service: everybody has to get it")), *((one.value, TOPICS[one]) for one in Topic)]
KIND_HELP = _("Offers, tips and feedback are marketing: whoever does not want that is left out.")
ANSWERS: Mapping[Answer, Any] = {
    Answer.UNSAID: _("Has not said"),
    Answer.YES: _("Wants them"),
    Answer.NO: _("Does not want them"),
}
SOURCES: Mapping[Source, Any] = {
    Source.PORTAL: _("in the portal"),
    Source.LINK: _("by the link in a mail"),
    Source.ONE_CLICK: _("in the mail program"),
    Source.STAFF: _("told your team"),
    Source.API: _("through the API"),
    Source.IMPORT: _("brought along"),
    Source.COMPLAINT: _("by marking a mail as spam"),
}
SUPPRESSED: Mapping[Suppressed, Any] = {
    Suppressed.HARD_BOUNCE: _("Mails come back"),
    Suppressed.COMPLAINT: _("Marked as spam"),
    Suppressed.UNSUBSCRIBED: _("Unsubscribed"),
    Suppressed.BY_HAND: _("By hand"),
}
LEFT_OUT: Mapping[LeftOut, Any] = {
    LeftOut.ERASED: _("Its personal data is erased."),
    LeftOut.NO_ADDRESS: _("No e-mail address is known."),
    LeftOut.BANNED: _("The customer is banned."),
    LeftOut.HARD_BOUNCE: _("Mails to this address come back."),
    LeftOut.COMPLAINT: _("The customer has marked a mail as spam."),
    LeftOut.BY_HAND: _("The address is on the list of suppressed addresses."),
    LeftOut.UNSUBSCRIBED: _("The customer has unsubscribed."),
    LeftOut.REFUSED: _("The customer wants no mails of this kind."),
    LeftOut.NO_CONSENT: _("The customer has not agreed to mails of this kind."),
    LeftOut.CANCELLED: _("The campaign was called off."),
}
