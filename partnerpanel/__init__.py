"""PartnerPanel: subscription management for resellers."""

from partnerpanel.celery import app as celery_app

__all__ = ["celery_app"]
