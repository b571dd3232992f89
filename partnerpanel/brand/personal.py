"""A brand is the partner's, who is no customer of its own."""

from __future__ import annotations

from partnerpanel.brand.models import BrandLogo, BrandProfile
from partnerpanel.personal.registry import PersonalTable

PERSONAL = (
    PersonalTable(BrandLogo, plain=("content",)),
    PersonalTable(
        BrandProfile,
        plain=(
            "printed_name",
            "address",
            "ids",
            "footer",
            "sender_name",
            "accent",
            "number_prefix",
            "terms_url",
            "privacy_url",
            "imprint_url",
            "support_url",
        ),
    ),
)
