"""Addresses that there are none of: a problem document like every other refusal, and no page."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from partnerpanel.api.operations import Operation
from partnerpanel.api.views import ApiView
from partnerpanel.kernel.errors import NotFound


class Unknown(ApiView):
    """Any method; whoever has no key learns no more than that."""

    schema = None

    @classmethod
    def operation(cls, method: str) -> Operation:
        """Nothing describes it."""
        return Operation(f"unknown_{method.lower()}", "No such address", "unknown")

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise NotFound("There is no such address.")

    def get(self, _request: Request) -> None:
        """Never reached."""

    post = patch = delete = get
