"""Service accounts: generated names and passwords, kept encrypted."""

from __future__ import annotations

import secrets
from datetime import datetime

from partnerpanel.kernel.ids import ALPHABET, uuid7
from partnerpanel.tenancy.secrets import seal, unseal
from subscriptions.models import Plan, ServiceAccount, Subscription
from subscriptions.rules.service_states import ServiceState, ServiceTerms

# Letters and digits that nobody takes for one another; 22 of them are over 120 bits.
READABLE = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
PASSWORD_LENGTH = 22
USERNAME_LENGTH = 10
Named = tuple[tuple[str, int], ...]


def new_account(
    subscription: Subscription, *, desired: ServiceState, terms: ServiceTerms, now: datetime
) -> ServiceAccount:
    """An account that does not exist at the service yet, due to be made; the caller writes it."""
    id_ = uuid7()
    username = "u" + "".join(secrets.choice(ALPHABET) for _ in range(USERNAME_LENGTH))
    return ServiceAccount(
        id=id_,
        partner_id=subscription.partner_id,
        subscription=subscription,
        username=username,
        password_sealed=seal(new_password(), partner_id=subscription.partner_id, row=id_, column="password"),
        desired=desired,
        terms=terms.to_keep(),
        actual=ServiceState.ABSENT,
        due_at=now,
        version=0,
    )


def terms_of(subscription: Subscription, plan: Plan, extras: Named = (), limits: Named = ()) -> ServiceTerms:
    """What the account may use while the subscription is on the plan, with what add-ons add to it and what is set."""
    allowances = tuple(sorted(plan.allowances.items()))
    return ServiceTerms(plan.name, allowances, subscription.quantity, subscription.is_limited, extras, limits)


def new_password() -> str:
    return "".join(secrets.choice(READABLE) for _ in range(PASSWORD_LENGTH))


def password_of(account: ServiceAccount) -> str:
    """The password in the clear. Raises SecretUnreadable."""
    return unseal(account.password_sealed, partner_id=account.partner_id, row=account.pk, column="password")
