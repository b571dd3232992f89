"""Every code with which a request may be refused: what programs and the documentation rely on. A code never changes.

Whatever is refused is a DomainError, so the catalogue is complete by construction; what stood in it once stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from inspect import getdoc

from partnerpanel.kernel.errors import DomainError


@dataclass(frozen=True, slots=True)
class Code:
    """`meaning` is for programmers; people read the sentence of the refusal itself."""

    code: str
    status: int
    meaning: str


def catalogue() -> list[Code]:
    """The codes of all refusals that the product knows, by code; those that share a code share its status."""
    found: dict[str, Code] = {}
    for kind in _kinds(DomainError):
        if kind.code not in found:
            found[kind.code] = Code(kind.code, kind.status, (getdoc(kind) or "").partition("\n")[0])
    return [found[code] for code in sorted(found)]


def _kinds(above: type[DomainError]) -> Iterator[type[DomainError]]:
    for kind in above.__subclasses__():
        yield kind
        yield from _kinds(kind)
