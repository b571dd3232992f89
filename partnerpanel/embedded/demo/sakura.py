"""Sakura Stream, Tokyo: films and series at home; yen and won, which have no decimals, and Singapore dollars."""

from __future__ import annotations

from partnerpanel.embedded.demo.days import MONTHLY, WEEKLY, YEARLY
from partnerpanel.embedded.demo.names import JAPAN, KOREA, SINGAPORE
from partnerpanel.embedded.demo.shapes import Blueprint, Colleague, PlanIdea
from partnerpanel.tenancy.models import Role

STREAM, STAGE = "Streaming", "Live stage"

SAKURA = Blueprint(
    slug="sakura",
    name="Sakura Stream",
    country="JP",
    timezone="Asia/Tokyo",
    currency="JPY",
    locale="en",
    seed="sakura",
    customers=200,
    lived=40,
    team=(
        Colleague("Akiko Matsuda", "owner@sakura.example", Role.OWNER),
        Colleague("Daichi Endō", "admin@sakura.example", Role.ADMIN),
        Colleague("Naomi Fujii", "billing@sakura.example", Role.BILLING),
        Colleague("Takumi Hara", "support@sakura.example", Role.SUPPORT),
        Colleague("Emi Sugiyama", "reader@sakura.example", Role.READ_ONLY),
    ),
    plans=(
        PlanIdea(STREAM, "Basic", MONTHLY, {"JPY": "780", "KRW": "7900", "SGD": "7.90"}, 10, {"screens": 1}, 30),
        PlanIdea(STREAM, "Standard", MONTHLY, {"JPY": "1280", "KRW": "12900", "SGD": "12.90"}, 20, {"screens": 2}, 30),
        PlanIdea(STREAM, "Family", MONTHLY, {"JPY": "1980", "KRW": "19900", "SGD": "19.90"}, 30, {"screens": 5}, 16),
        PlanIdea(STREAM, "Family yearly", YEARLY, {"JPY": "19800", "KRW": "199000"}, 30, {"screens": 5}, 8),
        PlanIdea(STREAM, "Week pass", WEEKLY, {"JPY": "320", "KRW": "3200", "SGD": "3.20"}, 5, {"screens": 1}, 6),
        PlanIdea(STAGE, "Stage pass", MONTHLY, {"JPY": "2480", "KRW": "24900", "SGD": "24.90"}, 40, {"shows": 4}, 8),
        PlanIdea(
            STREAM, "Mobile only", MONTHLY, {"JPY": "480", "KRW": "4900", "SGD": "4.90"}, 5, {}, 0, is_archived=True
        ),
    ),
    countries=(JAPAN, KOREA, SINGAPORE),
    tags=("campus", "family", "film club", "gift", "partner offer", "referral"),
    notes=(
        "Asked for subtitles in Portuguese; told the content team.",
        "Had trouble with an old television set, now uses the stick we recommended.",
        "Gift subscription: the payer is the grandmother, do not send her the film tips.",
        "Film club of a university. Renews after the summer holidays.",
    ),
)
