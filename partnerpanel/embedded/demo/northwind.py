"""Northwind Hosting, Berlin: web space, servers and chatbots for small firms; euros, francs and zlotys."""

from __future__ import annotations

from partnerpanel.embedded.demo.days import MONTHLY, WEEKLY, YEARLY
from partnerpanel.embedded.demo.names import AUSTRIA, GERMANY, POLAND, SWITZERLAND
from partnerpanel.embedded.demo.shapes import Blueprint, Colleague, PlanIdea
from partnerpanel.tenancy.models import Role

WEB, SERVER, BOT = "Web hosting", "Managed server", "Chatbot"

NORTHWIND = Blueprint(
    slug="northwind",
    name="Northwind Hosting",
    country="DE",
    timezone="Europe/Berlin",
    currency="EUR",
    locale="de",
    seed="northwind",
    customers=300,
    lived=60,
    has_twin=True,
    team=(
        Colleague("Katharina Brandt", "owner@northwind.example", Role.OWNER),
        Colleague("Jonas Wegener", "admin@northwind.example", Role.ADMIN),
        Colleague("Selin Aydın", "billing@northwind.example", Role.BILLING),
        Colleague("Mateusz Nowak", "support@northwind.example", Role.SUPPORT),
        Colleague("Lena Hofer", "reader@northwind.example", Role.READ_ONLY),
        Colleague("Robin Falk", "robin@falk-consulting.example", Role.ADMIN),
    ),
    plans=(
        PlanIdea(WEB, "Start", MONTHLY, {"EUR": "4.90", "CHF": "5.50", "PLN": "21.00"}, 10, {"domains": 1}, 30),
        PlanIdea(WEB, "Start yearly", YEARLY, {"EUR": "49.00", "CHF": "55.00"}, 10, {"domains": 1}, 14),
        PlanIdea(WEB, "Plus", MONTHLY, {"EUR": "9.90", "CHF": "10.90", "PLN": "42.00"}, 20, {"domains": 5}, 26),
        PlanIdea(WEB, "Plus yearly", YEARLY, {"EUR": "99.00", "CHF": "109.00"}, 20, {"domains": 5}, 10),
        PlanIdea(WEB, "Business", MONTHLY, {"EUR": "24.90", "CHF": "27.90", "PLN": "106.00"}, 30, {"domains": 20}, 14),
        PlanIdea(WEB, "Fair and festival", WEEKLY, {"EUR": "12.00", "CHF": "13.00", "PLN": "51.00"}, 15, {}, 4),
        PlanIdea(SERVER, "Server M", MONTHLY, {"EUR": "89.00", "CHF": "95.00", "PLN": "379.00"}, 40, {"cores": 4}, 6),
        PlanIdea(SERVER, "Server L", MONTHLY, {"EUR": "149.00", "CHF": "159.00"}, 50, {"cores": 8}, 3),
        PlanIdea(BOT, "Chatbot 1,000", MONTHLY, {"EUR": "19.00", "CHF": "20.00"}, 20, {"conversations": 1000}, 8),
        PlanIdea(
            WEB, "Classic 2019", MONTHLY, {"EUR": "3.90", "CHF": "4.20", "PLN": "16.50"}, 5, {}, 0, is_archived=True
        ),
    ),
    countries=(GERMANY, AUSTRIA, SWITZERLAND, POLAND),
    tags=("agency", "club", "key account", "migrated", "newsletter", "non-profit", "reseller"),
    notes=(
        "Prefers to be called in the morning; the shop is closed on Wednesdays.",
        "Moves two more domains to us as soon as the old contract ends.",
        "Pays by bank transfer at the end of the month, never earlier. That is agreed.",
        "The webmaster is an agency; send technical questions there, invoices to the customer.",
        "Asked for a quote for Server M. Follow up in spring.",
    ),
)
