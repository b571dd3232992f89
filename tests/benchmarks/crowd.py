"""200,000 customers of 50 partners, written set by set as the owner, under all constraints and policies."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.db import connections

from partnerpanel.kernel.clock import system_now
from partnerpanel.tenancy.database import OWNER
from partnerpanel.tenancy.models import Partner, Role
from tests.people import Person, make_partner, make_person

PARTNERS, BIG, OTHERS = 50, 100_000, 2_041
STATEMENTS = Path(__file__).with_name("crowd.sql")

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
class Crowd:
    """The partner that has half of all customers, and its owner, who looks at them."""

    big: Partner
    owner: Person

    @property
    def id(self) -> UUID:
        partner_id: UUID = self.big.pk
        return partner_id


def gather() -> Crowd:
    """Writes the crowd and brings the planner's statistics up to date."""
    partners = [make_partner(f"partner-{number}") for number in range(PARTNERS)]
    sizes = [(partners[0].pk, BIG), *((partner.pk, OTHERS) for partner in partners[1:])]
    connection = connections[OWNER]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE size (partner_id uuid, customers int)")
        cursor.executemany("INSERT INTO size VALUES (%s, %s)", sizes)
        cursor.execute(STATEMENTS.read_text(), {"given": GIVEN, "family": FAMILY, "now": system_now()})
        cursor.execute("DROP TABLE size, person")
        # As on a server that has been up for a while.
        cursor.execute("VACUUM ANALYZE")
    return Crowd(partners[0], make_person(partners[0], Role.OWNER))
