"""All models of the app, where Django looks for them."""

from billing.gateway.models import SandboxCharge, SandboxRefund
from billing.methods.models import PaymentMethod

__all__ = ["PaymentMethod", "SandboxCharge", "SandboxRefund"]
