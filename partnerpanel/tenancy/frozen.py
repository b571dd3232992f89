"""The wall around a frozen partner: whoever comes in for it is led to what it owes, and to nothing else."""

from __future__ import annotations

from django.utils.translation import gettext as _

from partnerpanel.kernel.errors import DomainError
from partnerpanel.tenancy.models import Partner


class PartnerFrozen(DomainError):
    """The platform has blocked the partner. Nothing of it is lost."""

    code = "partner_frozen"
    status = 403


def refuse_frozen(partner: Partner) -> None:
    """Asked by every interface once it knows the partner; a twin is as frozen as its partner. Raises PartnerFrozen."""
    if partner.frozen_at is not None:
        raise PartnerFrozen(
            _("%(name)s is frozen: only “Your subscription” can be reached until that is settled.")
            % {"name": partner.live.name}
        )
