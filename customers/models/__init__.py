from customers.models.customer import Customer
from customers.models.note import Note
from customers.models.passkey import Passkey, PasskeyChallenge
from customers.models.portal import PortalLogin, PortalSession
from customers.models.tag import CustomerTag, Tag

__all__ = [
    "Customer",
    "CustomerTag",
    "Note",
    "Passkey",
    "PasskeyChallenge",
    "PortalLogin",
    "PortalSession",
    "Tag",
]
