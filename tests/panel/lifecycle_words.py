"""What the pages say in one language where subscriptions are extended, cancelled, paused and forgiven."""

from __future__ import annotations

from dataclasses import dataclass

import pytest


@dataclass(frozen=True)
class Words:
    """Menus, fields, buttons and toasts."""

    language: str
    actions: str
    note: str
    extend: str
    extend_by: str
    number_of_days: str
    received: str
    amount: str
    yes_extend: str
    is_extended: str
    cancel: str
    when: str
    reason: str
    reasons: str
    credit: str
    yes_cancel: str
    has_ended: str
    ends_on: str
    cancelling: str
    keep: str
    yes_keep: str
    goes_on: str
    pause: str
    yes_pause: str
    is_paused: str
    paused: str
    resume: str
    yes_resume: str
    skip: str
    yes_skip: str
    is_skipped: str
    move: str
    new_date: str
    yes_move: str
    is_moved: str
    reactivate: str
    take: str
    record: str
    yes_charge: str
    waive: str
    yes_waive: str
    is_waived: str
    opens: str


ENGLISH = Words(
    language="en",
    actions="Actions for Anna Alder",
    note="Note",
    extend="Extend",
    extend_by="Extend by",
    number_of_days="Number of days",
    received="Outside payment received",
    amount="Amount",
    yes_extend="Yes, Extend",
    is_extended="is extended until",
    cancel="Cancel subscription",
    when="When",
    reason="Reason",
    reasons="Too expensive",
    credit="Give the unused days to the customer’s balance",
    yes_cancel="Yes, Cancel",
    has_ended="has ended.",
    ends_on="ends on",
    cancelling="Cancelling",
    keep="Keep",
    yes_keep="Yes, Keep",
    goes_on="goes on.",
    pause="Pause",
    yes_pause="Yes, Pause",
    is_paused="is paused.",
    paused="Paused",
    resume="Resume",
    yes_resume="Yes, Resume",
    skip="Skip renewal",
    yes_skip="Yes, Skip",
    is_skipped="is skipped.",
    move="Move billing date",
    new_date="New billing date",
    yes_move="Yes, Move",
    is_moved="is billed next on",
    reactivate="Reactivate",
    take="Take the payment",
    record="Record payment",
    yes_charge="Yes, Charge now",
    waive="Waive",
    yes_waive="Yes, Waive",
    is_waived="owed is waived.",
    opens="Access opens again.",
)
GERMAN = Words(
    language="de",
    actions="Aktionen für Anna Alder",
    note="Notiz",
    extend="Verlängern",
    extend_by="Verlängern um",
    number_of_days="Anzahl der Tage",
    received="Zahlung von außerhalb erhalten",
    amount="Betrag",
    yes_extend="Ja, verlängern",
    is_extended="verlängert.",
    cancel="Abonnement kündigen",
    when="Wann",
    reason="Grund",
    reasons="Zu teuer",
    credit="Ungenutzte Tage dem Guthaben des Kunden gutschreiben",
    yes_cancel="Ja, kündigen",
    has_ended="ist beendet.",
    ends_on="endet am",
    cancelling="Gekündigt",
    keep="Behalten",
    yes_keep="Ja, behalten",
    goes_on="läuft weiter.",
    pause="Pausieren",
    yes_pause="Ja, pausieren",
    is_paused="ist pausiert.",
    paused="Pausiert",
    resume="Fortsetzen",
    yes_resume="Ja, fortsetzen",
    skip="Verlängerung auslassen",
    yes_skip="Ja, auslassen",
    is_skipped="wird ausgelassen.",
    move="Abrechnungstag verlegen",
    new_date="Neuer Abrechnungstag",
    yes_move="Ja, verlegen",
    is_moved="wird das nächste Mal am",
    reactivate="Reaktivieren",
    take="Zahlung einziehen",
    record="Zahlung erfassen",
    yes_charge="Ja, jetzt abbuchen",
    waive="Erlassen",
    yes_waive="Ja, erlassen",
    is_waived="ist erlassen.",
    opens="Der Zugang wird wieder frei.",
)
LANGUAGES = pytest.mark.parametrize(
    ("words", "theme"), [(ENGLISH, "light"), (GERMAN, "dark")], ids=["en-light", "de-dark"]
)
