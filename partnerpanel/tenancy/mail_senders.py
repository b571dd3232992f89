"""Addresses of partners' own from which their mails come."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from partnerpanel.tenancy.models import MailSender


def mail_sender(partner_id: UUID) -> MailSender | None:
    """The partner's, proved or not."""
    return MailSender.objects.filter(partner=partner_id).first()


def broken_sender(partner_id: UUID) -> MailSender | None:
    """The partner's, where it was proved and is no more."""
    return MailSender.objects.filter(partner=partner_id, broken_at__isnull=False).first()


def all_senders() -> list[MailSender]:
    """Of all partners; those that were not looked at for longest first."""
    return list(MailSender.objects.order_by("looked_at", "id"))


def is_proved_elsewhere(domain: str, partner_id: UUID) -> bool:
    """Whether another partner's mails come from the domain."""
    return MailSender.objects.filter(domain=domain, proved_at__isnull=False).exclude(partner=partner_id).exists()


def lock_sender(partner_id: UUID) -> MailSender | None:
    """The partner's, until the transaction ends."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("A sender is locked inside a transaction.")
    return MailSender.objects.select_for_update().filter(partner=partner_id).first()
