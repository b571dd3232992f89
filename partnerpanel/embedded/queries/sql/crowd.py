"""Many customers at once, written set by set as the owner of the tables, under all constraints and policies.

For measuring at size: the rows are as the engine would leave them, but nobody lived them. `seed_history` lives.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connections

from partnerpanel.tenancy.database import OWNER

HERE = Path(__file__).parent
# By default a subscription has the term before and the one that runs now, and one customer in six a second one.
TERMS, SECOND = 2, 8
# How many customers' terms are paid by one run of the statements, and how many runs go on at once.
ROWS_AT_A_TIME, CORES = 500_000, 2
# At size half of all customers have two: 300,000 of 200,000.
OF_MANY = 25

GIVEN = """James Mary Robert Patricia Michael Linda David Elizabeth William Barbara Richard Susan Joseph Jessica Thomas
Sarah Daniel Karen Matthew Nancy Anthony Lisa Mark Betty Paul Sandra Steven Ashley Andrew Emily Joshua Donna Kevin
Michelle Brian Carol George Amanda Edward Melissa Anna Lukas Marie Felix Sophie Johanna Clara Jakob Frieda Emil Greta
Moritz Ida Anton Mathilda Oskar Elif Mehmet Zeynep Tobias Sabine Renate Wolfgang Ute Holger Birgit Rainer Nadja Timo"""
FAMILY = """Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Gonzalez Wilson
Anderson Thomas Taylor Moore Jackson Martin Lee Perez Thompson White Harris Sanchez Clark Ramirez Lewis Robinson Walker
Young Allen King Wright Scott Torres Nguyen Hill Flores Green Adams Nelson Baker Hall Rivera Campbell Mitchell Carter
Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Koch Bauer Richter Klein Wolf Neumann Schwarz Braun
Zimmermann Hofmann Hartmann Lange Krause Lehmann Maier Huber Kaiser Fuchs Petersen Lindner Vogt Keller Frank Berger"""


@dataclass(frozen=True, slots=True)
class Shape:
    """`second` of forty customers have two subscriptions; each has `terms`, the last of which runs now."""

    terms: int = TERMS
    second: int = SECOND


def shape_for(*, customers: int, payments: int) -> Shape:
    """So many terms that three subscriptions of two customers come to about so many payments."""
    subscriptions = customers * 3 // 2
    return Shape(terms=1 + max(1, round(payments / max(1, subscriptions))), second=OF_MANY)


def write_crowd(sizes: Mapping[UUID, int], shape: Shape, *, now: datetime) -> None:
    """So many customers for each of these new partners, with cards and subscriptions, and the planner told of them."""
    given: dict[str, Any] = {"given": GIVEN, "family": FAMILY, "now": now, "terms": shape.terms, "second": shape.second}
    with connections[OWNER].cursor() as cursor:
        _size(cursor, sizes)
        cursor.execute((HERE / "crowd.sql").read_text(), given)
        cursor.execute("DROP TABLE size, person")
        # As on a server that has been up for a while.
        cursor.execute("VACUUM ANALYZE")


def write_payments(sizes: Mapping[UUID, int], shape: Shape, *, now: datetime) -> int:
    """The renewals of all terms but the first, each paid with the customer's card; returns how many payments.

    Two partners at a time, the largest first.
    """
    largest_first = sorted(sizes.items(), key=lambda one: -one[1])
    with ThreadPoolExecutor(CORES) as pool:
        list(pool.map(lambda one: _pay(one[0], one[1], shape, now=now), largest_first))
    with connections[OWNER].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute(
            "SELECT count(*) FROM billing_payment WHERE partner_id = ANY(%s::uuid[])", [[str(id_) for id_ in sizes]]
        )
        (payments,) = cursor.fetchone()
    return int(payments)


def _pay(partner_id: UUID, customers: int, shape: Shape, *, now: datetime) -> None:
    """All of one partner, on a connection of its own."""
    try:
        with connections[OWNER].cursor() as cursor:
            # A few terms at a time, so that no statement outgrows memory.
            at_a_time = max(1, ROWS_AT_A_TIME // max(1, customers))
            for first in range(2, shape.terms + 1, at_a_time):
                _size(cursor, {partner_id: customers})
                last = min(first + at_a_time - 1, shape.terms)
                cursor.execute((HERE / "cards.sql").read_text(), {"now": now})
                cursor.execute((HERE / "paid.sql").read_text(), {"first": first, "last": last})
                cursor.execute("DROP TABLE size")
    finally:
        connections[OWNER].close()


def _size(cursor: Any, sizes: Mapping[UUID, int]) -> None:
    cursor.execute("CREATE TEMPORARY TABLE size (partner_id uuid, customers int)")
    cursor.executemany("INSERT INTO size VALUES (%s, %s)", [(str(id_), many) for id_, many in sizes.items()])
    # Taken for a thousand partners, the terms of everybody would be read for those of one.
    cursor.execute("ANALYZE size")
