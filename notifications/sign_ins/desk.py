"""Asking for a mail, and using what stands in it. In the open scope; all times are the system's."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.utils.crypto import salted_hmac

from notifications.sign_ins.models import SignIn
from notifications.sign_ins.states import CODE_LENGTH, GOOD_FOR, TO_SIGN_IN, TRIES, SignInKind
from partnerpanel.queues.wake import wake

QUEUE = "sign_ins"
LONGEST_LINK = 100


class Entry(StrEnum):
    """How it went with a link or a code. `gone`: used, expired, tried too often, or never made."""

    RIGHT = "right"
    WRONG = "wrong"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Entered:
    """`address` is proved where it went right; `tries_left` says how many codes may still be typed. `customer_id` is
    for whom, where that is known."""

    entry: Entry
    address: str = ""
    tries_left: int = 0
    customer_id: UUID | None = None


def ask(
    partner_id: UUID, address: str, *, kind: SignInKind, language: str, at: datetime, about: UUID | None = None
) -> UUID:
    """Has a mail sent if somebody signs in with the address, or buys. It does the same whether or not anybody does."""
    row = SignIn(
        partner_id=partner_id,
        kind=kind,
        address=address[:254],
        language=language,
        about=about,
        asked_at=at,
        due_at=at,
    )
    row.save(force_insert=True)
    wake(QUEUE, partner_id)
    asked: UUID = row.pk
    return asked


def hand_over(partner_id: UUID, address: str, *, customer_id: UUID, at: datetime) -> tuple[str, datetime]:
    """A link's token for somebody whom the partner knows, and when it expires; nothing is mailed."""
    row = SignIn(
        partner_id=partner_id, kind=SignInKind.SSO, address=address, customer_id=customer_id, language="", asked_at=at
    )
    row.save(force_insert=True)
    token, _code = issue(row, at=at)
    return token, at + GOOD_FOR[SignInKind.SSO]


def issue(row: SignIn, *, at: datetime) -> tuple[str, str]:
    """The link's token and the code of a mail that goes out now; what an earlier try may have sent works no more."""
    token, code = secrets.token_urlsafe(32), f"{secrets.randbelow(10**CODE_LENGTH):0{CODE_LENGTH}}"
    row.link_hash, row.code_hash = _hash_of_link(token), _hash_of_code(row.pk, code)
    row.expires_at = at + GOOD_FOR[SignInKind(row.kind)]
    row.save(update_fields=["link_hash", "code_hash", "expires_at"])
    return token, code


def by_link(
    partner_id: UUID,
    token: str,
    *,
    at: datetime,
    kinds: Collection[SignInKind] = TO_SIGN_IN,
    about: UUID | None = None,
) -> Entered:
    """Uses a link of one of these kinds up. Of two who do so at once, one is let in."""
    rows = SignIn.objects.for_partner(partner_id).select_for_update().filter(kind__in=kinds, about=about)
    row = rows.filter(link_hash=_hash_of_link(token[:LONGEST_LINK])).first()
    if row is None or not _is_good(row, at):
        return Entered(Entry.GONE)
    return _used(row, at)


def by_code(
    partner_id: UUID,
    id_: UUID,
    code: str,
    *,
    at: datetime,
    kinds: Collection[SignInKind] = (SignInKind.SIGN_IN,),
) -> Entered:
    """Uses a code up, or counts a wrong one: the caller commits either way. Five wrong ones, and it is gone."""
    row = SignIn.objects.for_partner(partner_id).select_for_update().filter(pk=id_, kind__in=kinds).first()
    if (
        row is None
        or row.tries >= TRIES
        or row.used_at is not None
        or at >= row.asked_at + 2 * GOOD_FOR[SignInKind(row.kind)]
    ):
        return Entered(Entry.GONE)
    digits = "".join(letter for letter in code if letter.isdecimal())
    if hmac.compare_digest(row.code_hash, _hash_of_code(row.pk, digits)) and _is_good(row, at):
        return _used(row, at)
    row.tries += 1
    row.save(update_fields=["tries"])
    left = TRIES - row.tries
    return Entered(Entry.WRONG if left else Entry.GONE, tries_left=left)


def _is_good(row: SignIn, at: datetime) -> bool:
    return row.used_at is None and row.tries < TRIES and row.expires_at is not None and at < row.expires_at


def _used(row: SignIn, at: datetime) -> Entered:
    row.used_at = at
    row.save(update_fields=["used_at"])
    return Entered(Entry.RIGHT, row.address, customer_id=row.customer_id)


def _hash_of_link(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _hash_of_code(id_: UUID, code: str) -> str:
    """With the installation's key, since so few digits could be found out from a plain hash."""
    return salted_hmac("portal-sign-in", f"{id_}:{code}", algorithm="sha256").hexdigest()
