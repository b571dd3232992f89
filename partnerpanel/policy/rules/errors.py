"""What is said of a policy that cannot be."""

from __future__ import annotations

from partnerpanel.kernel.errors import DomainError


class InvalidPolicy(DomainError):
    """A key or value that no policy has; `field` is the dotted key, the message says what is allowed."""

    code = "invalid_policy"
