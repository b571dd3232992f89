"""The records of a sender as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerpanel.actions.mail_sender import Finding, Found, Record, Standing, Wanted

# What each is called, and what it is for.
RECORDS: Mapping[Record, tuple[Any, Any]] = {
    Record.OWNERSHIP: (gettext_lazy("Proof that the domain is yours"), gettext_lazy("Needed.")),
    Record.SPF: (
        gettext_lazy("SPF: our servers may send for you"),
        gettext_lazy("SPF or DKIM is needed; set both, as each helps where the other fails."),
    ),
    Record.DKIM: (
        gettext_lazy("DKIM: the key that we sign your mails with"),
        gettext_lazy("SPF or DKIM is needed; set both, as each helps where the other fails."),
    ),
    Record.DMARC: (
        gettext_lazy("DMARC: what receivers do with forged mails"),
        gettext_lazy("Recommended; large receivers expect it."),
    ),
}
_SAID: Mapping[tuple[Record, Finding], Any] = {
    (Record.OWNERSHIP, Finding.OTHER): gettext_lazy("There is a TXT record, but with another value."),
    (Record.SPF, Finding.OTHER): gettext_lazy(
        "Your SPF record does not include us. Change the one that is there to the value above; a second record would "
        "make both void."
    ),
    (Record.SPF, Finding.SEVERAL): gettext_lazy(
        "There are several SPF records, so receivers take none of them. Put them together into one."
    ),
    (Record.SPF, Finding.TOO_MANY): gettext_lazy(
        "Your SPF record needs more than 10 look-ups, so receivers ignore it. Take out what you no longer use."
    ),
    (Record.DKIM, Finding.OTHER): gettext_lazy("Another value stands there. Replace it by the one above."),
    (Record.DKIM, Finding.SEVERAL): gettext_lazy("Several keys stand there. Keep only the one above."),
    (Record.DMARC, Finding.ASKS_NOTHING): gettext_lazy(
        "Your record asks nothing of receivers (p=none). Once its reports show only your own mails, go on to "
        "p=quarantine."
    ),
    (Record.DMARC, Finding.SEVERAL): gettext_lazy(
        "There are several DMARC records, so receivers take none of them. Leave one."
    ),
}
_NOT_FOUND = gettext_lazy("Nothing was found there. New records may take some minutes, some providers an hour.")
_NAMES: Mapping[Record, Any] = {
    Record.OWNERSHIP: gettext_lazy("the proof of ownership"),
    Record.SPF: "SPF",
    Record.DKIM: "DKIM",
}


def record_rows(standing: Standing) -> list[dict[str, Any]]:
    """Each record to set with what was found there."""
    return [_row(wanted, found) for wanted, found in standing.records]


def broken_by(standing: Standing) -> str:
    """“SPF and DKIM”: what is to be mended."""
    names = [str(_NAMES[one]) for one in standing.missing]
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def _row(wanted: Wanted, found: Found) -> dict[str, Any]:
    title, need = RECORDS[wanted.record]
    said = _SAID.get((wanted.record, found.finding), "")
    if found.finding is Finding.MISSING:
        said = _NOT_FOUND
    return {
        "id": f"record-{wanted.record.value}",
        "title": title,
        "need": need,
        "name": wanted.name,
        "type": wanted.type,
        "value": wanted.value,
        "look": f"record_{found.finding.value}",
        "said": said,
        "seen": found.seen if found.finding is not Finding.RIGHT else (),
    }
