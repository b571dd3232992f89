"""What each role may do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext as _

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
    REPLACE_CARD = "replace_card"
    STOP_CHARGING = "stop_charging"
    EDIT_CATALOGUE = "edit_catalogue"
    RUN_TEST_MODE = "run_test_mode"
    VIEW_CREDENTIALS = "view_credentials"
    RESET_CREDENTIALS = "reset_credentials"
    SEND_CREDENTIALS = "send_credentials"
    MANAGE_SETTINGS = "manage_settings"
    MAIL_INVOICE = "mail_invoice"
    OWN_SUBSCRIPTION = "own_subscription"


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
VERBS_OF_CUSTOMERS = frozenset({"change_plan", "drop_change", "cancel", "keep"})


def may(actor: Actor, permission: Permission) -> bool:
    """The system may do what its own rules say; a person what the role allows."""
    if actor.kind is ActorKind.SYSTEM:
        return True
    allowed = AS_CUSTOMER if actor.kind is ActorKind.CUSTOMER else PERMISSIONS
    return actor.role is not None and permission in allowed[actor.role]


def permit(actor: Actor, permission: Permission) -> None:
    """Raises Forbidden, which names the role and whom to ask."""
    if not may(actor, permission):
        role = actor.role.label if actor.role else ""
        raise Forbidden(
            _("Your role “%(role)s” does not allow this. Ask an owner or admin of your team.") % {"role": role}
        )


def confine(actor: Actor, customer_ids: Iterable[UUID]) -> None:
    """A customer acts for itself alone: whoever else is meant is not there. Raises NotFound."""
    if actor.kind is ActorKind.CUSTOMER and set(customer_ids) != {actor.customer_id}:
        raise NotFound(_("There is no such customer or subscription."))
