"""Control-plane tables: read before the partner is known, so without row-level security."""

from partnerpanel.tenancy.models.api_key import ApiKey
from partnerpanel.tenancy.models.host import Host
from partnerpanel.tenancy.models.mail_sender import MailSender
from partnerpanel.tenancy.models.membership import Membership, Role
from partnerpanel.tenancy.models.partner import Partner
from partnerpanel.tenancy.models.user import User

__all__ = ["ApiKey", "Host", "MailSender", "Membership", "Partner", "Role", "User"]
