"""Links by which plans are sold: made and switched off by staff and programs."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from billing.rules.subscribing import LONGEST_TRIAL
from customers.rules.keys import email_key
from partnerpanel.actions.checkout.models import CheckoutLink
from partnerpanel.actions.permission import Permission, permit
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.errors import Conflict, DomainError, NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.addons import addon_exists
from subscriptions.queries.catalogue import plan_line
from subscriptions.queries.coupons import offer_of_code

_SHORT = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
MOST, MOST_USES = 1_000, 1_000_000


class InvalidLink(DomainError):
    """Something in it cannot be sold; the field says what."""

    code = "invalid_checkout_link"


class LinkTaken(Conflict):
    """Another page has this address, or the plan has a page of its own already."""

    code = "checkout_link_taken"


class LinkOff(Conflict):
    """It is switched off already."""

    code = "checkout_link_off"


@dataclass(frozen=True, slots=True)
class NewLink:
    """What a link offers. A public one is the plan's own page, at the short name `key`; others get a secret one."""

    plan_id: UUID
    is_public: bool = False
    key: str = ""
    note: str = ""
    trial_days: int = 0
    trial_needs_card: bool = True
    most_quantity: int = 1
    coupon: str = ""
    addons: tuple[tuple[UUID, int], ...] = ()
    email: str = ""
    terms_url: str = ""
    until_at: datetime | None = None
    most_uses: int | None = None


def create_link(new: NewLink, *, actor: Actor, now: datetime) -> UUID:
    """Raises Forbidden, NotFound, InvalidLink naming the field, LinkTaken."""
    permit(actor, Permission.EDIT_CATALOGUE)
    with tenant(actor.partner_id):
        _refuse(new, actor.partner_id, now)
        row = CheckoutLink(
            partner_id=actor.partner_id,
            plan_id=new.plan_id,
            key=new.key or secrets.token_urlsafe(16),
            is_public=new.is_public,
            note=" ".join(new.note.split()),
            trial_days=new.trial_days,
            trial_needs_card=new.trial_needs_card,
            most_quantity=new.most_quantity,
            coupon=new.coupon.strip(),
            addons=[[str(id_), quantity] for id_, quantity in new.addons],
            email=new.email.strip(),
            email_key=email_key(new.email),
            terms_url=new.terms_url,
            until_at=new.until_at,
            most_uses=new.most_uses,
            created_at=now,
        )
        row.save(force_insert=True)
        _tell(row, "created", actor=actor, now=now)
        made: UUID = row.pk
    return made


def switch_off(link_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Nobody orders by it any more; what is ordered goes on. Raises Forbidden, NotFound, LinkOff."""
    permit(actor, Permission.EDIT_CATALOGUE)
    with tenant(actor.partner_id):
        row = CheckoutLink.objects.for_partner(actor.partner_id).select_for_update().filter(pk=link_id).first()
        if row is None:
            raise NotFound("There is no such checkout link.", field="link")
        if row.off_at is not None:
            raise LinkOff(_("It is switched off already."), field="link")
        row.off_at, row.version = now, row.version + 1
        row.save(update_fields=["off_at", "version"])
        _tell(row, "switched_off", actor=actor, now=now)


def link_named(partner_id: UUID, link_id: UUID) -> CheckoutLink:
    """In the open scope. Raises NotFound."""
    row = CheckoutLink.objects.for_partner(partner_id).filter(pk=link_id).first()
    if row is None:
        raise NotFound("There is no such checkout link.", field="link")
    return row


def links_of(partner_id: UUID, plan_id: UUID) -> Sequence[CheckoutLink]:
    """In the open scope: the plan's own page first, then the newest; those that are switched off last."""
    rows = CheckoutLink.objects.for_partner(partner_id).filter(plan=plan_id)
    return sorted(rows.order_by("-created_at", "-pk"), key=lambda row: (row.off_at is not None, not row.is_public))


def _tell(row: CheckoutLink, what: str, *, actor: Actor, now: datetime) -> None:
    data = {"plan": str(row.plan_id), "public": row.is_public}
    draft = EventDraft(f"checkout_link.{what}", "checkout_link", row.pk, row.version, data=data)
    record([draft], actor=actor, action_id=uuid7(), now=now)


def _refuse(new: NewLink, partner_id: UUID, now: datetime) -> None:
    plan = plan_line(partner_id, new.plan_id)
    if not plan.is_sellable:
        raise InvalidLink(_("This plan is archived and not sold any more."), field="plan")
    if not plan.prices:
        raise InvalidLink(_("This plan has no price."), field="plan")
    _refuse_address(new, partner_id)
    if len(new.note) > 80:
        raise InvalidLink(_("A note has at most 80 letters."), field="note")
    if not 0 <= new.trial_days <= LONGEST_TRIAL:
        raise InvalidLink(_("A trial lasts at most %(n)s days.") % {"n": LONGEST_TRIAL}, field="trial_days")
    _refuse_limits(new, now)
    _refuse_parts(new, partner_id)


def _refuse_address(new: NewLink, partner_id: UUID) -> None:
    rows = CheckoutLink.objects.for_partner(partner_id)
    if new.is_public and not _SHORT.fullmatch(new.key):
        raise InvalidLink(_("Write 1 to 40 small letters, digits and dashes."), field="key")
    if new.key and rows.filter(key=new.key).exists():
        raise LinkTaken(_("Another page has this address. Choose another one."), field="key")
    if new.is_public and rows.filter(plan=new.plan_id, is_public=True, off_at=None).exists():
        raise LinkTaken(_("This plan has its page already. Switch that off first."), field="plan")


def _refuse_limits(new: NewLink, now: datetime) -> None:
    if not 1 <= new.most_quantity <= MOST:
        raise InvalidLink(_("A quantity is from 1 to 1,000."), field="most_quantity")
    if new.most_uses is not None and not 1 <= new.most_uses <= MOST_USES:
        raise InvalidLink(_("A number of uses is from 1 to 1,000,000."), field="most_uses")
    if new.until_at is not None and new.until_at <= now:
        raise InvalidLink(_("This instant is over."), field="until_at")


def _refuse_parts(new: NewLink, partner_id: UUID) -> None:
    if new.coupon.strip() and offer_of_code(partner_id, new.coupon.strip(), ()) is None:
        raise InvalidLink(_("There is no coupon with this code."), field="coupon")
    if new.email.strip():
        try:
            validate_email(new.email.strip())
        except ValidationError:
            raise InvalidLink(_("Write an address such as anna@example.com."), field="email") from None
    if new.terms_url and (urlsplit(new.terms_url).scheme != "https" or len(new.terms_url) > 300):
        raise InvalidLink(_("Write an address that begins with https://."), field="terms_url")
    for id_, quantity in new.addons:
        if not addon_exists(partner_id, id_):
            raise NotFound(_("There is no such add-on."), field="addons")
        if not 1 <= quantity <= MOST:
            raise InvalidLink(_("A quantity is from 1 to 1,000."), field="addons")
