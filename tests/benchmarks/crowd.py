"""200,000 customers of 50 partners, one of which has half of them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from partnerpanel.embedded.queries.sql.crowd import Shape, write_crowd
from partnerpanel.kernel.clock import system_now
from partnerpanel.tenancy.models import Partner, Role
from tests.people import Person, make_partner, make_person

PARTNERS, BIG, OTHERS = 50, 100_000, 2_041


@dataclass(frozen=True, slots=True)
class Crowd:
    """The partner that has half of all customers, its owner, who looks at them, and how many everybody has."""

    big: Partner
    owner: Person
    sizes: dict[UUID, int]

    @property
    def id(self) -> UUID:
        partner_id: UUID = self.big.pk
        return partner_id


def gather(shape: Shape) -> Crowd:
    """Writes the crowd and brings the planner's statistics up to date."""
    partners = [make_partner(f"partner-{number}") for number in range(PARTNERS)]
    sizes = {partner.pk: BIG if partner is partners[0] else OTHERS for partner in partners}
    write_crowd(sizes, shape, now=system_now())
    return Crowd(partners[0], make_person(partners[0], Role.OWNER), sizes)
