"""Scopes of API keys: what each lets a program ask for, and what of a person's permissions that comes to."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from partnerpanel.actions.permission import Permission
from partnerpanel.kernel.errors import DomainError

READABLE = (
    "products",
    "plans",
    "addons",
    "coupons",
    "offer_rules",
    "offers",
    "checkout_links",
    "checkouts",
    "customers",
    "subscriptions",
    "invoices",
    "credit_notes",
    "payments",
    "refunds",
    "disputes",
    "payment_methods",
    "portal_logins",
    "ledger_entries",
    "usage_records",
    "service_accounts",
    "holds",
    "tickets",
    "policies",
    "templates",
    "campaigns",
    "series",
    "suppressions",
    "mail_sender",
    "tax_rates",
    "events",
    "webhook_endpoints",
    "webhook_deliveries",
    "jobs",
    "exports",
    "test_clock",
)
_CATALOGUE = frozenset({Permission.EDIT_CATALOGUE})
WRITES: Mapping[str, frozenset[Permission]] = {
    "products:write": _CATALOGUE,
    "plans:write": _CATALOGUE,
    "addons:write": _CATALOGUE,
    "coupons:write": _CATALOGUE,
    "offer_rules:write": frozenset({Permission.MANAGE_SETTINGS}),
    "checkout_links:write": _CATALOGUE,
    "customers:write": frozenset(
        {
            Permission.EDIT_CUSTOMERS,
            Permission.SUSPEND,
            Permission.RELEASE_REVIEW,
            Permission.CANCEL,
            Permission.CREDIT,
            Permission.EXPORT,
            Permission.MESSAGE,
        }
    ),
    "templates:write": frozenset({Permission.MANAGE_SETTINGS}),
    "campaigns:write": frozenset({Permission.CAMPAIGN}),
    "series:write": frozenset({Permission.CAMPAIGN}),
    "suppressions:write": frozenset({Permission.CAMPAIGN}),
    "mail_sender:write": frozenset({Permission.MANAGE_SETTINGS}),
    "customers:erase": frozenset({Permission.ERASE}),
    "subscriptions:write": frozenset(
        {
            Permission.CHANGE_PLAN,
            Permission.SUBSCRIBE,
            Permission.EXTEND,
            Permission.CANCEL,
            Permission.PAUSE,
            Permission.SUSPEND,
            Permission.RELEASE_REVIEW,
            Permission.WAIVE,
            Permission.CREDIT,
            Permission.CHARGE,
            Permission.RECORD_PAYMENT,
        }
    ),
    "invoices:write": frozenset(
        {
            Permission.CHARGE,
            Permission.VOID_INVOICES,
            Permission.CORRECT_INVOICES,
            Permission.CREDIT,
            Permission.MAIL_INVOICE,
            Permission.WAIVE,
        }
    ),
    "payments:write": frozenset({Permission.RECORD_PAYMENT, Permission.CHARGE}),
    "portal_logins:write": frozenset({Permission.MANAGE_LOGINS}),
    "portal_sessions:create": frozenset({Permission.MANAGE_LOGINS}),
    "payment_methods:write": frozenset({Permission.REPLACE_CARD}),
    "usage_records:write": frozenset({Permission.EDIT_CUSTOMERS}),
    "service_accounts:write": frozenset(
        {Permission.RESET_CREDENTIALS, Permission.SEND_CREDENTIALS, Permission.RUN_PROVISIONING}
    ),
    "policies:write": frozenset({Permission.MANAGE_SETTINGS}),
    "tickets:write": frozenset({Permission.ANSWER_TICKETS}),
    "tax_rates:write": frozenset({Permission.EDIT_TAXES}),
    "webhook_endpoints:write": frozenset({Permission.MANAGE_SETTINGS}),
    "jobs:write": frozenset({Permission.BULK}),
    "exports:write": frozenset({Permission.EXPORT}),
    "test_clock:write": frozenset({Permission.RUN_TEST_MODE}),
    "refunds:create": frozenset({Permission.REFUND, Permission.REFUND_ANY_TIME, Permission.CANCEL}),
    "credentials:reveal": frozenset({Permission.VIEW_CREDENTIALS}),
}
SCOPES = frozenset({*(f"{name}:read" for name in READABLE), *WRITES})
ALL = "all"


class UnknownScope(DomainError):
    """A scope that there is none of."""

    code = "unknown_scope"


def checked_scopes(wanted: Collection[str]) -> frozenset[str]:
    """The scopes; `all` is each of them. Raises UnknownScope naming the first that is none."""
    if ALL in wanted:
        return SCOPES
    for scope in wanted:
        if scope not in SCOPES:
            message = f"“{scope[:60]}” is no scope. There are: {', '.join(sorted(SCOPES))}; or all."
            raise UnknownScope(message, field="scopes")
    return frozenset(wanted)


def permissions_of(scopes: Collection[str]) -> frozenset[Permission]:
    """What they come to together; whoever has any scope may see what its endpoints show."""
    return frozenset({Permission.VIEW}).union(*(WRITES.get(scope, frozenset()) for scope in scopes))
