"""Blue Mesa Voice, Denver: business telephone lines in North America; two kinds of dollars, and pesos."""

from __future__ import annotations

from partnerpanel.embedded.demo.days import MONTHLY, WEEKLY, YEARLY
from partnerpanel.embedded.demo.names import CANADA, MEXICO, UNITED_STATES
from partnerpanel.embedded.demo.shapes import Blueprint, Colleague, PlanIdea
from partnerpanel.tenancy.models import Role

LINES, TRUNK = "Business lines", "SIP trunk"

BLUEMESA = Blueprint(
    slug="bluemesa",
    name="Blue Mesa Voice",
    country="US",
    timezone="America/Denver",
    currency="USD",
    locale="en",
    seed="bluemesa",
    customers=250,
    lived=40,
    team=(
        Colleague("Denise Whitaker", "owner@bluemesa.example", Role.OWNER),
        Colleague("Marcus Ibarra", "admin@bluemesa.example", Role.ADMIN),
        Colleague("Priya Raman", "billing@bluemesa.example", Role.BILLING),
        Colleague("Caleb Thornton", "support@bluemesa.example", Role.SUPPORT),
        Colleague("June Okafor", "reader@bluemesa.example", Role.READ_ONLY),
        Colleague("Robin Falk", "robin@falk-consulting.example", Role.BILLING),
    ),
    plans=(
        PlanIdea(LINES, "Solo", MONTHLY, {"USD": "19.00", "CAD": "25.00", "MXN": "349.00"}, 10, {"lines": 1}, 30),
        PlanIdea(LINES, "Solo yearly", YEARLY, {"USD": "190.00", "CAD": "250.00"}, 10, {"lines": 1}, 10),
        PlanIdea(LINES, "Team", MONTHLY, {"USD": "49.00", "CAD": "65.00", "MXN": "899.00"}, 20, {"lines": 5}, 28),
        PlanIdea(LINES, "Team yearly", YEARLY, {"USD": "490.00", "CAD": "650.00"}, 20, {"lines": 5}, 8),
        PlanIdea(LINES, "Call center", MONTHLY, {"USD": "149.00", "CAD": "199.00"}, 30, {"lines": 25}, 8),
        PlanIdea(LINES, "Pop-up line", WEEKLY, {"USD": "8.00", "CAD": "11.00", "MXN": "149.00"}, 5, {"lines": 1}, 4),
        PlanIdea(TRUNK, "Trunk 10", MONTHLY, {"USD": "79.00", "CAD": "105.00", "MXN": "1449.00"}, 40, {"channels": 10}),
        PlanIdea(TRUNK, "Trunk 30", MONTHLY, {"USD": "199.00", "CAD": "265.00"}, 50, {"channels": 30}, 4),
        PlanIdea(
            LINES,
            "Landline classic",
            MONTHLY,
            {"USD": "14.00", "CAD": "18.00", "MXN": "259.00"},
            5,
            {},
            0,
            is_archived=True,
        ),
    ),
    countries=(UNITED_STATES, CANADA, MEXICO),
    tags=("chain", "churn risk", "key account", "ported", "restaurant", "seasonal", "VIP"),
    notes=(
        "Ported four numbers from the old carrier; the fax line stays there until June.",
        "Closed from November to March. Offer a pause instead of a cancellation.",
        "Wants one invoice for all three locations.",
        "Spoke to the office manager: hold music is too loud, sent the guide.",
        "Decision maker is the brother; call after 2 pm.",
    ),
)
