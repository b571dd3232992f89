"""What the webhooks of a partner's endpoint are signed with. Like the key, a secret leaves this module nowhere."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from billing.gateway.refusals import GatewayRefusal
from billing.gateway.stripe.models import StripeSecret
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.secrets import seal, unseal

COLUMN = "stripe_signing_secret"
# What was signed with the secret before is taken for so long.
BOTH_FOR = timedelta(hours=24)
_SECRET = re.compile(r"whsec_[A-Za-z0-9+/=_-]{8,250}")


class InvalidSecret(GatewayRefusal):
    """No signing secret of Stripe's."""

    code = "invalid_signing_secret"


def keep_secret(partner_id: UUID, account: str, secret: str, *, endpoint: str, now: datetime) -> StripeSecret:
    """The newest from now on, in the open scope; the one before is taken for a day more. The same one again stays.

    Raises InvalidSecret.
    """
    secret = secret.strip()
    if not _SECRET.fullmatch(secret):
        raise InvalidSecret("A signing secret begins with whsec_; copy all of it.", field="secret")
    rows = StripeSecret.objects.for_partner(partner_id).select_for_update()
    rows.filter(Q(ends_at__lte=now) | ~Q(account=account)).delete()
    newest = rows.filter(ends_at=None).first()
    if newest is not None and opened(newest) == secret:
        return newest
    rows.filter(ends_at=None).update(ends_at=now + BOTH_FOR)
    row = StripeSecret(
        id=uuid7(), partner_id=partner_id, account=account, endpoint=endpoint, last4=secret[-4:], added_at=now
    )
    row.sealed_secret = seal(secret, partner_id=partner_id, row=row.pk, column=COLUMN)
    row.save(force_insert=True)
    return row


def secrets_of(partner_id: UUID, account: str) -> list[str]:
    """Those that are taken at this moment, the newest first; in the open scope."""
    rows = StripeSecret.objects.for_partner(partner_id).filter(account=account)
    valid = rows.filter(Q(ends_at=None) | Q(ends_at__gt=system_now()))
    return [opened(row) for row in valid.order_by("-added_at", "-id")]


def newest_secret(partner_id: UUID) -> StripeSecret | None:
    """In the open scope."""
    return StripeSecret.objects.for_partner(partner_id).filter(ends_at=None).first()


def older_until(partner_id: UUID) -> datetime | None:
    """Until when an older secret than the newest is taken; None where none is. In the open scope."""
    rows = StripeSecret.objects.for_partner(partner_id).filter(ends_at__gt=system_now())
    return rows.order_by("-ends_at").values_list("ends_at", flat=True).first()


def forget_secrets(partner_id: UUID) -> None:
    """In the open scope: no webhook is taken from now on."""
    StripeSecret.objects.for_partner(partner_id).delete()


def opened(row: StripeSecret) -> str:
    return unseal(row.sealed_secret, partner_id=row.partner_id, row=row.pk, column=COLUMN)
