"""What each role may do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext as _

from customers.rules.portal_roles import PortalRole
from partnerpanel.kernel.errors import Forbidden, NotFound
from partnerpanel.tenancy.actor import Actor, ActorKind
from partnerpanel.tenancy.models import Role


class Permission(StrEnum):
    VIEW = "view"
    EDIT_CUSTOMERS = "edit_customers"
    EDIT_TAXES = "edit_taxes"
    SUSPEND = "suspend"
    RELEASE_REVIEW = "release_review"
    WAIVE = "waive"
    BULK = "bulk"
    EXPORT = "export"
    RUN_PROVISIONING = "run_provisioning"
    RECORD_PAYMENT = "record_payment"
    CHARGE = "charge"
    CHANGE_PLAN = "change_plan"
    SUBSCRIBE = "subscribe"
    EXTEND = "extend"
    CANCEL = "cancel"
    PAUSE = "pause"
    CREDIT = "credit"
    REFUND = "refund"
    REFUND_ANY_TIME = "refund_any_time"
    VOID_INVOICES = "void_invoices"
    CORRECT_INVOICES = "correct_invoices"
    REPLACE_CARD = "replace_card"
    STOP_CHARGING = "stop_charging"
    EDIT_CATALOGUE = "edit_catalogue"
    RUN_TEST_MODE = "run_test_mode"
    VIEW_CREDENTIALS = "view_credentials"
    RESET_CREDENTIALS = "reset_credentials"
    SEND_CREDENTIALS = "send_credentials"
    MANAGE_SETTINGS = "manage_settings"
    MAIL_INVOICE = "mail_invoice"
    MESSAGE = "message"
    CAMPAIGN = "campaign"
    OWN_SUBSCRIPTION = "own_subscription"
    ERASE = "erase"
    MANAGE_LOGINS = "manage_logins"
    ANSWER_TICKETS = "answer_tickets"


_ALL = frozenset(Permission)
_SUPPORT = frozenset(
    {
        Permission.VIEW,
        Permission.EDIT_CUSTOMERS,
        Permission.SUSPEND,
        Permission.RUN_PROVISIONING,
        Permission.CANCEL,
        Permission.PAUSE,
        Permission.MAIL_INVOICE,
        Permission.MANAGE_LOGINS,
        Permission.MESSAGE,
        Permission.ANSWER_TICKETS,
    }
)
_CREDENTIALS = frozenset({Permission.RESET_CREDENTIALS, Permission.SEND_CREDENTIALS})
_MONEY = frozenset(
    {
        Permission.RECORD_PAYMENT,
        Permission.CHARGE,
        Permission.REPLACE_CARD,
        Permission.CHANGE_PLAN,
        Permission.SUBSCRIBE,
        Permission.EXTEND,
        Permission.CREDIT,
        Permission.REFUND,
        Permission.VOID_INVOICES,
        Permission.CORRECT_INVOICES,
        Permission.OWN_SUBSCRIPTION,
        Permission.EDIT_TAXES,
    }
)

PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.OWNER: _ALL,
    Role.ADMIN: _ALL,
    Role.BILLING: _SUPPORT | _CREDENTIALS | _MONEY | {Permission.WAIVE, Permission.BULK, Permission.EXPORT},
    Role.SUPPORT: _SUPPORT | _CREDENTIALS | {Permission.VIEW_CREDENTIALS},
    Role.READ_ONLY: frozenset({Permission.VIEW}),
}

# What people of a partner may do as a customer of the platform, by their role at home: what any customer may do for
# itself, through these verbs alone. Nothing is waived, extended, recorded or rolled back by the one who owes it.
_OWN = frozenset(
    {
        Permission.CHANGE_PLAN,
        Permission.CANCEL,
        Permission.CHARGE,
        Permission.REPLACE_CARD,
        Permission.MAIL_INVOICE,
    }
)
AS_CUSTOMER: Mapping[Role, frozenset[Permission]] = {
    Role.OWNER: _OWN,
    Role.ADMIN: _OWN,
    Role.BILLING: _OWN,
    Role.SUPPORT: frozenset(),
    Role.READ_ONLY: frozenset(),
}
VERBS_OF_CUSTOMERS = frozenset(
    {
        "change_plan",
        "drop_change",
        "cancel",
        "keep",
        "add_addon",
        "remove_addon",
        "keep_addon",
        "apply_coupon",
        "pause",
        "resume",
        "take_offer",
        "restart",
        "correct_invoice",
    }
)

# What a partner's customer may do in the portal, by what its log-in is for.
_SERVICE = frozenset({Permission.VIEW, Permission.VIEW_CREDENTIALS, Permission.RESET_CREDENTIALS})
_PAYING = frozenset(
    {
        Permission.VIEW,
        Permission.CHANGE_PLAN,
        Permission.CHARGE,
        Permission.REPLACE_CARD,
        Permission.MAIL_INVOICE,
        Permission.EDIT_TAXES,
        Permission.CORRECT_INVOICES,
    }
)
OF_PORTAL: Mapping[PortalRole, frozenset[Permission]] = {
    PortalRole.OWNER: _SERVICE | _PAYING | {Permission.CANCEL, Permission.PAUSE, Permission.MANAGE_LOGINS},
    PortalRole.BILLING: _PAYING,
    PortalRole.TECHNICAL: _SERVICE,
}


def may(actor: Actor, permission: Permission) -> bool:
    """The system may do what its own rules say; a program what its key allows; a person what the role allows, and in
    the portal what the log-in is for."""
    if actor.kind is ActorKind.SYSTEM:
        return True
    if actor.kind is ActorKind.KEY or is_in_portal(actor):
        return permission in actor.permissions
    allowed = AS_CUSTOMER if actor.kind is ActorKind.CUSTOMER else PERMISSIONS
    return actor.role is not None and permission in allowed[actor.role]


def is_in_portal(actor: Actor) -> bool:
    """Whether it is a customer by a log-in of its own, and no partner that the platform sells to."""
    return actor.kind is ActorKind.CUSTOMER and actor.role is None


def permit(actor: Actor, permission: Permission) -> None:
    """Raises Forbidden, which names the role and whom to ask."""
    if not may(actor, permission):
        if actor.kind is ActorKind.KEY:
            raise Forbidden(_("This key’s scopes do not allow this. Use a key that has the scope, or rotate to one."))
        if is_in_portal(actor):
            raise Forbidden(_("Your log-in is not meant for this. Ask the owner of the account."))
        role = actor.role.label if actor.role else ""
        raise Forbidden(
            _("Your role “%(role)s” does not allow this. Ask an owner or admin of your team.") % {"role": role}
        )


def confine(actor: Actor, customer_ids: Iterable[UUID]) -> None:
    """A customer acts for itself alone: whoever else is meant is not there. Raises NotFound."""
    if actor.kind is ActorKind.CUSTOMER and set(customer_ids) != {actor.customer_id}:
        raise NotFound(_("There is no such customer or subscription."), field="customer")
