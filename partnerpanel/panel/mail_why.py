"""Why a customer did or did not get a mail, in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy

from notifications.rules.why import Verdict, Why
from partnerpanel.panel.marketing_words import LEFT_OUT
from partnerpanel.panel.templatetags.formats import in_zone

SENTENCES: Mapping[Why, Any] = {
    Why.SENT: gettext_lazy("The newest was sent: %(at)s."),
    Why.BOUNCED: gettext_lazy("It came back: %(at)s."),
    Why.KEPT: gettext_lazy("The newest was written and kept: in test mode nobody is mailed."),
    Why.WAITING: gettext_lazy("It waits to be sent, next at %(at)s."),
    Why.HELD: gettext_lazy("It is among the campaign’s recipients, and its turn has not come."),
    Why.FAILED: gettext_lazy("The mail server refused the newest every time. A person has to look at it."),
    Why.UNKNOWN: gettext_lazy("Nobody knows whether the newest arrived. It is not sent again by itself."),
    Why.LEFT_OUT: gettext_lazy("The newest was not sent: %(reason)s"),
    Why.NEVER: gettext_lazy("Nothing has happened yet that this mail tells of."),
    Why.NO_STEP: gettext_lazy("The series that it belongs to has not begun for this customer."),
    Why.STEP_DUE: gettext_lazy("Its series is under way: it is due at %(at)s."),
    Why.STEP_STOPPED: gettext_lazy("Its series was stopped: what it is about was no longer so, or its day had passed."),
    Why.NO_DAYS: gettext_lazy("Your policy has no days for it, so it is never due."),
    Why.NOT_CHOSEN: gettext_lazy("The customer was not among those whom the campaign was meant for."),
    Why.NOT_CONFIRMED: gettext_lazy("The campaign was not confirmed, so nobody gets it."),
    Why.WOULD_BE_LEFT_OUT: gettext_lazy("It would not be sent now: %(reason)s"),
    Why.QUIET: gettext_lazy("It is quiet there now: marketing waits until %(at)s."),
}


def sentences(found: Sequence[Verdict]) -> list[str]:
    """In their order."""
    return [
        str(SENTENCES[one.why])
        % {"at": in_zone(one.at) if one.at else "–", "reason": LEFT_OUT[one.reason] if one.reason else ""}
        for one in found
    ]
