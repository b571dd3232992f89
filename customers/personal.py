"""What customers' own tables keep of people."""

from __future__ import annotations

from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat, Right

from customers.models import Customer, CustomerTag, Note, Passkey, PasskeyChallenge, PortalLogin, PortalSession, Tag
from partnerpanel.personal.registry import PersonalTable

_ID = Cast("id", CharField(max_length=36))

PERSONAL = (
    PersonalTable(
        Customer,
        of="pk",
        erased={
            # Lists stay readable, and no two are alike.
            "name": Concat(Value("Erased "), Right(_ID, 6)),
            "name_key": Concat(Value("erased "), Right(_ID, 6)),
            "email": "",
            # One that no address has: each customer's is its own.
            "email_key": _ID,
            "region": "",
            "tax_id": "",
            "tax_exempt_for": "",
            "external_id": "",
        },
        # Where taxes were paid to, and how its days were counted, say the books too.
        plain=("country", "locale", "timezone"),
    ),
    PersonalTable(Note, of="customer_id", is_deleted=True),
    PersonalTable(CustomerTag, of="customer_id", is_deleted=True),
    # Nobody signs in any more: no address has such a key.
    PersonalTable(PortalLogin, of="customer_id", erased={"email": "", "email_key": _ID}),
    PersonalTable(Passkey, of="login__customer_id", is_deleted=True, secret=("credential_id", "credential")),
    PersonalTable(PasskeyChallenge, of="login__customer_id", is_deleted=True, secret=("challenge_hash",)),
    PersonalTable(PortalSession, of="login__customer_id", is_deleted=True, secret=("token_hash",)),
    PersonalTable(Tag, plain=("name",)),
)
