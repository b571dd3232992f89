"""Passkeys of log-ins: asked for, kept, used, taken away. In the open scope; times are the system's."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from customers.models import Passkey, PasskeyChallenge
from customers.queries.passkeys import passkeys_of
from customers.rules import passkeys as rules
from customers.rules.passkeys import NotProved, Person, Site
from partnerpanel.kernel.errors import Conflict, DomainError, NotFound
from partnerpanel.queues.purging import Purge

GOOD_FOR = timedelta(minutes=5)
# Of one log-in: enough for all its devices, and an end to a list that only a program would fill.
MOST = 10


class TooManyPasskeys(Conflict):
    """The log-in has as many as it may."""

    code = "too_many_passkeys"


class PasskeyRefused(DomainError):
    """What the device said proves nothing here: too late, of another page, unknown, or not signed by it."""

    code = "passkey_refused"


def ask_to_make(partner_id: UUID, login_id: UUID, *, site: Site, person: Person, at: datetime) -> dict[str, Any]:
    """What the browser is given to add one. Raises TooManyPasskeys."""
    has = passkeys_of(partner_id, login_id)
    _refuse_too_many(len(has))
    ours = [one.credential_id for one in has if one.host == site.host]
    return rules.asked_to_make(site, person, challenge=_challenge(partner_id, login_id, at), has=ours)


def ask_to_prove(partner_id: UUID, *, site: Site, at: datetime) -> dict[str, Any]:
    """What the browser is given to sign in, whoever asks."""
    return rules.asked_to_prove(site, challenge=_challenge(partner_id, None, at))


def keep(partner_id: UUID, login_id: UUID, answer: str, *, site: Site, agent: str, at: datetime) -> UUID:
    """Adds the one that the device has made. Raises PasskeyRefused, TooManyPasskeys."""
    try:
        given = rules.answer_of(answer)
        challenge = rules.challenge_of(given)
        _use_up(partner_id, login_id, challenge, at)
        made = rules.made(site, given, challenge=challenge)
    except NotProved as error:
        raise _refused() from error
    _refuse_too_many(len(passkeys_of(partner_id, login_id)))
    row = Passkey(
        partner_id=partner_id,
        login_id=login_id,
        host=site.host,
        credential_id=made.credential_id,
        credential=made.credential,
        uses=made.uses,
        agent=agent[:200],
        made_at=at,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:  # somebody else's device has it: no device makes the same twice
        raise _refused() from error
    kept: UUID = row.pk
    return kept


def use(partner_id: UUID, answer: str, *, site: Site, at: datetime) -> UUID:
    """Whose log-in the device has proved to be; an answer is good for one entry. Raises PasskeyRefused."""
    try:
        given = rules.answer_of(answer)
        challenge, credential_id = rules.challenge_of(given), rules.credential_of(given)
        _use_up(partner_id, None, challenge, at)
        rows = Passkey.objects.for_partner(partner_id).select_for_update(of=("self",))
        row = rows.filter(credential_id=credential_id, host=site.host, login__removed_at=None).first()
        if row is None:
            raise NotProved
        row.uses = rules.proved(site, given, challenge=challenge, credential=bytes(row.credential), uses=row.uses)
    except NotProved as error:
        raise _refused() from error
    row.used_at = at
    row.save(update_fields=["uses", "used_at"])
    login_id: UUID = row.login_id
    return login_id


def take_away(partner_id: UUID, passkey_id: UUID, *, login_id: UUID) -> None:
    """It signs in no more. Raises NotFound, also for another log-in's."""
    gone, _rows = Passkey.objects.for_partner(partner_id).filter(pk=passkey_id, login=login_id).delete()
    if not gone:
        raise NotFound("There is no such passkey.", field="passkey")


def take_all_away(partner_id: UUID, login_id: UUID) -> None:
    """Of a log-in that is no more."""
    Passkey.objects.for_partner(partner_id).filter(login=login_id).delete()


def _challenge(partner_id: UUID, login_id: UUID | None, at: datetime) -> bytes:
    challenge = secrets.token_bytes(32)
    PasskeyChallenge.objects.create(
        partner_id=partner_id, login_id=login_id, challenge_hash=_hash(challenge), expires_at=at + GOOD_FOR
    )
    return challenge


def _use_up(partner_id: UUID, login_id: UUID | None, challenge: bytes, at: datetime) -> None:
    """Raises NotProved where it was never asked, of somebody else, too long ago, or used."""
    rows = PasskeyChallenge.objects.for_partner(partner_id).filter(
        challenge_hash=_hash(challenge), login=login_id, used_at=None, expires_at__gt=at
    )
    if rows.update(used_at=at) != 1:
        raise NotProved


def _hash(challenge: bytes) -> str:
    return hashlib.sha256(challenge).hexdigest()


def _refuse_too_many(has: int) -> None:
    if has >= MOST:
        raise TooManyPasskeys(_("This log-in has %(n)s passkeys already. Remove one first.") % {"n": has})


def _refused() -> PasskeyRefused:
    return PasskeyRefused(_("This passkey does not open anything here. Try once more, or sign in by mail."))


OLD_CHALLENGES = Purge(
    name="passkey challenges",
    model=PasskeyChallenge,
    kept_for=timedelta(days=1),
    old=lambda rows, before: rows.filter(expires_at__lt=before).order_by("expires_at", "pk"),
)
