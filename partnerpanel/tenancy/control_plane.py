"""The closed list of tables without row-level security: those read before the partner is known.

A model that is neither here nor a TenantModel fails the system check.
"""

from __future__ import annotations

TABLES = frozenset(
    {
        "tenancy_partner",
        "tenancy_user",
        "tenancy_user_groups",
        "tenancy_user_user_permissions",
        "tenancy_membership",
        "tenancy_apikey",
        "tenancy_host",
        "tenancy_mailsender",
        "auth_group",
        "auth_group_permissions",
        "auth_permission",
        "django_admin_log",
        "django_content_type",
        "django_session",
        "account_emailaddress",
        "account_emailconfirmation",
        "mfa_authenticator",
        "usersessions_usersession",
        "operations_heartbeat",
        # Counts for the operator, over all partners; the rows behind them are tenant rows.
        "invariants_health",
        # Of the installation: when it was backed up, whether all charging is halted, how far each partner is compared.
        "backups_backup",
        "billing_halt",
        "billing_reconciled",
    }
)

# The application reads these and leaves them alone; migrations fill them.
READ_ONLY = frozenset({"auth_permission", "django_content_type"})
