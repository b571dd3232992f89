"""What one customer said of marketing and what is known of its address, for its page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from notifications.marketing.queries import choices_of, suppressions_of
from notifications.marketing.rules.reasons import Suppressed
from partnerpanel.panel.marketing_words import ANSWERS, SOURCES, SUPPRESSED, TOPICS


def mail_choice(partner_id: UUID, customer_id: UUID) -> dict[str, Any]:
    """In the open scope, in three queries."""
    said = choices_of(partner_id, [customer_id])[customer_id]
    listed = suppressions_of(partner_id, customer_id)
    return {
        "mail_choice": [(TOPICS[topic], ANSWERS[answer]) for topic, answer in said.answers.items()],
        "mail_choice_said": SOURCES[said.source] if said.source else "",
        "suppressed": [SUPPRESSED[Suppressed(one.reason)] for one in listed],
        "comes_back": [one for one in listed if one.reason == Suppressed.HARD_BOUNCE],
    }
