"""What a customer reads of its own policy while a payment is missing, by the sentences' codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

BANNER: Mapping[str, Any] = {
    "banner.full": _("You have full access until %(day)s."),
    "banner.limited": _("You have limited access until %(day)s."),
    "banner.retries": _("We try again on %(days)s."),
    "banner.after.suspend": _("Your subscription has been suspended since %(day)s; paying opens it again."),
    "banner.after.freeze": _("Your account has been frozen since %(day)s; paying opens it again."),
    "banner.after.downgrade_to_free": _("Your subscription moved to the free plan on %(day)s."),
    "banner.after.cancel": _("Your subscription ended on %(day)s."),
    "banner.data": _("Your data is kept until %(day)s."),
}
