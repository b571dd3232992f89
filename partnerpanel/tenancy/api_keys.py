"""API keys: made, found by what a program sends, rotated and revoked. Times are the system's."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.tenancy.models import ApiKey, Partner
from partnerpanel.tenancy.reads import Read

LIVE, TEST = "pp_live_", "pp_test_"
NAME_LENGTH = 80
MOST_NETWORKS = 50
LONGEST_OVERLAP = timedelta(days=30)
# So often it is written down that a key was used.
NOTED_EVERY = timedelta(minutes=1)


class InvalidKeySettings(DomainError):
    """A name, an address, an expiry or an overlap that a key cannot have; `field` names which."""

    code = "invalid_key_settings"


class KeyRevoked(DomainError):
    """What is asked of a key that was revoked already."""

    code = "key_revoked"


def new_secret(*, is_test: bool) -> str:
    """256 random bits behind the prefix of its mode."""
    return (TEST if is_test else LIVE) + secrets.token_hex(32)


def hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def create_key(
    partner: Partner,
    *,
    name: str,
    scopes: Collection[str],
    version: str,
    networks: Sequence[str] = (),
    expires_at: datetime | None = None,
    created_by: UUID | None,
    at: datetime,
) -> tuple[ApiKey, str]:
    """The key and its secret, which nobody can read again. Raises InvalidKeySettings naming the field."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= NAME_LENGTH or "\x00" in name:
        raise InvalidKeySettings(f"A name has 1 to {NAME_LENGTH} letters.", field="name")
    if expires_at is not None and expires_at <= at:
        raise InvalidKeySettings("A key expires in the future, or never.", field="expires_at")
    if not scopes:
        raise InvalidKeySettings("Choose at least one scope.", field="scopes")
    secret = new_secret(is_test=partner.is_test)
    key = ApiKey.objects.create(
        partner=partner,
        name=name,
        hashed=hashed(secret),
        hint=secret[-4:],
        scopes=sorted(scopes),
        networks=checked_networks(networks),
        version=version,
        created_by=created_by,
        created_at=at,
        expires_at=expires_at,
    )
    return key, secret


def checked_networks(texts: Sequence[str]) -> list[str]:
    """Addresses and networks in their standard form. Raises InvalidKeySettings."""
    found = []
    for text in (text.strip() for text in texts):
        if not text:
            continue
        try:
            found.append(str(ip_network(text, strict=False)))
        except ValueError:
            message = f"“{text[:60]}” is no address such as 203.0.113.7 or 203.0.113.0/24."
            raise InvalidKeySettings(message, field="networks") from None
    if len(found) > MOST_NETWORKS:
        raise InvalidKeySettings(f"A key has at most {MOST_NETWORKS} addresses.", field="networks")
    return list(dict.fromkeys(found))


def key_behind(secret: str) -> ApiKey | None:
    """The key with its partner, whatever has become of it."""
    found = _HASHED(hashed(secret))
    return found[0] if found else None


# Asked by every request of the API.
_HASHED = Read(lambda hash_: ApiKey.objects.select_related("partner__twin_of").filter(hashed=hash_).order_by())


def works_from(key: ApiKey, address: str) -> bool:
    """Whether the key may be used from this address; an IPv4 address inside IPv6 counts as itself."""
    if not key.networks:
        return True
    try:
        found = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return any((mapped or found) in ip_network(text) for text in key.networks)


def note_use(key: ApiKey, *, address: str, at: datetime) -> None:
    """Remembers when and from where it was last used, not more often than once a minute."""
    unnoted = Q(last_used_at=None) | Q(last_used_at__lt=at - NOTED_EVERY)
    if key.last_used_at is None or key.last_used_at < at - NOTED_EVERY:
        ApiKey.objects.filter(unnoted, pk=key.pk).update(last_used_at=at, last_used_from=address or None)


def keys_of(partner_id: UUID) -> list[ApiKey]:
    """The partner's keys, newest first, revoked ones too."""
    return list(ApiKey.objects.filter(partner=partner_id).select_related("partner").order_by("-created_at", "-pk"))


@transaction.atomic
def rotate_key(
    key_id: UUID, *, partner_id: UUID, overlap: timedelta, by: UUID | None, at: datetime
) -> tuple[ApiKey, str]:
    """A successor with the same rights; the old one goes on working for `overlap`.

    Raises NotFound, KeyRevoked, InvalidKeySettings.
    """
    if not timedelta() <= overlap <= LONGEST_OVERLAP:
        raise InvalidKeySettings("Both keys work for at most 30 days.", field="overlap_hours")
    old = _locked(key_id, partner_id)
    if old.replaced_by_id is not None:
        raise KeyRevoked("This key has been rotated already; rotate its successor.")
    new, secret = create_key(
        old.partner,
        name=old.name,
        scopes=old.scopes,
        version=old.version,
        networks=old.networks,
        expires_at=old.expires_at if old.expires_at and old.expires_at > at else None,
        created_by=by,
        at=at,
    )
    old.expires_at = min(filter(None, (old.expires_at, at + overlap)))
    old.replaced_by = new
    old.save(update_fields=["expires_at", "replaced_by"])
    return new, secret


@transaction.atomic
def revoke_key(key_id: UUID, *, partner_id: UUID, at: datetime) -> ApiKey:
    """Works no longer. Raises NotFound, KeyRevoked."""
    key = _locked(key_id, partner_id)
    key.revoked_at = at
    key.save(update_fields=["revoked_at"])
    return key


def _locked(key_id: UUID, partner_id: UUID) -> ApiKey:
    key = (
        ApiKey.objects.select_for_update(of=("self",))
        .select_related("partner")
        .filter(pk=key_id, partner=partner_id)
        .first()
    )
    if key is None:
        raise NotFound("There is no such key.", field="key")
    if key.revoked_at is not None:
        raise KeyRevoked("This key has been revoked.")
    return key
