"""The `internal` adapter: the partner's service asks PartnerPanel itself who may log in, and to use what."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from uuid import UUID

from partnerpanel.tenancy.bulk import update_rows
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import InternalAccount
from subscriptions.provisioning.port import Made, Wanted
from subscriptions.rules.service_states import ServiceState, ServiceTerms


class InternalService:
    """Keeps accounts in a table of the partner's. A name that somebody else's account has is an error."""

    def ensure(self, partner_id: UUID, wanted: Sequence[Wanted]) -> list[Made]:
        with tenant(partner_id):
            rows = InternalAccount.objects.for_partner(partner_id).select_for_update()
            present = {row.username: row for row in rows.filter(username__in=[one.username for one in wanted])}
            made, new, changed, gone = [], [], [], []
            for one in wanted:
                row = present.get(one.username)
                if row is not None and row.owner_key != one.key:
                    made.append(Made(one.key, f"The user name “{one.username}” belongs to another account."))
                    continue
                enabled = one.state is ServiceState.ENABLED
                if row is None and one.state is not ServiceState.ABSENT:
                    row = _row(partner_id, one, enabled=enabled)
                    present[one.username] = row
                    new.append(row)
                elif row is not None and one.state is ServiceState.ABSENT:
                    gone.append(row.pk)
                elif row is not None:
                    hashed = row.password_hash if matches(one.password, row.password_hash) else hash_of(one.password)
                    terms = one.terms.to_keep() if one.terms else row.terms
                    changed.append((row.pk, enabled, hashed, terms))
                made.append(Made(one.key))
            InternalAccount.objects.bulk_create(new, batch_size=1_000)
            InternalAccount.objects.for_partner(partner_id).filter(pk__in=gone).delete()
            columns = ["is_enabled", "password_hash", "terms"]
            update_rows(InternalAccount, partner_id=partner_id, columns=columns, rows=changed)
        return made


def may_log_in(partner_id: UUID, username: str, password: str) -> bool:
    """What the partner's service asks, in the open scope."""
    row = InternalAccount.objects.for_partner(partner_id).filter(username=username, is_enabled=True).first()
    return row is not None and matches(password, row.password_hash)


def allowed_to(partner_id: UUID, username: str) -> ServiceTerms | None:
    """What the login may use, for the partner's service to ask in the open scope; None where nobody has said so."""
    row = InternalAccount.objects.for_partner(partner_id).filter(username=username).first()
    return ServiceTerms.of(row.terms) if row else None


def hash_of(password: str) -> str:
    """A salted SHA-256. Passwords are generated with over 100 bits, so nothing is gained by a slow hash."""
    salt = secrets.token_hex(8)
    return f"{salt}${hashlib.sha256((salt + password).encode()).hexdigest()}"


def matches(password: str, hashed: str) -> bool:
    salt, _, digest = hashed.partition("$")
    return hmac.compare_digest(hashlib.sha256((salt + password).encode()).hexdigest(), digest)


def _row(partner_id: UUID, one: Wanted, *, enabled: bool) -> InternalAccount:
    return InternalAccount(
        partner_id=partner_id,
        username=one.username,
        password_hash=hash_of(one.password),
        is_enabled=enabled,
        terms=one.terms.to_keep() if one.terms else {},
        owner_key=one.key,
    )
