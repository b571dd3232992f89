"""What begins and stops a series, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

BEGUN_BY: Mapping[str, Any] = {
    "customer.created": _("A customer is registered"),
    "subscription.started": _("A subscription begins"),
    "subscription.trial_started": _("A trial begins"),
    "subscription.plan_changed": _("The plan is changed"),
    "subscription.payment_failed": _("A payment fails"),
    "subscription.cancelled": _("A subscription is cancelled"),
    "subscription.kept": _("A cancelled subscription is kept"),
    "subscription.paused": _("A subscription is paused"),
    "subscription.resumed": _("A subscription goes on after a pause"),
    "subscription.ended": _("A subscription ends"),
    "ticket.closed": _("A ticket is closed"),
}
STOPPED_BY: Mapping[str, Any] = {
    "subscription.started": _("A subscription begins"),
    "subscription.plan_changed": _("The plan is changed"),
    "subscription.cancelled": _("A subscription is cancelled"),
    "subscription.kept": _("A cancelled subscription is kept"),
    "subscription.ended": _("A subscription ends"),
    "subscription.suspended": _("A subscription is suspended"),
    "payment.received": _("A payment arrives"),
    "ticket.opened": _("A ticket is opened"),
}
