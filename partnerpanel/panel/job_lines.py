"""Rows of a bulk job as pages and files show them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from partnerpanel.kernel.ids import public
from partnerpanel.panel.statuses import look

if TYPE_CHECKING:
    from partnerpanel.actions.models import BulkRow

# “Start: open, Plus: blocked”: each plan with its access.
ACCESS_AT_END = re.compile(r"(?<=: )(open|blocked)(?=, |$)")


@dataclass(frozen=True, slots=True)
class Line:
    """One customer of a job as pages and files show it: access before and after in the reader's language."""

    customer_id: str
    name: str
    state: str
    before: str
    after: str
    message: str

    @classmethod
    def of(cls, row: BulkRow) -> Line:
        return cls(
            customer_id=public("cus", row.customer_id),
            name=row.customer.name,
            state=row.state,
            before=_in_words(row.before),
            after=_in_words(row.after),
            message=row.message,
        )


def _in_words(accesses: str) -> str:
    return ACCESS_AT_END.sub(lambda found: str(look(found[0]).text), accesses)
