"""No hold and no fate of a mail is without words."""

from __future__ import annotations

from notifications.rules.states import MessageState
from partnerpanel.panel.why_words import FATES, RELEASED
from subscriptions.rules.states import HoldKind


def test_every_hold_says_what_releases_it() -> None:
    assert set(RELEASED) == set(HoldKind)


def test_every_mail_says_what_became_of_it() -> None:
    assert set(FATES) == set(MessageState)
