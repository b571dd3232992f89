"""Control-plane tables: read before the partner is known, so without row-level security."""

from partnerpanel.tenancy.models.membership import Membership, Role
from partnerpanel.tenancy.models.partner import Partner
from partnerpanel.tenancy.models.user import User

__all__ = ["Membership", "Partner", "Role", "User"]
