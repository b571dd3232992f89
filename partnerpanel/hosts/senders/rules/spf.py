"""SPF as RFC 7208 has it: whether a record lets somebody else's servers send, and how many questions it asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

VERSION = "v=spf1"
MOST_LOOKUPS = 10
ASKING = frozenset({"include", "a", "mx", "ptr", "exists"})

# What stands in the TXT records of a name.
Texts = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class Policy:
    """`records` are those of the domain itself; a receiver takes none of several. `lookups` stops at one too many."""

    records: tuple[str, ...]
    includes: bool
    lookups: int


def policy_of(domain: str, wanted: str, texts: Texts) -> Policy:
    """What receivers make of the domain's record, and whether it includes `wanted`, itself or by what it includes."""
    records = _records(texts(domain))
    if len(records) != 1:
        return Policy(records, includes=False, lookups=0)
    seen, lookups = set(), 0
    for name in _walk(records[0], texts):
        lookups += 1
        seen.add(name)
        if lookups > MOST_LOOKUPS:
            break
    return Policy(records, includes=wanted.lower() in seen, lookups=lookups)


def with_include(record: str, wanted: str) -> str:
    """The record with one include more, before what it says of everybody else."""
    terms = record.split()
    at = next((n for n, term in enumerate(terms) if _is_last(term)), len(terms))
    return " ".join([*terms[:at], f"include:{wanted}", *terms[at:]])


def _walk(record: str, texts: Texts) -> Iterator[str]:
    """One item for each question that the record asks: the name of what it includes, else an empty one."""
    redirect = ""
    for term in record.split()[1:]:
        word, _, value = term.lstrip("+-~?").partition(":")
        kind = word.lower().partition("/")[0]
        if kind == "all":
            return
        if kind.startswith("redirect="):
            redirect = term.partition("=")[2]
        elif kind == "include":
            passes = term[0] not in "-~?"
            yield from _followed(value, texts, passes=passes)
        elif kind in ASKING:
            yield ""
    if redirect:
        yield from _followed(redirect, texts, passes=True)


def _followed(name: str, texts: Texts, *, passes: bool) -> Iterator[str]:
    """What a macro names depends on the mail, so it is counted and not followed."""
    name = name.rstrip(".").lower()
    yield name if passes else ""
    if not name or "%" in name:
        return
    for record in _records(texts(name))[:1]:
        for below in _walk(record, texts):
            yield below if passes else ""


def _records(texts: list[str]) -> tuple[str, ...]:
    return tuple(one for one in texts if one.lower() == VERSION or one.lower().startswith(f"{VERSION} "))


def _is_last(term: str) -> bool:
    return term.lstrip("+-~?").lower() == "all" or term.lower().startswith("redirect=")
